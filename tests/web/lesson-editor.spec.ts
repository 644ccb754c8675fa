/** The editor of lessons, as a teacher and a pupil use it: through files only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { strFromU8, unzipSync } from 'fflate';
import { LESSON, openEditor, save, serveFiles } from './course-system';
import { expect, skipLoudly, test } from './fixtures';
import { axeFindings, expectFits, expectLooks, misplaced } from './looks';
import { CONVLAB, verify } from './verify';

test('a teacher makes a lesson by hand, and a pupil reads the file', async ({ lab, page }, info) => {
  await openEditor(lab, page);
  await page.getByLabel('Title', { exact: true }).first().fill('Edges');
  await page.getByLabel('Name of the lesson, for kept answers').fill('edges');
  const part = (name: string) => page.getByRole('region', { name });
  await part('2. Question').getByLabel('Kind of answer').selectOption('number');
  await part('2. Question').getByLabel('Right answer, if there is one').fill('ten');
  const problem = page.locator('.problem');
  await expect(problem).toHaveText(
    'The lesson has an error at part 2 (question), answer: the answer of a number must be a number. Received: “ten”.',
  );
  await expect(page.getByRole('button', { name: 'Markdown file' })).toBeDisabled();
  await part('2. Question').getByLabel('Right answer, if there is one').fill('10');
  await part('2. Question').getByLabel('Tolerance').fill('0,5');
  await expect(problem).toBeHidden();
  await part('2. Question').getByLabel('Question, in Markdown').fill('How *much*?');
  await expect(page.locator('.preview').getByText('How much?')).toBeVisible();

  await page.getByRole('button', { name: 'Add hint' }).click();
  await part('4. Hint').getByLabel('Text, in Markdown').fill('Look closely.');
  await page.getByRole('button', { name: 'Move up: 4. Hint' }).click();
  await expect(part('3. Hint')).toBeVisible();
  await page.getByRole('button', { name: 'Delete: 1. Text' }).click();
  await expect(page.getByRole('button', { name: 'Bring it back' })).toBeFocused();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(page.getByRole('button', { name: 'Delete: 1. Text' })).toBeFocused();
  await part('4. Experiment').getByLabel('Epochs').fill('1');
  // What was typed for a document belongs to it, and is gone with it.
  const chosen = part('4. Experiment').locator('select:has(option[value="{}"])');
  const own = part('4. Experiment').getByLabel('Document, as JSON');
  await chosen.selectOption('{}');
  await own.fill('{"name": "mine"');
  await expect(part('4. Experiment').getByRole('alert')).toBeVisible();
  await chosen.selectOption('mnist-10');
  await chosen.selectOption('{}');
  await expect(own).toHaveValue('{}');
  await chosen.selectOption('mnist-10');

  const markdown = await save(page, 'Markdown file');
  const json = await save(page, 'JSON file');
  expect([markdown.name, json.name]).toEqual(['edges.md', 'edges.json']);
  expect(JSON.parse(strFromU8(json.bytes)).parts.map(({ type }: { type: string }) => type)).toEqual([
    'text',
    'question',
    'hint',
    'experiment',
  ]);
  await expect(page.getByText('<conv-lab-lesson src="edges.md"></conv-lab-lesson>')).toBeVisible();

  // The draft is still there after a reload.
  await page.reload();
  await expect(page.getByLabel('Title', { exact: true }).first()).toHaveValue('Edges');

  for (const { name, bytes } of [markdown, json]) {
    writeFileSync(info.outputPath(name), bytes);
    lab.site.extra.set(name, Buffer.from(bytes));
    await page.goto(`${lab.site.url}lesson.html?doc=${name}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Edges');
    await page.getByRole('textbox').first().fill('10.4');
    await page.getByRole('button', { name: 'That is my prediction' }).click();
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible({ timeout: 40_000 });
    await page.evaluate(() => localStorage.clear());
  }
});

test('a wrong file is refused in one sentence, and a draft is replaced only after a question', async ({
  lab,
  page,
}) => {
  await openEditor(lab, page, LESSON);
  await page
    .locator('input#file')
    .setInputFiles({ name: 'x.json', mimeType: 'text/plain', buffer: Buffer.from('{"lesson": 3}') });
  await expect(page.getByText('The lesson has an error at lesson: must be string. Received: “3”.')).toBeVisible();
  await page.getByRole('button', { name: 'New lesson' }).click();
  await page.getByRole('button', { name: 'Keep the draft' }).click();
  await expect(page.getByLabel('Title', { exact: true }).first()).toHaveValue(LESSON.lesson);
});

test('the assignment of a locked experiment checks what a pupil hands in', async ({ lab, page }, info) => {
  const guess = { type: 'question', id: 'expected', predict: true, text: 'How many?', kind: 'number' };
  const card = { ...LESSON.parts.at(-1), locked: true, seed: 5 };
  await openEditor(lab, page, { ...LESSON, parts: [...LESSON.parts.slice(0, -1), guess, card] });
  const assignment = await save(page, 'Assignment, to check what is handed in');
  const lesson = await save(page, 'Markdown file');
  const document = JSON.parse(strFromU8(assignment.bytes));
  expect(document).toMatchObject({
    assignment: LESSON.lesson,
    experiment: { dataset: { name: 'synthetic_digits', limit: { train: 200, test: 50 } }, epochs: 1, seed: 5 },
  });
  expect(document.questions).toHaveLength(4);

  lab.site.extra.set(lesson.name, Buffer.from(lesson.bytes));
  await page.goto(`${lab.site.url}lesson.html?doc=${lesson.name}`);
  const question = (text: string) => page.locator('lesson-question').filter({ hasText: text });
  await question('What accuracy').getByRole('textbox').fill('10');
  await question('What accuracy').getByRole('button', { name: 'Check' }).click();
  await question('How many?').getByRole('textbox').fill('60');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
  await page.getByLabel('Your name').fill('Ada', { timeout: 60_000 });
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Download the submission').click()]);
  expect(JSON.parse(readFileSync(await file.path(), 'utf8')).answers).toEqual({ chance: 10, expected: 60 });

  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  const path = info.outputPath('assignment.json');
  writeFileSync(path, assignment.bytes);
  expect(verify(await file.path(), '--assignment', path)).toMatchObject({
    verdict: 'confirmed',
    student: 'Ada',
    points: 2,
  });
});

test('the zip works on any web server', async ({ lab, page }) => {
  await openEditor(lab, page, LESSON);
  const { name, bytes } = await save(page, 'Zip for any web server');
  expect(name).toBe('week-3.zip');
  const site = await serveFiles(unzipSync(bytes));
  try {
    await page.goto(site.url);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(LESSON.lesson);
    await expect(page.getByRole('link', { name: 'The lab' }).last()).toHaveAttribute(
      'href',
      `${site.url}convlab/index.html`,
    );
    await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
    await expect(page.locator('.state')).toHaveText('Finished', { timeout: 60_000 });
    expect(site.missing).toEqual([]);
  } finally {
    await site.close();
  }
});

/** A lesson with every kind of part, an image and an assignment. */
const EVERYTHING = {
  ...LESSON,
  images: {
    'a-figure-with-a-long-name-that-does-not-fit-into-a-line.gif': `data:image/gif;base64,R0lGOD${'A'.repeat(40)}`,
  },
  parts: [
    ...LESSON.parts,
    { type: 'code', id: 'mine', text: 'NET I?', experiment: 'net-1' },
    { type: 'hint', text: 'Look closely.' },
    { type: 'experiment', assignment: { assignment: 'Week 3', experiment: 'mnist-10', seed: 'student' } },
  ],
};

for (const scheme of ['light', 'dark'] as const) {
  test(`the editor looks right on every screen, and axe finds nothing (${scheme})`, async ({ lab, page }, info) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await openEditor(lab, page, EVERYTHING);
    for (const width of [1280, 768, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await expectFits(page, `${width} px`);
      expect(await misplaced(page), `${width} px`).toEqual([]);
      await expectLooks(page, scheme, `editor-${width}`, info);
      expect(await axeFindings(page), `${width} px`).toEqual([]);
    }
  });
}
