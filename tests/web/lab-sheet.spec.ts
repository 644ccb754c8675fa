/** The guided lab sheet as a student works through it: every question, the three networks, and the report at the end. */
import { readFileSync } from 'node:fs';
import type { Part, Question } from '../../www/src/lesson/document';
import { readLesson } from '../../www/src/lesson/read';
import { NET_1 } from './course-system';
import { realFiles } from './files';
import { expect, test } from './fixtures';

const cifar =
  realFiles('cifar10', ['cifar-10-binary-small.tar.gz']) ?? realFiles('cifar10', ['cifar-10-binary.tar.gz']);
if (!cifar) process.stderr.write('No CIFAR-10 (set CONVLAB_DATA): the lab sheet is tested on synthetic objects.\n');

const SHEET = readFileSync(new URL('../../www/public/lessons/lab-sheet.md', import.meta.url), 'utf8');
/** The same sheet, whose networks train on fewer images. */
const SHORT = SHEET.replaceAll(/^train: .*$/gm, 'train: 300')
  .replaceAll(/^test: .*$/gm, 'test: 100')
  .replaceAll(/^epochs: .*$/gm, 'epochs: 2');

const isQuestion = (part: Part): part is Question & { type: 'question' } => part.type === 'question';

/** What a student gives to a question without a right answer. */
function ownAnswer(question: Question): string {
  if (question.kind === 'number') return '2';
  return question.choices?.[0] ?? `My answer to ${question.id}`;
}

test.use({ extra: new Map([['lessons/lab-sheet.md', Buffer.from(SHORT)]]) });

test('the lab sheet from its first exercise to the report', async ({ lab, page }) => {
  test.setTimeout(400_000);
  if (cifar) {
    await lab.open('?experiment=net-1&engine=cpu');
    await lab.drop(cifar);
    await expect(page.getByText(/CIFAR-10.*: [\d,]+ training and [\d,]+ test images/)).toBeVisible({ timeout: 60_000 });
  }
  await page.goto(`${lab.site.url}lab-sheet.html`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Lab sheet/, { timeout: 40_000 });
  await expect(page.getByRole('heading', { name: /^Exercise \d+:/ })).toHaveCount(19);

  const { parts } = await readLesson(SHORT);
  const questions = parts.filter(isQuestion);
  const ids = parts.filter((part) => part.type === 'experiment').map(({ id }) => id);
  for (const part of parts) {
    if (part.type === 'experiment') {
      const card = page.locator(`conv-lab#${part.id}`);
      await card.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
      await expect(card.locator('.state')).toHaveText('Finished', { timeout: 120_000 });
      const isSynthetic = await card.evaluate(
        (one) => (one as unknown as { lab: { data: { info: { synthetic: boolean } } } }).lab.data.info.synthetic,
      );
      expect(isSynthetic).toBe(cifar === null);
    }
    if (part.type === 'code') {
      const box = page.locator('lesson-code');
      await box.getByLabel('Keras code').fill(NET_1);
      await box.getByRole('button', { name: 'Compare with NET I', exact: true }).click();
      await expect(box.getByText('Your network equals NET I: 193,034 parameters.')).toBeVisible({ timeout: 60_000 });
    }
    if (!isQuestion(part)) continue;
    const { answer, choices, kind, predict } = part;
    const box = page.locator('lesson-question').nth(questions.indexOf(part));
    const given = String(answer ?? ownAnswer(part));
    if (part.id === 'e4-o1') {
      await box.getByRole('textbox').fill('31');
      await box.getByRole('button', { name: 'Check' }).click();
      await expect(box.getByText('Not right. Try again.')).toBeVisible();
    }
    if (choices) await box.getByRole('radio', { name: given, exact: true }).check();
    else await box.getByRole('textbox').fill(given);
    if (predict) await box.getByRole('button', { name: 'That is my prediction' }).click();
    else if (answer !== undefined) await box.getByRole('button', { name: 'Check' }).click();
    else if (kind === 'number') await box.getByRole('button', { name: 'Save' }).click();
    else await box.getByRole('textbox').blur();
    await expect(
      box.getByText(answer === undefined ? /^(Saved|Your prediction is saved)/ : 'Right.'),
      part.id,
    ).toBeVisible();
  }
  const checked = questions.filter(({ answer }) => answer !== undefined).length;
  const footer = page.locator('conv-lab-lesson footer').last();
  await expect(footer).toContainText('You have finished this lesson.');
  await expect(footer).toContainText(`${checked} of ${checked} checked answers are right.`);

  // Answers and runs are there on the next visit.
  await page.reload();
  await expect(footer).toContainText('You have finished this lesson.', { timeout: 40_000 });
  await expect(page.getByText(/^You have run this experiment/)).toHaveCount(ids.length);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save my answers' }).click(),
  ]);
  expect(Object.keys(JSON.parse(readFileSync(await file.path(), 'utf8')).answers).sort()).toEqual(
    [...questions.map(({ id }) => id), 'e3-code'].sort(),
  );

  // The report: the link of the sheet's last part leads to the runs.
  await page.getByRole('link', { name: 'Report', exact: true }).click();
  await expect(page.locator('lab-runs-table tbody tr')).toHaveCount(3, { timeout: 40_000 });
  const form = page.locator('lab-compare-view .report');
  const gap = form.getByLabel('Observations at the gap');
  // What was answered in the sheet is there already.
  await expect(gap).toHaveValue('My answer to e16-observe\nMy answer to e18-deviation');
  await expect(form.getByLabel('Observations at the table of runs')).toHaveValue('My answer to e19-better');
  await gap.fill('The dropout keeps the curves together.');
  await gap.blur();
  await page.reload();
  await expect(gap, 'what was written in the report stays').toHaveValue('The dropout keeps the curves together.', {
    timeout: 40_000,
  });
  const save = form.getByRole('button', { name: 'Report (HTML)', exact: true });
  const [report] = await Promise.all([page.waitForEvent('download'), save.click()]);
  const html = readFileSync(await report.path(), 'utf8');
  for (const id of ids) expect(html).toContain(`${id}`);
  expect(html).toContain('The dropout keeps the curves together.');
  expect(html).toContain('My answer to e19-better');

  // The report of NET I has what was observed at its curves.
  await page
    .locator('lab-runs-table tbody tr')
    .filter({ hasText: 'net-1' })
    .getByRole('button', { name: /^Report of net-1/ })
    .click();
  const own = page.locator('lab-report-form');
  await expect(own.getByLabel('Observations at the curves')).toHaveValue(
    'My answer to e9-accuracy\nMy answer to e10-loss',
  );
  await expect(own.getByLabel('Observations at the first test image', { exact: true })).toHaveValue(
    'My answer to e13-first',
  );
});
