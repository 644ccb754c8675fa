/** The data set of an experiment and the source of its validation images are chosen in the page. */
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { idx, images, npz } from './files';
import { expect, test } from './fixtures';

interface Chosen {
  dataset: unknown;
  input_shape: number[];
  layers: { units?: number }[];
}

const chosen = (page: Page) =>
  page.evaluate(
    () => document.querySelector<Element & { lab?: { document: unknown } }>('conv-lab')?.lab?.document,
  ) as Promise<Chosen>;

const outputs = async (page: Page) => (await chosen(page)).layers.findLast(({ units }) => units)?.units;

test('any experiment runs on any set, and the validation images are chosen', async ({ lab, page }) => {
  await lab.open('?experiment=mnist-10&engine=cpu&tab=data');
  const chooser = page.locator('lab-set-chooser');
  await chooser.getByLabel('Data set', { exact: true }).selectOption('cifar100');
  await expect.poll(async () => (await chosen(page)).input_shape).toEqual([32, 32, 3]);
  expect(await outputs(page)).toBe(100);
  await chooser.getByLabel('The test set').check();
  await expect.poll(async () => (await chosen(page)).dataset).toMatchObject({ name: 'cifar100', validation: 'test' });
  await chooser.getByLabel('A share').check();
  await chooser.getByLabel('Share in percent').fill('25');
  await chooser.getByLabel('Share in percent').press('Enter');
  await expect.poll(async () => (await chosen(page)).dataset).toMatchObject({ validation: { split: 0.25 } });
  await chooser.getByLabel('None').check();
  await expect.poll(async () => (await chosen(page)).dataset).toMatchObject({ name: 'cifar100', validation: null });
  await expect(chooser).toContainText('overfitting cannot be seen during the run');
});

test('a network of 18 layers trains on CIFAR-10 instead of CIFAR-100', async ({ lab, page }) => {
  await lab.open('?experiment=residual-18&engine=cpu&data=official&epochs=1&batch=4&tab=data');
  const chooser = page.locator('lab-set-chooser');
  expect(await outputs(page)).toBe(100);
  await chooser.getByLabel('Data set', { exact: true }).selectOption('cifar10');
  await expect.poll(() => outputs(page)).toBe(10);
  const file = (split: string) =>
    new URL(`../golden/tables/cifar10/${split}-00000-of-00001.parquet`, import.meta.url).pathname;
  await lab.drop([file('train'), file('test')]);
  await expect(page.getByRole('heading', { name: /^CIFAR-10 \(12 of 50000/ })).toBeVisible();
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  await expect(page.locator('lab-confusion tbody td')).toHaveCount(100);
});

test('EMNIST’s letters train, without validation images', async ({ lab, page }, info) => {
  await lab.open('?experiment=mnist-10&engine=cpu&data=official&epochs=1&tab=data');
  const chooser = page.locator('lab-set-chooser');
  await chooser.getByLabel('Data set', { exact: true }).selectOption('emnist/letters');
  await expect.poll(() => outputs(page)).toBe(26);
  await chooser.getByLabel('None').check();
  await expect.poll(async () => (await chosen(page)).dataset).toMatchObject({ split: 'letters', validation: null });
  const files = (['train', 'test'] as const).flatMap((split) => {
    const count = split === 'train' ? 260 : 52;
    const labels = Buffer.from(Array.from({ length: count }, (_, i) => 1 + (i % 26)));
    return [
      [`emnist-letters-${split}-images-idx3-ubyte.gz`, gzipSync(idx([count, 28, 28], images(count).pixels))],
      [`emnist-letters-${split}-labels-idx1-ubyte.gz`, gzipSync(idx([count], labels))],
    ] as [string, Buffer][];
  });
  await lab.dropBytes(files, info);
  await expect(page.getByRole('heading', { name: /^EMNIST Letters \(260 of 124800/ })).toBeVisible();
  await lab.start();
  await lab.finished();
  await lab.tab('Run');
  const [[, , accuracy] = []] = await lab.epochs();
  expect(accuracy).toBeGreaterThanOrEqual(0);
  const headings = await page.locator('lab-run-view .epochs thead th').allInnerTexts();
  expect(headings.length).toBeGreaterThan(2);
  expect(
    headings.filter((heading) => /val/i.test(heading)),
    'no column of validation',
  ).toEqual([]);
});

test('a set of MedMNIST brings its own validation images', async ({ lab, page }, info) => {
  await lab.open('?experiment=mnist-10&engine=cpu&data=official&epochs=1&tab=data');
  await page.getByLabel('Data set', { exact: true }).selectOption('medmnist');
  const part = (name: string, count: number) => ({
    [`${name}_images`]: { shape: [count, 28, 28], values: images(count).pixels },
    [`${name}_labels`]: { shape: [count, 1], values: Buffer.from(Array.from({ length: count }, (_, i) => i % 3)) },
  });
  const file = npz({ ...part('train', 90), ...part('val', 30), ...part('test', 60) });
  await lab.dropBytes([['smallmnist.npz', file]], info);
  const facts = page.locator('lab-data-view dl.terms').first();
  await expect(facts).toContainText(/Training images\s*90\s*Validation images\s*30\s*Test images\s*60/);
  await lab.button('Fit the network to this data').click();
  await expect.poll(() => outputs(page)).toBe(3);
  await lab.start();
  await lab.finished();
});
