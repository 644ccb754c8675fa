/** Complete user stories: a student's session and a teacher's course. */
import { readFileSync, writeFileSync } from 'node:fs';
import { MNIST_NAMES, realFiles, smallMnist } from './files';
import { expect, skipLoudly, test } from './fixtures';
import { CONVLAB, verify } from './verify';
import { expectEveryViewSound } from './views';

const mnist = realFiles('mnist', MNIST_NAMES);

test('a student: drops MNIST, trains, pauses, compares two runs, looks at mistakes, hands in, and finds the run again', async ({
  lab,
  page,
}, info) => {
  // The first 600 and 200 images, of the real files if there are any.
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=3&train=600&test=200');
  if (mnist) await lab.drop(mnist);
  else await lab.dropBytes(smallMnist(), info);
  const here = page.getByText(
    mnist ? 'MNIST: 60,000 training and 10,000 test images' : /600 training and 200 test images/,
  );
  await expect(here).toBeVisible({ timeout: 30_000 });

  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  await lab.button('Resume').click();
  await lab.finished();
  await expect(lab.epochRows).toHaveCount(3);
  const first = await lab.tile('Test accuracy');

  // The same with another batch size: the setting is changed by hand.
  await page.getByRole('textbox', { name: 'Batch size' }).fill('60');
  await page.getByRole('textbox', { name: 'Batch size' }).press('Enter');
  await lab.start();
  await lab.finished();
  const second = await lab.tile('Test accuracy');
  await lab.tab('Compare');
  await expect(page.locator('lab-compare-table thead th')).toHaveCount(2);
  const row = (name: string) =>
    page.locator('lab-compare-table tr', { has: page.getByRole('rowheader', { name }) }).locator('td');
  await expect(row('batch_size')).toHaveText(['20', '60']);
  const figures = async () => (await row('Test accuracy').allInnerTexts()).map(Number.parseFloat);
  await expect.poll(figures).toEqual([first, second]);
  await page.getByText('The curves as a table').click();
  await expect(page.getByRole('region', { name: 'The curves as a table' }).getByRole('row')).toHaveCount(4);

  await lab.tab('Results');
  const wrong = Math.round(200 * (1 - second / 100));
  const cells = page.locator('lab-confusion tbody tr');
  await expect(cells).toHaveCount(10);
  const right = (await Promise.all((await cells.all()).map((one, i) => one.locator('td').nth(i).innerText()))).map(
    Number,
  );
  expect(200 - right.reduce((sum, count) => sum + count, 0)).toBe(wrong);
  await lab.tab('Predictions');
  await expect(page.locator('lab-gallery')).toContainText(`of ${wrong} image`);
  await page.locator('lab-gallery .grid button').first().click();
  await expect(page.locator('lab-prediction .verdict')).toContainText(/Wrong/);

  await lab.tab('Results');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Report (HTML)').click()]);
  expect(readFileSync(await file.path(), 'utf8')).toContain(`${second.toFixed(2)}`);

  await page.reload();
  await expect(lab.button('Start')).toBeEnabled({ timeout: 30_000 });
  await expect(here, 'the files are still here').toBeVisible({ timeout: 30_000 });
  await lab.tab('Compare');
  const kept = page.locator('lab-runs-table tbody tr');
  await expect(kept).toHaveCount(2);
  await expect(kept.first()).toContainText(`${second.toFixed(2)}`);
});

test('a student looks at every view of a run on MNIST, on a laptop, a tablet and a phone, in light and in dark', async ({
  lab,
  page,
}, info) => {
  skipLoudly(mnist === null, 'no MNIST files (set CONVLAB_DATA)');
  test.setTimeout(400_000);
  await lab.open('?experiment=mnist-10&engine=cpu&epochs=2&train=1200&test=300');
  await lab.drop(mnist ?? []);
  await expect(page.getByText('MNIST: 60,000 training and 10,000 test images')).toBeVisible({ timeout: 30_000 });
  await lab.start();
  await lab.finished();
  await expectEveryViewSound(lab, 'mnist', info);
});

test('a teacher: two labs on a page, one of them locked homework, whose file is checked', async ({
  lab,
  page,
}, info) => {
  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  const small = 'data="synthetic" engine="cpu" epochs="2" train="300" test="100"';
  lab.site.extra.set(
    'week-3.html',
    Buffer.from(`<!doctype html><html lang="en"><head><title>Week 3</title><link rel="icon" href="./favicon.svg"></head>
      <body><main><h1>Week 3</h1><script type="module" src="./conv-lab.js"></script>
      <conv-lab id="demo" compact experiment="mnist-10" ${small}></conv-lab>
      <conv-lab id="homework" compact locked guess experiment="mnist-10" ${small} seed="3"></conv-lab></main></body></html>`),
  );
  await page.goto(`${lab.site.url}week-3.html`);
  const [demo, homework] = [page.locator('#demo'), page.locator('#homework')];
  await demo.getByRole('button', { name: 'Start' }).click({ timeout: 40_000 });
  await homework.getByLabel('My guess, in per cent').fill('40', { timeout: 40_000 });
  await homework.getByRole('button', { name: 'That is my guess' }).click();
  await homework.getByRole('button', { name: 'Start' }).click();
  for (const one of [demo, homework]) await expect(one.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
  await expect(demo.getByLabel('Your name')).toHaveCount(0);
  await homework.getByLabel('Your name').fill('Emmy Noether');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    homework.getByRole('button', { name: 'Download the submission' }).click(),
  ]);
  const path = info.outputPath('submission.json');
  await file.saveAs(path);
  const submission = JSON.parse(readFileSync(path, 'utf8'));
  expect(submission).toMatchObject({ student: 'Emmy Noether', guess: 0.4, history: { seed: 3, build: 'simd128' } });

  expect(verify(path)).toMatchObject({ verdict: 'confirmed', exact: true });
  expect(verify(path, '--experiment', 'net-1')).toMatchObject({ verdict: 'refuted' });
  // One figure changed by hand.
  submission.history.epochs[1].val_accuracy += 0.01;
  writeFileSync(path, JSON.stringify(submission));
  expect(verify(path)).toMatchObject({ verdict: 'refuted', reason: expect.stringContaining('val_accuracy') });
});
