/** A lesson whose card has an assignment: a teacher puts it in, a pupil hands in, and the teacher checks, all through files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { studentSeed, TINY, WEEK } from './class-files';
import { openEditor, save, serveFiles } from './course-system';
import { expect, skipLoudly, test } from './fixtures';
import { axeFindings } from './looks';
import { CONVLAB, verify } from './verify';

/** The lesson asks one of the assignment's two questions itself. */
const LESSON = {
  lesson: 'Homework',
  id: 'homework',
  parts: [
    { type: 'question', id: 'why', text: 'Why does it learn so little?' },
    { type: 'experiment', id: 'run', experiment: 'mnist-10', data: 'synthetic' },
  ],
};

const ASSIGNMENT = { ...WEEK, students: ['Ada Lovelace', 'Bob'] };

test('a teacher puts an assignment into a lesson, a pupil hands in, and the file is confirmed', async ({
  lab,
  page,
}, info) => {
  test.setTimeout(180_000);
  await openEditor(lab, page, LESSON);
  const card = page.getByRole('region', { name: '2. Experiment' });
  const choose = async (name: string, text: string) => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      card.getByRole('button', { name: 'Choose the assignment’s file…' }).click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  };
  await choose('notes.json', '{"lesson": "x"}');
  await expect(card.getByText(/^notes\.json is not an assignment\./)).toBeVisible();
  await choose('week-3.json', JSON.stringify(ASSIGNMENT));
  await expect(card.getByText('Assignment: Week 3')).toBeVisible();
  await expect(card.getByText(/is not an assignment/)).toBeHidden();
  await expect(card.getByLabel('Epochs')).toHaveCount(0);
  await expect(page.locator('.preview').getByLabel('Your name or number')).toBeVisible({ timeout: 60_000 });
  expect(await axeFindings(page)).toEqual([]);

  const json = JSON.parse(strFromU8((await save(page, 'JSON file')).bytes));
  const inCard = json.parts[1].assignment;
  expect(inCard).toMatchObject({ assignment: 'Week 3', experiment: TINY, seed: 'student' });
  // What only the teacher needs is not given to the pupils.
  expect(inCard.students).toBeUndefined();
  expect(inCard.questions.map((question: object) => Object.keys(question))).toEqual([
    ['id', 'text'],
    ['id', 'text', 'choices'],
  ]);
  const markdown = await save(page, 'Markdown file');
  const zip = unzipSync((await save(page, 'Zip for any web server')).bytes);
  expect(strFromU8(zip['convlab/lessons/homework.own.md'] ?? new Uint8Array())).toBe(strFromU8(markdown.bytes));

  // The pupil, with the unpacked zip.
  const site = await serveFiles(zip);
  try {
    await page.goto(site.url);
    await page.locator('lesson-question').getByRole('textbox').fill('There are few images.');
    await page.locator('lesson-question').getByRole('textbox').blur();
    const name = page.getByLabel('Your name or number');
    await expect(name).toBeVisible({ timeout: 60_000 });
    await expect(lab.button('Start')).toHaveCount(0);
    await name.fill('Ada Lovelace');
    await lab.button('Begin').click();
    await expect(page.getByText(`seed ${studentSeed('Ada Lovelace')}`)).toBeVisible();
    // Each question is asked once: the first one by the lesson.
    await expect(page.getByText('Why does it learn so little?')).toHaveCount(1);
    await page.getByLabel('three', { exact: true }).check();
    await page.getByLabel('My guess, in per cent').fill('50');
    await page.keyboard.press('Enter');
    await lab.button('Start').click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the submission' }).click({ timeout: 60_000 }),
    ]);
    const path = await file.path();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      student: 'Ada Lovelace',
      guess: 0.5,
      answers: { why: 'There are few images.', layers: 'three' },
      experiment: { name: 'tiny', seed: studentSeed('Ada Lovelace') },
      history: { build: 'simd128', engine: 'cpu' },
    });
    await expect(page.getByText(/You have run this experiment/)).toBeVisible();

    skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
    const assignment = info.outputPath('week-3.json');
    writeFileSync(assignment, JSON.stringify(ASSIGNMENT));
    expect(verify(path, '--assignment', assignment)).toMatchObject({
      verdict: 'confirmed',
      exact: true,
      student: 'Ada Lovelace',
    });
  } finally {
    await site.close();
  }
});

test('a lesson names an assignment beside it, and a package holds its document', async ({ lab, page }) => {
  const beside = { ...LESSON, parts: [{ type: 'experiment', assignment: './week.json' }] };
  const inSite = { ...LESSON, parts: [{ type: 'experiment', assignment: 'week.json' }] };
  lab.site.extra.set('course/lesson.json', Buffer.from(JSON.stringify(beside)));
  for (const folder of ['course', 'lessons'])
    lab.site.extra.set(`${folder}/week.json`, Buffer.from(JSON.stringify(WEEK)));
  await page.goto(`${lab.site.url}lesson.html?doc=course/lesson.json`);
  await page.getByLabel('Your name or number').fill('Ada', { timeout: 60_000 });
  await lab.button('Begin').click();
  await expect(page.getByText(`seed ${studentSeed('Ada')}`)).toBeVisible();

  await openEditor(lab, page, inSite);
  const files = unzipSync((await save(page, 'SCORM 1.2')).bytes);
  const packed = strFromU8(files['convlab/lessons/homework.own.md'] ?? new Uint8Array());
  expect(packed).toContain('seed: student');
  expect(packed).not.toContain('answer: three');
  lab.site.extra.delete('lessons/week.json');
  await page.getByRole('button', { name: 'SCORM 2004' }).click();
  await expect(page.getByText(/^The assignment week\.json cannot be packed: .*HTTP status 404/)).toBeVisible();
  lab.complaints.splice(0);
});
