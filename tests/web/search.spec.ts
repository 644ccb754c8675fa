/**
 * Searching: the range test proposes a rate that trains; a sweep is paused, broken off by a reload, and goes on; one that is discarded can
 * be restored. With the real MNIST where this machine has it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MNIST_NAMES, realFiles } from './files';
import { expect, type LabPage, skipLoudly, test } from './fixtures';
import { axeFindings, expectSound } from './looks';
import { CONVLAB } from './verify';

const mnist = realFiles('mnist', MNIST_NAMES);
if (!mnist) process.stderr.write('No real MNIST (set CONVLAB_DATA): searching is tested on synthetic digits.\n');

const OPEN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=400&test=100&epochs=3&tab=search';

/** Opens the search with the real files where there are any. */
async function openSearch(lab: LabPage): Promise<void> {
  if (!mnist) return lab.open(OPEN);
  await lab.open(OPEN.replace('&data=synthetic', '').replace('train=400', 'train=2000'));
  await lab.drop(mnist);
  await expect(lab.page.getByText('MNIST: 60,000 training and 10,000 test images')).toBeVisible({ timeout: 30_000 });
}

/** Twelve runs, of which some are hopeless. */
const SWEEP = {
  experiment: {
    name: 'sweep',
    dataset: {
      name: mnist ? 'mnist' : 'synthetic_digits',
      validation: { split: 0.2 },
      limit: { train: 600, test: 100 },
    },
    input_shape: [28, 28, 1],
    layers: [
      { type: 'conv2d', filters: 4, kernel_size: 5, activation: 'relu' },
      { type: 'max_pooling2d', pool_size: 4 },
      { type: 'flatten' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
    loss: 'sparse_categorical_crossentropy',
    optimizer: { type: 'sgd', learning_rate: 0.1 },
    batch_size: 32,
    epochs: 4,
  },
  grid: { 'optimizer.learning_rate': [0.1, 0.03, 0.001], 'layers.conv2d.filters': [4, 8] },
  seeds: [0, 1],
  early_termination: { type: 'median' },
};

interface Outcome {
  status: string;
  seconds: number;
}

const withoutSeconds = (outcomes: Outcome[]) => outcomes.map(({ seconds: _, ...rest }) => rest);

async function begin(lab: LabPage): Promise<void> {
  await lab.page.getByLabel('The sweep, as JSON').fill(JSON.stringify(SWEEP));
  await lab.button('Start the sweep').click();
}

test('the range test proposes a rate, and the proposal trains', async ({ lab, page }, info) => {
  await openSearch(lab);
  await lab.button('Test the rates').click();
  const proposal = page.locator('lab-range-test [role=status]');
  await expect(proposal).toContainText('Proposed learning rate', { timeout: 60_000 });
  const rate = Number(/rate: ([\d.e-]+)\./.exec(await proposal.innerText())?.[1]);
  expect(rate).toBeGreaterThan(1e-4);
  expect(rate).toBeLessThan(0.5);
  await page.locator('lab-range-test .plot').hover();
  await expect(page.locator('lab-range-test .key')).toContainText(/at a learning rate of [\d.e-]+:/);
  await expectSound(page, 'search', info);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.locator('lab-range-test').getByRole('button', { name: /^Use / }).click();
  await lab.tab('Model');
  const document = JSON.parse(await page.getByRole('textbox', { name: 'Experiment, as JSON' }).inputValue());
  expect(document.optimizer.learning_rate).toBe(rate);
  await lab.start();
  await lab.finished();
  await lab.tab('Run');
  const [first, , last] = await lab.epochs();
  expect(last?.[1]).toBeLessThan(first?.[1] ?? 0);
});

test('fields are added by the form, and mistakes are one sentence', async ({ lab, page }) => {
  await lab.open(OPEN);
  const editor = page.locator('lab-sweep-editor');
  await editor.getByLabel('Field').selectOption('optimizer.learning_rate');
  await editor.getByLabel('Values, separated by commas').fill('0.01, 0.001');
  await lab.button('Add the field').click();
  await editor.locator('[name=kind]').selectOption('int_uniform');
  await editor.getByLabel('Field').selectOption('layers.conv2d.filters');
  await editor.getByLabel('From, to').fill('4');
  await lab.button('Add the field').click();
  await lab.expectMessage('Two numbers are needed');
  await editor.getByLabel('From, to').fill('4, 8');
  await lab.button('Add the field').click();
  const document = JSON.parse(await page.getByLabel('The sweep, as JSON').inputValue());
  expect(document.grid).toEqual({ 'optimizer.learning_rate': [0.01, 0.001] });
  expect(document.random).toEqual({ 'layers.conv2d.filters': { int_uniform: [4, 8] } });
  expect(document.samples).toBe(8);
  await page.getByLabel('The sweep, as JSON').fill(JSON.stringify({ ...document, grid: { 'optimizer.rate': [1] } }));
  await lab.button('Start the sweep').click();
  await lab.expectMessage(/unknown field `rate`/);
});

test('a random sweep over a choice: time left, discarded and restored; its best values ask before they replace changes', async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  await lab.open(OPEN.replace('epochs=3', 'epochs=6'));
  const editor = page.locator('lab-sweep-editor');
  await editor.getByLabel('Field').selectOption('optimizer.type');
  await editor.locator('[name=kind]').selectOption('choice');
  await lab.button('Add the field').click();
  await lab.expectMessage('At least one value is needed');
  await editor.getByLabel('Values, separated by commas').fill('sgd, adam');
  await lab.button('Add the field').click();
  await editor.getByLabel('Random samples').fill('4');
  await editor.getByLabel('Random samples').press('Enter');
  const document = JSON.parse(await page.getByLabel('The sweep, as JSON').inputValue());
  expect(document).toMatchObject({ random: { 'optimizer.type': { choice: ['sgd', 'adam'] } }, samples: 4 });
  await lab.button('Start the sweep').click();
  const progress = page.locator('lab-sweep-progress');
  await expect(progress.getByRole('status')).toHaveText(
    /Running\s+· [0-3] of 4 runs done\s+· [\d.]+.(s|min)\b.* left/,
    {
      timeout: 60_000,
    },
  );
  await expect(progress).toContainText('Finished', { timeout: 120_000 });
  await expect(progress).not.toContainText('left');
  const rows = page.locator('lab-sweep-results section').first().locator('tbody tr');
  const types = async () => (await rows.locator('td:nth-child(2)').allInnerTexts()).sort();
  const drawn = await types();
  expect(drawn).toHaveLength(4);
  expect([...new Set(drawn)]).toEqual(['adam', 'sgd']);

  await lab.button('Discard the sweep').click();
  await expect(page.getByText('The sweep is discarded, with the results of 4 runs.')).toBeVisible();
  await expect(lab.button('Start the sweep')).toBeEnabled();
  expect(await axeFindings(page)).toEqual([]);
  await lab.button('Undo').click();
  await expect(progress).toContainText('4 of 4 runs done');
  expect(await types()).toEqual(drawn);
  await page.reload();
  await expect(progress).toContainText('Finished', { timeout: 60_000 });
  expect(await types()).toEqual(drawn);

  // An edited experiment is not replaced without a question, and comes back.
  const json = page.getByRole('textbox', { name: 'Experiment, as JSON' });
  const now = async () => JSON.parse(await json.inputValue());
  await lab.tab('Model');
  await json.fill(JSON.stringify({ ...(await now()), batch_size: 77 }));
  await lab.button('Apply').click();
  await expect(page.getByText('not saved', { exact: true })).toBeVisible();
  await lab.tab('Search');
  await lab.button('Use the best values').click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Save the changes to');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await lab.tab('Model');
  expect((await now()).batch_size).toBe(77);
  await lab.tab('Search');
  await lab.button('Use the best values').click();
  await lab.button('Discard the changes').click();
  await lab.tab('Model');
  await expect.poll(async () => (await now()).batch_size).toBe(20);
  expect(['sgd', 'adam']).toContain((await now()).optimizer.type);
  await lab.button('Undo').click();
  await expect.poll(async () => (await now()).batch_size).toBe(77);
});

test('a sweep of twelve runs is paused, broken off by a reload, and ends with the figures of convlab sweep', async ({
  lab,
  page,
}, info) => {
  test.setTimeout(300_000);
  await openSearch(lab);
  await begin(lab);
  const rows = page.locator('lab-sweep-results section').first().locator('tbody tr');
  await expect(rows.first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Pause').last().click();
  await expect(page.locator('lab-sweep-progress')).toContainText('Paused', { timeout: 30_000 });
  const before = await rows.count();
  await lab.button('Continue').click();
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBeGreaterThan(before);
  await page.reload();
  await expect(page.locator('lab-sweep-progress')).toContainText('Finished', { timeout: 200_000 });
  await expect(rows).toHaveCount(12);

  await page.getByRole('button', { name: /^Test accuracy/ }).click();
  await expect(page.getByRole('columnheader', { name: /^Test accuracy/ }).first()).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await expect(page.locator('lab-parallel polyline')).toHaveCount(12);
  await expect(page.locator('lab-sweep-results meter')).toHaveCount(2);
  await expectSound(page, 'sweep', info);
  await page.setViewportSize({ width: 1280, height: 900 });
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Results (JSON)').click()]);
  const here = JSON.parse(readFileSync(await file.path(), 'utf8'));
  expect(
    here.outcomes.some(({ status }: Outcome) => status === 'stopped'),
    'a hopeless run is stopped',
  ).toBe(true);

  const convlab = process.env.CONVLAB_BIN ?? CONVLAB ?? '';
  skipLoudly(!existsSync(convlab), 'no command line to compare with; build it with cargo build');
  const folder = mkdtempSync(join(tmpdir(), 'convlab-sweep-'));
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(SWEEP));
  const out = join(folder, 'out');
  const data = mnist ? ['--data', dirname(mnist[0] ?? '')] : [];
  const options = ['--engine', 'cpu', '--portable', '--out', out, '--json', ...data];
  execFileSync(convlab, ['sweep', join(folder, 'sweep.json'), ...options]);
  const there = JSON.parse(readFileSync(join(out, 'sweep.json'), 'utf8'));
  expect(withoutSeconds(here.outcomes)).toEqual(withoutSeconds(there.outcomes));
});
