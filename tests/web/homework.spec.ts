/** Homework: a locked experiment, a guess before the run, the student's own files, and a file to hand in. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { TestInfo } from '@playwright/test';
import { smallMnist } from './files';
import { expect, test } from './fixtures';

const week = (attributes: string) =>
  Buffer.from(`<!doctype html><html lang="en"><head><title>Week 3</title><link rel="icon" href="./favicon.svg"></head>
    <body><script type="module" src="./conv-lab.js"></script><conv-lab ${attributes}></conv-lab></body></html>`);

/** A network for images of a shape without a synthetic set. */
const SIXTY_FOUR = JSON.stringify({
  name: 'pets',
  title: 'Pets',
  dataset: { name: 'custom' },
  input_shape: [64, 64, 3],
  layers: [{ type: 'flatten' }, { type: 'dense', units: 2, activation: 'softmax' }],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam', learning_rate: 0.001 },
  epochs: 1,
});

test.use({
  extra: new Map([
    ['whole.html', week('locked guess experiment="mnist-10" data="synthetic" epochs="2" train="3000" test="100"')],
    ['files.html', week('locked compact experiment="mnist-10" data="official" epochs="1" train="200" test="50"')],
    ['other.html', week(`compact experiment='${SIXTY_FOUR}'`)],
    ['tall.html', week('compact view="model" experiment="mnist-10" data="official"')],
  ]),
});

const written = (files: Map<string, Buffer>, info: TestInfo): string[] =>
  [...files].map(([name, bytes]) => {
    const path = info.outputPath(name);
    writeFileSync(path, bytes);
    return path;
  });

test('a locked lab asks for the guess, keeps the settings of the page, and offers a submission file', async ({
  lab,
  page,
}, info) => {
  await page.goto(`${lab.site.url}whole.html`);
  const guess = page.getByLabel('My guess, in per cent');
  await expect(guess).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText('Set by your course')).toBeVisible();
  await expect(lab.button('Start')).toHaveCount(0);
  await guess.fill('40');
  await page.keyboard.press('Enter');
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  await expect(page.getByText('The learning rate is part of the locked experiment')).toBeVisible();
  await expect(page.getByLabel('Learning rate from the next step on')).toHaveCount(0);

  await lab.tab('Model');
  await expect(page.getByText('This experiment is locked: it can be read here')).toBeVisible();
  await expect(page.getByLabel('Experiment, as JSON')).not.toBeEditable();
  await expect(lab.button('Apply')).toHaveCount(0);
  await expect(page.locator('lab-layer-list, lab-training-editor')).toHaveCount(0);
  await lab.tab('Results');
  await expect(page.getByText('not from loaded weights or another run')).toBeVisible();
  await expect(lab.button('Load weights…')).toHaveCount(0);

  await lab.dropBytes(smallMnist(), info);
  await lab.expectMessage('locked by the page');

  await lab.button('Resume').click();
  await lab.finished();
  await expect(page.getByText(/You guessed 40.%, the network reached/)).toBeVisible();
  await page.getByLabel('Your name').fill('Ada');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Download the submission').click()]);
  const submission = JSON.parse(readFileSync(await file.path(), 'utf8'));
  expect(submission).toMatchObject({ student: 'Ada', guess: 0.4 });
  expect(submission.experiment.epochs).toBe(2);
});

test('a card that needs files accepts them from a file picker, and does not offer a synthetic set that does not exist', async ({
  lab,
  page,
}, info) => {
  await page.goto(`${lab.site.url}files.html`);
  await lab.button('Start').click({ timeout: 40_000 });
  await lab.expectMessage('MNIST is not here yet');
  await expect(lab.messages).not.toContainText('synthetic');
  await expect(lab.button('Choose files…')).toBeVisible();
  await page.locator('lab-drop-zone input[type=file]').setInputFiles(written(smallMnist(), info));
  await expect(page.locator('lab-drop-zone'), 'what is here is not asked for').toHaveCount(0);
  await lab.start();
  await lab.finished();
});

test('a network without a synthetic set gets no suggestion to use one', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}other.html`);
  await lab.button('Start').click({ timeout: 40_000 });
  await lab.expectMessage('is not here yet');
  await expect(lab.messages).not.toContainText('synthetic');
  await expect(lab.button('Choose files…')).toBeVisible();
});

test('the messages of a card are visible at any scroll position of its page', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}tall.html`);
  await expect(lab.button('Start')).toBeEnabled({ timeout: 40_000 });
  await page.getByRole('heading', { name: 'Model summary' }).scrollIntoViewIfNeeded();
  await page.evaluate(() => document.querySelector<HTMLElement & { start(): Promise<void> }>('conv-lab')?.start());
  await expect(lab.messages).toBeInViewport({ ratio: 1 });
});
