/** Predictions of the test set, by image and by true and predicted class, and of a student's own images. */
import type { Page } from '@playwright/test';
import { expect, type LabPage, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=2&train=1500&test=300&tab=results';

async function trained(lab: LabPage): Promise<void> {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
}

test('a cell of the confusion matrix opens its images, and their number is the count in the cell', async ({
  lab,
  page,
}) => {
  await trained(lab);
  await expect(page.locator('lab-confusion tbody td')).toHaveCount(100);
  const counts = (await page.locator('lab-confusion tbody td').allInnerTexts()).map(Number);
  const [cell = 0] = counts
    .map((count, i) => [count, i] as const)
    .reduce((a, b) => (b[0] > a[0] && b[1] % 11 !== 0 ? b : a), [0, 0] as readonly [number, number])
    .slice(1);
  expect(counts[cell], 'a small net makes mistakes').toBeGreaterThan(0);
  await page.locator('lab-confusion tbody td').nth(cell).click();
  await expect(page.getByRole('tab', { name: 'Predictions' })).toHaveAttribute('aria-selected', 'true');
  const images = page.locator('lab-gallery .grid button');
  await expect(images).toHaveCount(Math.min(24, counts[cell] ?? 0));
  const [truth, prediction] = [Math.floor(cell / 10), cell % 10];
  for (const label of await images.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))) {
    expect(label).toMatch(new RegExp(`: ${truth}, predicted as ${prediction}\\)`));
  }
});

test('the most confident mistakes come first, and each opens with all its probabilities', async ({ lab, page }) => {
  await trained(lab);
  await lab.tab('Predictions');
  await expect(page.getByText('Test image 0', { exact: true })).toBeVisible();
  const images = page.locator('lab-gallery .grid button');
  await expect(images.first()).toBeVisible();
  const sure = (await images.locator('.number').allInnerTexts()).map(Number.parseFloat);
  expect(sure).toEqual([...sure].sort((a, b) => b - a));
  const [, index, truth, prediction] =
    /test image ([\d,]+): (\d), predicted as (\d)/.exec((await images.first().getAttribute('aria-label')) ?? '') ?? [];
  expect(truth).not.toBe(prediction);
  await images.first().click();
  await expect(page.getByText(`Test image ${index}`, { exact: true })).toBeVisible();
  await expect(page.locator('lab-prediction .verdict')).toContainText(
    `the network predicts “${prediction}”, but it is “${truth}”`,
  );

  await page.getByRole('combobox', { name: 'True class' }).selectOption('3');
  await page.getByRole('combobox', { name: 'Predicted class' }).selectOption('3');
  await expect(images.first()).toHaveAttribute('aria-label', /: 3, predicted as 3/);
});

test('a digit drawn by hand is centred and predicted, and can be erased', async ({ lab, page }) => {
  await trained(lab);
  await lab.tab('Predictions');
  const board = page.locator('lab-drawing-board canvas');
  await board.scrollIntoViewIfNeeded();
  const box = await board.boundingBox();
  if (!box) throw new Error('no board');
  // A one, far from the middle.
  await page.mouse.move(box.x + 0.8 * box.width, box.y + 0.2 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.8 * box.width, box.y + 0.8 * box.height, { steps: 8 });
  await page.mouse.up();
  await expect(page.locator('lab-own-image .verdict')).toContainText('The network predicts');
  const shares = await page.locator('lab-own-image lab-bars .number').allInnerTexts();
  expect(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)).toBeCloseTo(100, -0.5);
  const seen = await page.locator('lab-own-image lab-image canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, 28, 28) ?? { data: [] };
    return [...Array(784).keys()].filter((i) => (data[4 * i] ?? 0) > 128).map((i) => i % 28);
  });
  expect(Math.min(...seen)).toBeGreaterThan(9);
  expect(Math.max(...seen)).toBeLessThan(18);
  await lab.button('Clear').click();
  await expect(page.locator('lab-own-image .verdict')).toHaveCount(0);
});

test('an image file is predicted; another file gives an error message', async ({ lab, page }) => {
  await trained(lab);
  await lab.tab('Predictions');
  const image = Buffer.from(
    await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(300, 200);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.fillStyle = '#eee';
      context.fillRect(0, 0, 300, 200);
      context.fillStyle = '#123';
      context.fillRect(40, 30, 20, 120);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    }),
  );
  const picker = page.locator('lab-own-image input[type=file]');
  const answer = page.locator('lab-own-image .verdict');
  const modules: string[] = [];
  page.on('request', (request) => request.url().endsWith('.wasm') && modules.push(request.url()));
  await picker.setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: image });
  await expect(answer).toContainText('The network predicts');
  expect(modules, 'the reader of data sets').toHaveLength(1);
  await picker.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not an image') });
  await expect(page.locator('lab-own-image [role=alert]')).toContainText('“notes.txt” is not an image');
  await expect(answer, 'the former answer is gone').toHaveCount(0);
});

/** What a network of digits gets of a file: how many pixels are bright, and of these the extent in x and y. */
async function seen(page: Page): Promise<{ bright: number; width: number; height: number }> {
  return page.locator('lab-own-image lab-image canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, 28, 28) ?? { data: [] };
    const bright = [...Array(784).keys()].filter((i) => (data[4 * i] ?? 0) > 128);
    const extent = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
    const [xs, ys] = [bright.map((i) => i % 28), bright.map((i) => Math.floor(i / 28))];
    return { bright: bright.length, width: extent(xs), height: extent(ys) };
  });
}

/** An L of the given colours, as an image file. */
async function drawn(page: Page, ground: string, ink: string, type = 'image/png'): Promise<Buffer> {
  const bytes = await page.evaluate(
    async ({ ground, ink, type }) => {
      const canvas = new OffscreenCanvas(300, 200);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.fillStyle = ground;
      context.fillRect(0, 0, 300, 200);
      context.fillStyle = ink;
      context.fillRect(100, 40, 20, 120);
      context.fillRect(100, 140, 60, 20);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.9 })).arrayBuffer())];
    },
    { ground, ink, type },
  );
  return Buffer.from(bytes);
}

test('strokes on a transparent ground and faint photographs are read; an empty image takes the answer away', async ({
  lab,
  page,
}) => {
  await trained(lab);
  await lab.tab('Predictions');
  const picker = page.locator('lab-own-image input[type=file]');
  const answer = page.locator('lab-own-image .verdict');
  const empty = { name: 'empty.png', mimeType: 'image/png', buffer: await drawn(page, '#fff', '#fff') };
  const transparent = 'rgba(0, 0, 0, 0)';
  for (const [name, ground, ink, type] of [
    ['white on transparent', transparent, '#fff', 'image/png'],
    ['black on transparent', transparent, '#000', 'image/png'],
    ['pale on transparent', transparent, '#ffd', 'image/webp'],
    ['faint photograph', 'rgb(205, 203, 198)', 'rgb(193, 192, 188)', 'image/jpeg'],
  ] as const) {
    const buffer = await drawn(page, ground, ink, type);
    await picker.setInputFiles({ name: `${name}.${type.slice(6)}`, mimeType: type, buffer });
    await expect(answer, name).toContainText('The network predicts');
    const { bright, width, height } = await seen(page);
    expect(height, name).toBe(20);
    expect(Math.abs(width - 10), name).toBeLessThanOrEqual(1);
    expect(bright, name).toBeLessThan(120);
    await picker.setInputFiles(empty);
    await expect(page.locator('lab-own-image [role=alert]')).toContainText('There is no digit in this image');
    await expect(answer, 'the former answer is gone').toHaveCount(0);
  }
});

test('a filter works while the network trains, the chosen image stays at the end, and a new run begins without old predictions', async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  await lab.open(RUN.replace('epochs=2', 'epochs=40').replace('tab=results', 'tab=predictions'));
  await lab.start();
  const images = page.locator('lab-gallery .grid button');
  await lab.button('Predict the test set').click();
  await expect(images.first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Predicted class' }).selectOption('any');
  await page.getByRole('combobox', { name: 'True class' }).selectOption('3');
  await expect(images.first()).toHaveAttribute('aria-label', /: 3, predicted as \d\)/);
  await page.locator('lab-prediction').getByLabel('Number of the test image, from 0').fill('7');
  await page.locator('lab-prediction').getByLabel('Number of the test image, from 0').press('Enter');
  await expect(page.getByText('Test image 7', { exact: true })).toBeVisible();
  await lab.finished(120_000);
  await expect(page.getByText('Test image 7', { exact: true })).toBeVisible();

  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-4');
  await lab.start();
  await expect(page.getByRole('combobox', { name: 'True class' })).toHaveCount(0);
});
