/** The data set of an experiment and the source of its validation images are chosen in the page. */
import { expect, test } from './fixtures';

test('any experiment runs on any set, and the validation images are chosen', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
  const chooser = page.locator('lab-set-chooser');
  await chooser.getByLabel('Data set', { exact: true }).selectOption('cifar100');
  interface Chosen {
    dataset: unknown;
    input_shape: number[];
    layers: { units?: number }[];
  }
  const chosen = () =>
    page.evaluate(
      () => document.querySelector<Element & { lab?: { document: unknown } }>('conv-lab')?.lab?.document,
    ) as Promise<Chosen>;
  await expect.poll(async () => (await chosen()).input_shape).toEqual([32, 32, 3]);
  expect((await chosen()).layers.findLast(({ units }) => units)?.units).toBe(100);
  await chooser.getByLabel('The test set').check();
  await expect.poll(async () => (await chosen()).dataset).toMatchObject({ name: 'cifar100', validation: 'test' });
  await chooser.getByLabel('A share').check();
  await chooser.getByLabel('Share in percent').fill('25');
  await chooser.getByLabel('Share in percent').press('Enter');
  await expect.poll(async () => (await chosen()).dataset).toMatchObject({ validation: { split: 0.25 } });
});
