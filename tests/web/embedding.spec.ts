/** The embedding view: the test set in the plane, by class or mistake, with hover and lasso. */
import { expect, test } from './fixtures';
import { axeFindings } from './looks';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=1200&test=300&tab=embedding';

test('the test set is laid out by PCA and by UMAP; a drawn line shows the images inside it', async ({ lab, page }) => {
  await lab.open(RUN);
  await expect(page.getByText('Nothing to show yet')).toBeVisible();
  await lab.start();
  await lab.finished();
  await lab.button('Lay out').click();
  const scatter = page.locator('lab-scatter');
  await expect(scatter).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('300 images by the 196 values of flatten')).toBeVisible();
  await expect(page.getByText('at equal distances in the set')).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Test images' }).locator('option:checked')).toHaveText('all 300');
  expect(await axeFindings(page)).toEqual([]);
  const points = () => scatter.evaluate((one) => [...(one as unknown as { points: Float32Array }).points]);
  const pca = await points();
  expect(pca).toHaveLength(600);
  await page.getByRole('radio', { name: 'UMAP' }).check({ force: true });
  await expect.poll(points, { timeout: 60_000 }).not.toEqual(pca);
  // Neighbours are of the same class much more often than by chance.
  const share = await scatter.evaluate((one) => {
    const { points, dots } = one as unknown as { points: Float32Array; dots: { color: string }[] };
    const distance = (a: number, b: number) =>
      Math.hypot((points[2 * a] ?? 0) - (points[2 * b] ?? 0), (points[2 * a + 1] ?? 0) - (points[2 * b + 1] ?? 0));
    const same = dots.filter(({ color }, i) => {
      let best = i === 0 ? 1 : 0;
      for (let j = 0; j < dots.length; j += 1) if (j !== i && distance(i, j) < distance(i, best)) best = j;
      return dots[best]?.color === color;
    });
    return same.length / dots.length;
  });
  expect(share).toBeGreaterThan(0.5);

  // The mouse names the image under it, and shows it below the plot.
  await scatter.scrollIntoViewIfNeeded();
  const under = page.locator('lab-embedding-view .under');
  await expect(under).toHaveText('');
  const target = await scatter.evaluate((one) => {
    const { points } = one as unknown as { points: Float32Array };
    const canvas = one.shadowRoot?.querySelector('canvas')?.getBoundingClientRect() ?? new DOMRect();
    // The plot leaves a margin of 18 pixels.
    return {
      x: canvas.left + 19 + (points[0] ?? 0) * (canvas.width - 38),
      y: canvas.top + 19 + (1 - (points[1] ?? 0)) * (canvas.height - 38),
    };
  });
  await page.mouse.move(target.x, target.y, { steps: 3 });
  await expect(under).toHaveText(/^\s*Test image \d+: \d( → \d)?\s*$/);
  await expect(under.locator('lab-image')).toBeVisible();
  await page.mouse.move(2, 2);
  await expect(under).toHaveText('');

  await page.getByRole('radio', { name: 'By mistake' }).check({ force: true });
  await expect(page.locator('.legend li')).toHaveText(['right', 'wrong']);
  await page.getByRole('radio', { name: 'Images' }).check({ force: true });
  await scatter.scrollIntoViewIfNeeded();
  const box = await scatter.boundingBox();
  if (!box) throw new Error('the plot is not there');
  const [x, y] = [box.x + 2, box.y + 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const [dx, dy] of [
    [box.width - 4, 0],
    [box.width - 4, box.height - 4],
    [0, box.height - 4],
  ] as const)
    await page.mouse.move(x + dx, y + dy, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByText(/^\s*300 images selected, \d+ mistakes? among them/)).toBeVisible();
  await expect(page.locator('.chosen figure')).toHaveCount(36);

  // The keyboard goes from point to point.
  await scatter.locator('canvas').focus();
  await page.keyboard.press('ArrowRight');
  await expect(scatter.locator('[aria-live]')).toHaveText(/^Test image 0: /);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^\s*1 image selected/)).toBeVisible();
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByText('No image selected.')).toBeVisible();
});

test('a part of the test set is spread over it, and says so', async ({ lab, page }) => {
  await lab.open(RUN.replace('test=300', 'test=900'));
  await lab.start();
  await lab.finished();
  await page.getByRole('combobox', { name: 'Test images' }).selectOption('300');
  await lab.button('Lay out').click();
  await expect(page.getByText('300 of the 900 test images, at equal distances in the set.')).toBeVisible({
    timeout: 60_000,
  });
  const canvas = page.locator('lab-scatter canvas');
  await canvas.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('lab-scatter [aria-live]')).toHaveText(/^Test image 0: /);
  await page.getByRole('combobox', { name: 'Test images' }).selectOption({ label: 'all 900' });
  await lab.button('Lay out').click();
  await expect(page.getByText('900 images by the 196 values of flatten')).toBeVisible({ timeout: 60_000 });
});
