/** A student's session: official files dropped on the page, a run on each engine, its curves, table and results. */
import { readFileSync } from 'node:fs';
import { MNIST_NAMES, realFiles } from './files';
import { expect, needsGpu, skipLoudly, test } from './fixtures';

const mnist = realFiles('mnist', MNIST_NAMES);
const cifar =
  realFiles('cifar10', ['cifar-10-binary-small.tar.gz']) ?? realFiles('cifar10', ['cifar-10-binary.tar.gz']);

/** A software GPU is slow, so it gets few images, but enough to learn from. */
const ENGINES = [
  { engine: 'cpu', train: 2000, testCount: 500, epochs: 2, batch: 20, atLeast: 0.75 },
  { engine: 'gpu', train: 800, testCount: 200, epochs: 2, batch: 10, atLeast: 0.5 },
];

for (const { engine, train, testCount, epochs, batch, atLeast } of ENGINES) {
  test(`official MNIST files, dropped, train on ${engine}`, async ({ lab, page }) => {
    skipLoudly(mnist === null, 'no MNIST files (set CONVLAB_DATA)');
    await lab.open(
      `?experiment=mnist-10&engine=${engine}&epochs=${epochs}&batch=${batch}&train=${train}&test=${testCount}`,
    );
    if (engine === 'gpu') await needsGpu(page);
    await lab.drop(mnist ?? []);
    await expect(page.getByText('MNIST: 60,000 training and 10,000 test images')).toBeVisible({ timeout: 30_000 });

    await lab.tab('Data');
    await expect(page.locator('lab-image-grid figure')).toHaveCount(25);
    // The first labels of the official training file.
    const names = await page.locator('lab-image-grid figcaption').allInnerTexts();
    expect(names.slice(0, 10)).toEqual(['5', '0', '4', '1', '9', '2', '1', '3', '1', '4']);

    await lab.tab('Run');
    await lab.start();
    await expect.poll(async () => Math.min(...(await lab.curvePixels())), { timeout: 30_000 }).toBeGreaterThan(50);
    const early = await lab.curvePixels();
    await lab.finished();
    const late = await lab.curvePixels();
    for (const [i, pixels] of late.entries()) expect(pixels).toBeGreaterThan(early[i] ?? 0);

    const rows = await lab.epochs();
    expect(rows).toHaveLength(epochs);
    const [first, last] = [rows[0] ?? [], rows.at(-1) ?? []];
    expect(last[1], 'the loss falls').toBeLessThan(first[1] ?? 0);
    expect(last[2], 'the accuracy rises').toBeGreaterThan(first[2] ?? 1);
    expect((await lab.tile('Test accuracy')) / 100).toBeGreaterThan(atLeast);
    await expect(page.locator('lab-run-view .facts')).toContainText(engine === 'cpu' ? 'CPU' : 'WebGPU');

    await lab.tab('Results');
    await expect(page.locator('lab-confusion tbody td')).toHaveCount(100);
    const cells = await page.locator('lab-confusion tbody td').allInnerTexts();
    expect(cells.reduce((sum, cell) => sum + Number(cell || 0), 0)).toBe(testCount);
    await lab.tab('Predictions');
    // The first official test image is a seven.
    await expect(page.locator('lab-prediction .verdict')).toContainText('7');
    const shares = await page.locator('lab-prediction lab-bars .number').allInnerTexts();
    expect(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0)).toBeCloseTo(100, -0.5);
  });
}

const CIFAR_RUNS = [
  { engine: 'cpu', train: 1500, testCount: 300, batch: 64 },
  { engine: 'gpu', train: 640, testCount: 100, batch: 32 },
];

for (const { engine, train, testCount, batch } of CIFAR_RUNS) {
  test(`CIFAR-10’s archive, dropped, trains net-1 on ${engine}`, async ({ lab, page }) => {
    skipLoudly(cifar === null, 'no CIFAR-10 archive (set CONVLAB_DATA)');
    await lab.open(`?experiment=net-1&engine=${engine}&epochs=2&batch=${batch}&train=${train}&test=${testCount}`);
    if (engine === 'gpu') await needsGpu(page);
    await lab.drop(cifar ?? []);
    await expect(page.getByText(/CIFAR-10.*: [\d,]+ training and [\d,]+ test images/)).toBeVisible({ timeout: 60_000 });
    await lab.start();
    await lab.finished();
    const [first, second] = await lab.epochs();
    expect(second?.[1], 'the loss falls').toBeLessThan(first?.[1] ?? 0);
    expect(second?.[2], 'the accuracy rises').toBeGreaterThan(first?.[2] ?? 1);
    await lab.tab('Data');
    await expect(page.locator('lab-bars').getByText('airplane')).toBeVisible();
  });
}

test('training on synthetic data starts immediately, and all files of the run can be downloaded', async ({
  lab,
  page,
}) => {
  await lab.open('?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&train=1500&test=300');
  await expect(page.locator('lab-setup .badge', { hasText: 'synthetic' })).toBeVisible();
  await lab.start();
  await lab.finished();
  const rows = await lab.epochs();
  expect(rows[2]?.[2]).toBeGreaterThan((rows[0]?.[2] ?? 1) + 0.1);

  await lab.tab('Results');
  const save = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), lab.button(name).click()]);
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const weights = await save('Weights (safetensors)');
  expect(weights.name).toBe('mnist-10.safetensors');
  const header = JSON.parse(weights.bytes.subarray(8, 8 + Number(weights.bytes.readBigUInt64LE(0))).toString());
  expect(header['conv2d.kernel']).toMatchObject({ dtype: 'F32', shape: [7, 7, 1, 16] });
  expect(weights.bytes.length).toBeGreaterThan(6270 * 4);

  const csv = (await save('History (CSV)')).bytes.toString().trim().split('\n');
  expect(csv).toHaveLength(4);
  expect(csv[0]).toBe('epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds');
  const history = JSON.parse((await save('History (JSON)')).bytes.toString());
  expect(history.epochs).toHaveLength(3);
  expect(history.experiment.dataset.name).toBe('synthetic_digits');
  expect(history.epochs[0].loss).toBeCloseTo(rows[0]?.[1] ?? 0, 3);
});

test('the same seed gives the same figures, another seed gives others', async ({ lab }) => {
  const query = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=300&test=100';
  const figures: string[] = [];
  for (const seed of [1, 1, 2]) {
    await lab.open(`${query}&seed=${seed}`);
    await lab.start();
    await lab.finished();
    figures.push((await lab.epochs()).flat().slice(1, 5).join(' '));
  }
  expect(figures[1]).toBe(figures[0]);
  expect(figures[2]).not.toBe(figures[0]);
});
