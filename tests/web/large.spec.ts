/** Documents that are too deep or too long get one clear error, and a run of very many epochs never blocks the page. */
import { truncateSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, type LabPage, test } from './fixtures';

const OPEN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=50';

const EXPERIMENT = {
  name: 'large',
  dataset: { name: 'synthetic_digits', limit: { train: 100, test: 20 } },
  input_shape: [28, 28, 1],
  layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'sgd', learning_rate: 0.01 },
  batch_size: 20,
  epochs: 1,
};

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
/** The experiment as text, with one more member. */
const withMember = (member: string): string => JSON.stringify(EXPERIMENT).replace(/\}$/, `, ${member}}`);

const DOCUMENTS: [what: string, text: string, error: RegExp][] = [
  ['a value 1,500 levels deep', withMember(`"seed": ${deep(1500)}`), /nested 1501 levels deep/],
  [
    'a layer 1,500 levels deep',
    withMember(`"layers": [{"type": "flatten", "x": ${deep(1500)}}]`),
    /nested 1503 levels deep/,
  ],
  [
    'lists 100,000 levels deep',
    withMember(`"seed": ${'['.repeat(1e5)}${']'.repeat(1e5)}`),
    /nested 100001 levels deep/,
  ],
  ['brackets that never close', '['.repeat(1e6), /nested 1000000 levels deep/],
  ['a depth that the page would read, but nothing in it', withMember(`"seed": ${deep(120)}`), /seed/],
];

async function stillTrains(lab: LabPage): Promise<void> {
  await lab.tab('Run');
  await lab.start();
  await lab.finished();
}

test('documents that are too deep, in the editor', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(`${OPEN}&tab=model`);
  const error = page.locator('lab-experiment-editor .error');
  for (const [what, text, expected] of DOCUMENTS) {
    const files = [{ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) }];
    await page.locator('lab-experiment-editor input[type=file]').setInputFiles(files);
    await expect(error, what).toHaveText(expected);
    expect((await error.innerText()).length, what).toBeLessThan(400);
    await page.locator('lab-experiment-editor').getByRole('button', { name: 'Discard' }).click();
  }
  await stillTrains(lab);
});

test('documents that are too deep, as the experiment of an element', async ({ lab, page }) => {
  const [[, text]] = DOCUMENTS as [[string, string, RegExp]];
  const html = `<!doctype html><title>x</title><link rel="icon" href="./favicon.svg">
    <script type="module" src="./conv-lab.js"></script><conv-lab compact experiment='${text}'></conv-lab>`;
  lab.site.extra.set('deep.html', Buffer.from(html));
  await page.goto(`${lab.site.url}deep.html`);
  await lab.expectMessage(/experiment of <conv-lab> is not valid JSON: it is nested 1501 levels deep/);
});

/** The longest time in milliseconds for which the page could not react, from now on: a figure to read, since it depends on the machine. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const longest = { ms: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
    }).observe({ type: 'longtask' });
    Object.assign(window, { longest });
  });
  return () => page.evaluate(() => (window as unknown as { longest: { ms: number } }).longest.ms);
}

function longRun(epochs: number): string {
  const rows = Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    loss: 2 / (i + 1) + 0.1 * Math.abs(Math.sin(i)),
    accuracy: 0.5,
    val_loss: 2,
    val_accuracy: 0.4 + 0.1 * Math.sin(i / 1000),
    learning_rate: 0.01,
    seconds: 0.5,
  }));
  return JSON.stringify({
    experiment: { ...EXPERIMENT, epochs },
    epochs: rows,
    learning_rates: rows.map(() => 0.01),
    engine: 'cpu',
    device: 'CPU, 2 threads',
    build: 'simd128',
    seed: 0,
  });
}

test('a run of 100,000 epochs is loaded and compared without blocking the page', async ({ lab, page }, info) => {
  test.setTimeout(240_000);
  const path = info.outputPath('long.json');
  writeFileSync(path, longRun(100_000));
  await lab.open(`${OPEN}&tab=compare`);
  const longest = await watchTasks(page);
  await page.locator('lab-runs-table input[type=file]').setInputFiles(path);
  const row = page.locator('lab-runs-table tbody tr').first();
  await expect(row).toContainText('100,000', { timeout: 60_000 });
  // Its figures are of all epochs.
  await expect(page.locator('lab-compare-table tbody').last()).toContainText('100,000', { timeout: 60_000 });
  // Read before the table is searched, which takes the test longer than the page.
  info.annotations.push({ type: 'longest task', description: `${await longest()} ms` });
  await page.locator('lab-chart-table summary').click();
  await expect(page.locator('lab-chart-table tbody tr')).toHaveCount(200);
  await page.locator('lab-chart-table').getByRole('button', { name: 'Last', exact: true }).click();
  await expect(page.locator('lab-chart-table tbody tr').last()).toContainText('100000');

  // The next visit reads it from the browser's storage.
  await page.reload();
  await expect(row).toContainText('100,000', { timeout: 30_000 });
  const held = await page.evaluate(() => {
    const { lab } = document.querySelector('conv-lab') as unknown as {
      lab: { runs: { list: { epochs: object[] }[] } };
    };
    return lab.runs.list[0]?.epochs.length;
  });
  expect(held, 'the page holds some of the epochs').toBeLessThanOrEqual(2001);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: /Download|Save/ }).click(),
  ]);
  expect(await file.failure()).toBeNull();
  await stillTrains(lab);
});

test('files that are too large are refused by their size, with the limit, and take no memory', async ({
  lab,
  page,
}, info) => {
  await lab.open(`${OPEN}&tab=data`);
  // Sparse: they take no space on the disk.
  const sparse = (name: string, gibibytes: number): string => {
    const path = info.outputPath(name);
    writeFileSync(path, '');
    truncateSync(path, gibibytes * 2 ** 30);
    return path;
  };
  await page.locator('lab-drop-zone input[name=files]').setInputFiles(sparse('train-images-idx3-ubyte', 3));
  await lab.expectMessage('train-images-idx3-ubyte: a file of this kind has at most 84 MiB. Received: 3072 MiB');
  await lab.tab('Results');
  await page.getByLabel('Load weights…').last().setInputFiles(sparse('big.onnx', 2));
  await lab.expectMessage('big.onnx: a file of this kind has at most 1024 MiB. Received: 2048 MiB');
  await page.getByLabel('Continue from a checkpoint file…').last().setInputFiles(sparse('big.safetensors', 3));
  await lab.expectMessage(/big\.safetensors: this is not a whole safetensors file.*Received: 3221225472 bytes/);
  await lab.tab('Compare');
  await page.locator('lab-runs-table input[type=file]').setInputFiles(sparse('run.json', 1));
  await lab.expectMessage('run.json: a file of this kind has at most 256 MiB. Received: 1024 MiB');
  await stillTrains(lab);
});
