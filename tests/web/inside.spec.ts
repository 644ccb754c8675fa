/** The inside view: filters, activations, gradients and dead units over the run, histograms; before a run, during a pause and after. */
import type { Page } from '@playwright/test';
import { expect, type LabPage, test } from './fixtures';
import { axeFindings } from './looks';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=1200&test=200&tab=inside';

test('before a run there are the filters, maps, norms and weights of the untrained network; after it those of the run', async ({
  lab,
  page,
}) => {
  await lab.open(RUN);
  await expect(page.getByText('Not trained yet: the weights are random.')).toBeVisible();
  await expect(page.getByText('With the weights before the first step.').first()).toBeVisible();
  const untrained = page.getByRole('application', { name: 'Feature maps of conv2d: 16', exact: true });
  await expect(untrained).toBeVisible();
  await expect(page.getByRole('img', { name: 'Filters of conv2d' })).toBeVisible();
  await expect(page.getByRole('img', { name: /conv2d\.kernel: 784 values, mean/ })).toBeVisible();
  await expect(page.locator('lab-health-table tbody tr')).toHaveCount(4);
  const before = await untrained.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  // Another seed gives other weights.
  await page.getByRole('textbox', { name: 'Seed', exact: true }).fill('7');
  await page.getByRole('textbox', { name: 'Seed', exact: true }).press('Enter');
  await expect.poll(() => untrained.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).not.toBe(before);
  await lab.start();
  await expect(page.getByText('Not trained yet')).toHaveCount(0);
  await lab.finished();
  await expect(page.getByText('The network after 3 epochs.')).toBeVisible();
  await expect(page.getByText(/With the weights after step [\d,]+\./).first()).toBeVisible();
  // Sixteen filters of 7 × 7, one pixel between them.
  const filters = page.getByRole('img', { name: 'Filters of conv2d' });
  await expect(filters).toBeVisible();
  const [width, height] = await filters.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
  expect(((width ?? 0) / 8) * ((height ?? 0) / 8)).toBeGreaterThanOrEqual(16);

  await expect(page.getByRole('application', { name: 'Feature maps of conv2d: 16', exact: true })).toBeVisible();
  await expect(page.getByRole('application', { name: 'Feature maps of dense: 1', exact: true })).toBeVisible();
  const drawn = await page
    .getByRole('application', { name: 'Feature maps of conv2d: 16', exact: true })
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(data).size;
    });
  expect(drawn, 'the maps are not one colour').toBeGreaterThan(20);

  const rows = page.locator('lab-health-table tbody tr');
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('conv2d');
  expect(Number.parseFloat(await rows.first().locator('td').first().innerText())).toBeGreaterThan(0);
  // Before the first step and after each epoch.
  const points = await rows.first().locator('polyline').first().getAttribute('points');
  expect(points?.split(' ').length).toBeGreaterThanOrEqual(4);
  await expect(page.getByRole('img', { name: /conv2d\.kernel: 784 values, mean/ })).toBeVisible();
});

test('another image has other activations, and a pause shows the network at that moment', async ({ lab, page }) => {
  await lab.open(RUN.replace('epochs=3', 'epochs=50'));
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  const maps = page.getByRole('application', { name: 'Feature maps of conv2d: 16', exact: true });
  await expect(maps).toBeVisible();
  const image = () => maps.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  // The pause is followed by a new look at the network.
  let first = '';
  await expect
    .poll(
      async () => {
        const before = first;
        first = await image();
        return first === before;
      },
      { intervals: [500] },
    )
    .toBe(true);
  await lab.button('Next').click();
  await expect.poll(image).not.toBe(first);
  await expect(page.getByLabel('Number of the test image to look at, from 0')).toHaveValue('1');
  await lab.button('First').click();
  await expect.poll(image).toBe(first);
});

/** The value of the engine at the place whose arithmetic is shown, and the value that the panel computes. */
const shownArithmetic = (page: Page) =>
  page.locator('lab-arithmetic').evaluate((panel) => {
    const { layer, at } = panel as unknown as {
      at: number[];
      layer: { output: { values: Float32Array; shape: number[] } };
    };
    const index = at.reduce((sum, one, axis) => sum * (layer.output.shape[axis] ?? 1) + one, 0);
    const text = panel.shadowRoot?.querySelector('.result')?.textContent ?? '';
    return { at, engine: layer.output.values[index] ?? Number.NaN, computed: Number(text.trim().split(/[ :]/).at(-1)) };
  });

async function expectAgrees(page: Page): Promise<void> {
  const { engine, computed } = await shownArithmetic(page);
  expect(Math.abs(computed - engine), `${computed} and ${engine}`).toBeLessThanOrEqual(0.006 + 0.02 * Math.abs(engine));
}

/** Clicks a value in the maps of each kind of layer: two convolutions, two kinds of pooling, the dense layer with the softmax. */
async function expectArithmetic(page: Page): Promise<void> {
  const panel = page.locator('lab-arithmetic section');
  for (const at of [0, 1, 2, 5, 6]) {
    await page
      .locator('lab-activations lab-mosaic')
      .nth(at)
      .locator('canvas')
      .click({ position: { x: 21, y: 9 } });
    await expect(panel).toBeFocused();
    await expect(panel.locator('svg').first()).toBeVisible();
    await expectAgrees(page);
    const before = await shownArithmetic(page);
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await shownArithmetic(page)).at).not.toEqual(before.at);
    await expectAgrees(page);
  }
}

/** The images that a filter answers to most strongly come in the order of its peak. */
async function expectStrongest(lab: LabPage): Promise<void> {
  const { page } = lab;
  await page
    .locator('lab-activations lab-mosaic')
    .first()
    .locator('canvas')
    .click({ position: { x: 21, y: 9 } });
  await lab.button('Find them').click();
  const strongest = page.locator('lab-strongest figcaption');
  await expect(strongest).toHaveCount(9, { timeout: 60_000 });
  const peaks = (await strongest.allInnerTexts()).map(Number);
  expect(peaks).toEqual(peaks.toSorted((a, b) => b - a));
  expect(peaks[0]).toBeGreaterThan(0);
}

test('before training, too, a value has its arithmetic, and a filter the images that activate it most', async ({
  lab,
  page,
}) => {
  await lab.open(RUN);
  await expect(page.locator('lab-activations lab-mosaic')).toHaveCount(7, { timeout: 60_000 });
  await expectArithmetic(page);
  await expectStrongest(lab);
  expect(await axeFindings(page)).toEqual([]);
});

test('a click on a value shows its arithmetic, which agrees with the engine; arrow keys step on', async ({
  lab,
  page,
}) => {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  const mosaics = page.locator('lab-activations lab-mosaic');
  // By the keyboard alone: three values to the right, one down.
  await mosaics.nth(0).locator('canvas').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  await expect(mosaics.nth(0).locator('[aria-live]')).toHaveText(/^channel 0, row 1, column 3: /);
  await page.keyboard.press('Enter');
  await expect(page.locator('lab-arithmetic section')).toBeFocused();
  expect((await shownArithmetic(page)).at).toEqual([1, 3, 0]);
  await expectArithmetic(page);
  expect(await axeFindings(page)).toEqual([]);
  await expectStrongest(lab);

  // A window that is too large to be drawn: a sentence says so, and the result is there.
  await page.locator('lab-arithmetic').evaluate((panel) => {
    const values = Float32Array.from({ length: 400 }, (_, i) => i);
    Object.assign(panel, {
      at: [0],
      layer: {
        spec: { type: 'global_average_pooling2d' },
        inputs: [{ values, shape: [20, 20, 1] }],
        output: { values: Float32Array.of(199.5), shape: [1] },
        kernel: null,
        bias: null,
        logits: null,
      },
    });
  });
  await expect(page.locator('lab-arithmetic')).toContainText('The window has 400 values, too many to draw.');
  await expect(page.locator('lab-arithmetic .result')).toHaveText('The mean of the window: 200');
});

/** The three maps, for the predicted class and for another one. */
async function expectMaps(page: Page): Promise<void> {
  const card = page.locator('lab-explanation');
  const map = card.locator('lab-mosaic');
  const values = () => map.evaluate((one) => [...((one as unknown as { maps: number[][] }).maps[0] ?? [])]);
  const predicted = /\((\d)\)/.exec(await card.locator('option').first().innerText())?.[1];
  const other = predicted === '8' ? '7' : '8';
  for (const name of ['Saliency', 'Grad-CAM', 'Occlusion']) {
    const found: number[][] = [];
    for (const of of ['', other]) {
      await card.getByRole('combobox').selectOption(of);
      await card.getByRole('radio', { name }).check({ force: true });
      await card.getByRole('button', { name: 'Show the map' }).click();
      await expect(map).toBeVisible({ timeout: 60_000 });
      found.push(await values());
    }
    for (const one of found) expect(one).toHaveLength(28 * 28);
    expect(Math.max(...found.flat()), name).toBeGreaterThan(0);
    expect(found[0], `${name}: another class has another map`).not.toEqual(found[1]);
  }
}

test('before Start saliency, Grad-CAM and occlusion show maps of the untrained network, and say that it is untrained', async ({
  lab,
  page,
}) => {
  await lab.open(RUN);
  const card = page.locator('lab-explanation');
  await expect(card).toContainText('The network is not trained yet');
  await expectMaps(page);
  await card.getByRole('slider').fill('48');
  await expect(card.locator('.verdict')).toContainText(/(Now|Still) “\d” \([\d.]+.%\)/, { timeout: 30_000 });
  expect(await axeFindings(page)).toEqual([]);
  // A run takes the place of the untrained network, and its maps are others.
  await lab.start();
  await expect(card.locator('lab-mosaic')).toHaveCount(0);
  await lab.finished();
  await expect(card).not.toContainText('not trained yet');
});

test('after training saliency, Grad-CAM and occlusion show maps for any class; noise changes the prediction', async ({
  lab,
  page,
}) => {
  test.setTimeout(150_000);
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await expectMaps(page);
  const card = page.locator('lab-explanation');
  await card.getByRole('slider').fill('48');
  await expect(card.locator('.verdict')).toContainText(/Now “\d”.*no longer/, { timeout: 30_000 });
  await card.getByRole('slider').fill('0');
  await expect(card.locator('.verdict')).toContainText(/^\s*Still/);
});

test('an image of one’s own goes through the network: its arithmetic and its saliency', async ({ lab, page }) => {
  await lab.open(RUN.replace('tab=inside', 'tab=predictions'));
  await lab.start();
  await lab.finished();
  const board = page.locator('lab-drawing-board canvas');
  await board.scrollIntoViewIfNeeded();
  const box = await board.boundingBox();
  if (!box) throw new Error('no board');
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.2 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.8 * box.height, { steps: 8 });
  await page.mouse.up();
  const own = page.locator('lab-own-image lab-image');
  await expect(own).toBeVisible();
  const pixels = (image: Element) => [...((image as unknown as { pixels: Uint8Array }).pixels ?? [])];
  const drawn = await own.evaluate(pixels);
  expect(Math.max(...drawn)).toBeGreaterThan(200);

  await lab.tab('Inside');
  const shown = page.locator('lab-activations').getByRole('img', { name: 'the input image' });
  const input = page.locator('lab-activations lab-image');
  await expect(shown).toBeVisible();
  expect(await input.evaluate(pixels)).not.toEqual(drawn);
  await lab.button('My own image').click();
  await expect.poll(() => input.evaluate(pixels)).toEqual(drawn);
  await page
    .locator('lab-activations lab-mosaic')
    .first()
    .locator('canvas')
    .click({ position: { x: 12, y: 12 } });
  await expect(page.locator('lab-arithmetic section')).toBeFocused();
  await expectAgrees(page);

  const card = page.locator('lab-explanation');
  expect(await card.locator('lab-image').first().evaluate(pixels)).toEqual(drawn);
  await card.getByRole('button', { name: 'Show the map' }).click();
  const map = card.locator('lab-mosaic');
  await expect(map).toBeVisible({ timeout: 60_000 });
  const values = await map.evaluate((one) => [...((one as unknown as { maps: number[][] }).maps[0] ?? [])]);
  expect(Math.max(...values)).toBeGreaterThan(0);
});
