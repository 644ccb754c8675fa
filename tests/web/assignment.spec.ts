/** An assignment in a page: the name before the run, its seed, the questions, and a file that the command line confirms. */
import { readFileSync, writeFileSync } from 'node:fs';
import { studentSeed, TINY, WEEK } from './class-files';
import { expect, labWorker, skipLoudly, test } from './fixtures';
import { axeFindings } from './looks';
import { CONVLAB, verify } from './verify';

const page = (attributes: string) =>
  Buffer.from(`<!doctype html><html lang="en"><head><title>Week 3</title><link rel="icon" href="./favicon.svg"></head>
    <body><main><h1>Week 3</h1><script type="module" src="./conv-lab.js"></script><conv-lab ${attributes}></conv-lab></main></body></html>`);

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

test.use({
  extra: new Map([
    ['week.html', page('compact assignment="./week.json"')],
    ['week.json', json(WEEK)],
    ['whole.html', page('assignment="./list.json"')],
    ['list.json', json({ assignment: 'L', experiment: TINY, students: ['Ada'], may_change: ['epochs'] })],
    ['broken.html', page('compact assignment="./broken.json"')],
    ['broken.json', json({ assignment: 'B', experiment: TINY, sed: 1 })],
  ]),
});

test('the name comes first and gives the seed; questions and guess go into a file that is confirmed', async ({
  lab,
  page,
}, info) => {
  await page.goto(`${lab.site.url}week.html`);
  const name = page.getByLabel('Your name or number');
  await expect(name).toBeVisible({ timeout: 60_000 });
  await expect(lab.button('Start')).toHaveCount(0);
  await expect(page.getByText('To hand in until')).toBeVisible();
  await lab.button('Begin').click();
  await expect(page.getByText('Give your name or number first.')).toBeVisible();
  await name.fill('?!');
  await lab.button('Begin').click();
  await expect(page.getByText('a name or a number is needed')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await name.fill('Ada  Lovelace');
  await lab.button('Begin').click();
  await expect(page.getByText(`seed ${studentSeed('Ada Lovelace')}`)).toBeVisible();
  // The rubric has points for a guess.
  await page.getByLabel('My guess, in per cent').fill('50');
  await page.keyboard.press('Enter');
  await page.getByLabel('Why does it learn so little?').fill('There are few images.');
  await page.getByLabel('three', { exact: true }).check();
  expect(await axeFindings(page)).toEqual([]);
  await lab.start();
  await lab.finished();
  await expect(page.getByLabel('Your name', { exact: true })).toHaveCount(0);
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Download the submission').click()]);
  expect(file.suggestedFilename()).toBe('tiny-Ada-Lovelace-submission.json');
  const path = await file.path();
  const submission = JSON.parse(readFileSync(path, 'utf8'));
  expect(submission).toMatchObject({
    student: 'Ada  Lovelace',
    guess: 0.5,
    answers: { why: 'There are few images.', layers: 'three' },
    experiment: { seed: studentSeed('Ada Lovelace') },
    history: { build: 'simd128', engine: 'cpu' },
    data: { train: 300, test: 100 },
  });
  expect(submission.report).toContain('Test');

  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  const assignment = info.outputPath('week.json');
  writeFileSync(assignment, JSON.stringify(WEEK));
  const verdict = verify(path, '--assignment', assignment);
  expect(verdict).toMatchObject({ verdict: 'confirmed', exact: true, student: 'Ada  Lovelace' });
  const stolen = info.outputPath('stolen.json');
  writeFileSync(stolen, JSON.stringify({ ...submission, student: 'Bob' }));
  expect(verify(stolen, '--assignment', assignment)).toMatchObject({ verdict: 'refuted' });
});

test('the whole lab takes an assignment, too: a listed name, and only the options that may be changed', async ({
  lab,
  page,
}, info) => {
  await page.goto(`${lab.site.url}whole.html`);
  const name = page.getByLabel('Your name or number');
  await name.fill('Eve', { timeout: 60_000 });
  await lab.button('Begin').click();
  await expect(page.getByText('is not among the students of this assignment')).toBeVisible();
  await name.fill('ada');
  await lab.button('Begin').click();
  await expect(lab.button('Start')).toBeEnabled();
  await expect(page.locator('lab-setup')).toHaveCount(0);
  const epochs = page.getByLabel('You may change: epochs');
  await epochs.fill('0');
  await page.keyboard.press('Tab');
  await lab.expectMessage(/epochs must be above 0/);
  await expect(epochs, 'a value that is refused does not stay').toHaveValue(String(TINY.epochs));
  await epochs.fill('2');
  await page.keyboard.press('Tab');
  await lab.start();
  await lab.finished();
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Download the submission').click()]);
  const path = await file.path();
  expect(JSON.parse(readFileSync(path, 'utf8')).history.epochs).toHaveLength(2);
  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  const assignment = info.outputPath('list.json');
  writeFileSync(assignment, String(lab.site.extra.get('list.json')));
  expect(verify(path, '--assignment', assignment)).toMatchObject({ verdict: 'confirmed' });
});

test('a card whose engine stops gets another one, and the name and the answers stay', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}week.html`);
  await page.getByLabel('Your name or number').fill('Ada', { timeout: 60_000 });
  await lab.button('Begin').click();
  const why = page.getByLabel('Why does it learn so little?');
  await why.fill('There are few images.');
  await labWorker(page)
    .evaluate(() => self.close())
    .catch(() => undefined);
  await lab.expectMessage(/The engine has stopped.*a card stores no run/);
  await lab.button('Start the engine again').click();
  await expect(page.getByText(`seed ${studentSeed('Ada')}`)).toBeVisible({ timeout: 60_000 });
  await expect(why).toHaveValue('There are few images.');
  await lab.button('Another name').click();
  await expect(page.getByLabel('Your name or number')).toHaveValue('', { timeout: 60_000 });
});

test('an assignment in a frame; one that is wrong says so, and nothing can be started', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}embed.html?assignment=week.json`);
  await expect(page.getByLabel('Your name or number')).toBeVisible({ timeout: 60_000 });
  await page.goto(`${lab.site.url}broken.html`);
  await lab.expectMessage(/sed/);
  await expect(lab.button('Start')).toHaveCount(0);
});
