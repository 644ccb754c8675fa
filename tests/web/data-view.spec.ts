/** The data view: pixel values before and after scaling, merged classes, augmentation as the engine computes it. */
import { expect, type LabPage, test } from './fixtures';

const open = (lab: LabPage, experiment: string) =>
  lab.open(`?experiment=${experiment}&data=synthetic&engine=cpu&train=500&test=100&tab=data`);

test('pixel values are shown as in the files and as the network sees them', async ({ lab, page }) => {
  await open(lab, 'mnist-10');
  const range = page.locator('lab-pixel-range');
  await expect(range).toContainText(/0 to 255, mean \d+\.\d/);
  await expect(range).toContainText(/0 to 1, mean 0\.\d{3}/);
  const means = [...(await range.locator('.pair').innerText()).matchAll(/mean ([\d.]+)/g)].map(([, mean]) =>
    Number(mean),
  );
  expect(means[1]).toBeCloseTo((means[0] ?? 0) / 255, 2);
});

test('merged classes are drawn under their new names', async ({ lab, page }) => {
  await open(lab, 'mnist-4');
  const groups = page.locator('lab-merged-classes figure');
  await expect(groups).toHaveCount(4);
  await expect(groups.first()).toContainText('0+6');
  await expect(groups.nth(2).locator('lab-image')).toHaveCount(12);
});

test('a change of the augmentation is shown immediately, and epochs differ', async ({ lab, page }) => {
  await open(lab, 'mnist-10');
  const preview = page.locator('lab-augmentation-preview');
  const images = preview.locator('lab-image canvas');
  await expect(images).toHaveCount(7);
  await preview.getByRole('button', { name: 'Add random_translation' }).click();
  await expect(images).toHaveCount(35);
  const rows = () =>
    images.evaluateAll((all) =>
      [0, 7, 14].map((from) =>
        all
          .slice(from, from + 7)
          .map((one) => (one as HTMLCanvasElement).toDataURL())
          .join(),
      ),
    );
  const [original, first, second] = await rows();
  expect(first).not.toBe(original);
  expect(second).not.toBe(first);
  await preview.getByLabel('random_translation: height_factor').fill('0');
  await preview.getByLabel('random_translation: height_factor').press('Enter');
  await expect.poll(async () => (await rows())[1]).not.toBe(first);
  await lab.tab('Model');
  await expect(page.getByLabel('Experiment, as JSON')).toHaveValue(/random_translation/);
});
