/** Lessons: a pupil reads, predicts, runs, answers and hands in; documents of others; the element in a page; every screen; axe. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { axeFindings, expectFits, expectLooks, misplaced } from './looks';
import { serveSite } from './server';

const WEEK = `---
lesson: Week 3
id: week-3
hints: after
---

Some text in **Markdown** <b>and</b> [a link](https://example.org).

\`\`\`question
id: expected
predict: true
text: What share of the test images will be right?
kind: number
unit: per cent
explanation: It depends on the seed.
\`\`\`

\`\`\`experiment
id: run
experiment: mnist-10
data: synthetic
epochs: 1
train: 300
test: 50
locked: true
\`\`\`

\`\`\`hint
text: Look at the curve.
\`\`\`

\`\`\`question
id: chance
text: What accuracy does guessing have?
answer: 10
tolerance: 0.5
explanation: One of ten.
\`\`\`

\`\`\`question
id: seed
text: What decides the first weights?
choices: [The seed, The images]
answer: The seed
\`\`\`

\`\`\`question
id: why
text: Why?
\`\`\`
`;

const host = (body: string) =>
  Buffer.from(`<!doctype html><html lang="en"><head><title>Course</title><link rel="icon" href="./favicon.svg"></head>
    <body><h1>Course</h1><script type="module" src="./conv-lab.js"></script>${body}</body></html>`);

test.use({
  extra: new Map([
    ['week.md', Buffer.from(WEEK)],
    ['element.html', host('<conv-lab-lesson src="week.md"></conv-lab-lesson>')],
    ['wrong.md', Buffer.from(WEEK.replace('answer: 10', 'answr: 10'))],
    [
      'hidden.json',
      Buffer.from(
        JSON.stringify({
          lesson: 'שיעור',
          language: 'he',
          hints: 'hidden',
          feedback: false,
          parts: [
            { type: 'hint', text: 'Secret' },
            { type: 'question', id: 'a', text: 'How much?', answer: 3 },
          ],
        }),
      ),
    ],
  ]),
});

const question = (page: Page, text: string) => page.locator('lesson-question').filter({ hasText: text });

async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
  await expect(page.locator('lab-hand-in')).toBeVisible({ timeout: 60_000 });
}

test('a pupil predicts, runs, answers, comes back, and hands in a file with the answers', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}lesson.html?doc=week.md`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Week 3');
  await expect(page).toHaveTitle('Week 3');
  await expect(page.getByText('Some text in Markdown <b>and</b>')).toBeVisible();
  await expect(page.locator('conv-lab')).toHaveCount(0);
  await expect(page.getByText('Look at the curve.')).toHaveCount(0);

  const prediction = question(page, 'What share');
  await prediction.getByRole('button', { name: 'That is my prediction' }).click();
  await expect(prediction.getByText('Give a number. Received: “”.')).toBeVisible();
  await prediction.getByRole('textbox').fill('70,5 %');
  await page.keyboard.press('Enter');
  await expect(prediction.getByText('Your prediction is saved.')).toBeVisible();
  await expect(prediction.getByRole('textbox')).not.toBeEditable();
  await run(page);
  await expect(page.getByText('What to look for')).toBeVisible();
  await expect(prediction.getByText('It depends on the seed.')).toBeVisible();

  const chance = question(page, 'What accuracy');
  for (const wrong of ['20', '30']) {
    await chance.getByRole('textbox').fill(wrong);
    await chance.getByRole('button', { name: 'Check' }).click();
    await expect(chance.getByText('Not right. Try again.')).toBeVisible();
  }
  await expect(chance.getByText('Show the answer')).toBeVisible();
  await chance.getByRole('textbox').fill('10.3');
  await chance.getByRole('button', { name: 'Check' }).click();
  await expect(chance.getByText('One of ten.')).toBeVisible();
  await question(page, 'What decides').getByText('The images').click();
  await question(page, 'What decides').getByRole('button', { name: 'Check' }).click();
  await expect(question(page, 'What decides').getByText('Not right')).toBeVisible();
  // A text is saved as it is written; nobody has to leave the field.
  await question(page, 'Why?').getByRole('textbox').pressSequentially('Because.');
  await expect(page.getByText('You have finished this lesson. 1 of 2 checked answers are right.')).toBeVisible();

  await page.getByLabel('Your name').fill('Ada');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Download the submission').click()]);
  const submission = JSON.parse(readFileSync(await file.path(), 'utf8'));
  expect(submission.answers).toEqual({ expected: 70.5, chance: 10.3, seed: 'The images', why: 'Because.' });

  await page.reload();
  await expect(question(page, 'Why?').getByRole('textbox')).toHaveValue('Because.');
  await expect(page.getByText(/You have run this experiment: [\d.]+.% of the test images/)).toBeVisible();
  const [answers] = await Promise.all([page.waitForEvent('download'), lab.button('Save my answers').click()]);
  expect(JSON.parse(readFileSync(await answers.path(), 'utf8'))).toEqual({
    lesson: 'Week 3',
    answers: { expected: 70.5, chance: 10.3, seed: 'The images', why: 'Because.' },
  });
  await lab.button('Delete my answers').click();
  await lab.button('Delete them now').click();
  await expect(page.getByText('0 of 5 done.')).toBeVisible();
  await expect(page.locator('conv-lab')).toHaveCount(0);
});

test('the element shows a lesson in any page, by keyboard, too', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}element.html`);
  await expect(page.getByRole('heading', { level: 2, name: 'Week 3' })).toBeVisible();
  await question(page, 'What decides').getByRole('radio').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(question(page, 'What decides').getByText('Right.')).toBeVisible();
  await expect(question(page, 'What decides').getByRole('radio').first()).toBeDisabled();
});

test('what the teacher hides is not shown, and right-to-left text runs so', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}lesson.html?doc=hidden.json`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('שיעור');
  await expect(page.locator('article')).toHaveAttribute('dir', 'rtl');
  await expect(page.getByText('What to look for')).toHaveCount(0);
  await page.getByRole('textbox').fill('3');
  await lab.button('Save').click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByText('Right.')).toHaveCount(0);
  await expect(page.getByRole('textbox')).toBeEditable();
});

for (const [address, message] of [
  ['wrong.md', 'The lesson has an error at line 32, answr: there is no such field here.'],
  ['none.md', /^The lesson .*none\.md could not be fetched: HTTP status 404\.$/],
  ['javascript:alert(1)', /^The lesson must have an address that begins with https:/],
  ['', /^This page shows the lesson that its address names/],
] as const) {
  test(`lesson.html?doc=${address}: one clear sentence`, async ({ lab, page }) => {
    test.info().annotations.push({ type: 'console', description: 'a missing file is reported by the browser' });
    await page.goto(`${lab.site.url}lesson.html?doc=${encodeURIComponent(address)}`);
    await expect(page.locator('main').getByText(message)).toBeVisible();
    if (address === 'none.md') lab.complaints.splice(0);
  });
}

test('a lesson of another site is fetched only after the reader has agreed', async ({ lab, page }) => {
  const other = await serveSite(new Map([['week.md', Buffer.from(WEEK)]]), { crossOrigin: true });
  try {
    await page.goto(`${lab.site.url}lesson.html?doc=${encodeURIComponent(`${other.url}week.md`)}`);
    const asked = page.locator('lab-question');
    await expect(asked).toContainText(`Load a lesson from ${new URL(other.url).host}?`);
    expect(other.requests).toEqual([]);
    await asked.getByRole('button', { name: 'Do not load it' }).click();
    await expect(page.getByText(/was not loaded, because you did not allow it/)).toBeVisible();
    await page.reload();
    await asked.getByRole('button', { name: 'Load it', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Week 3');
    expect(other.requests).toEqual(['week.md']);
  } finally {
    await other.close();
  }
});

test('where the browser stores nothing, the lesson works and says so', async ({ lab, page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
  });
  await page.goto(`${lab.site.url}lesson.html?doc=week.md`);
  await expect(page.getByText('lets this page keep nothing')).toBeVisible();
  await question(page, 'What share').getByRole('textbox').fill('70');
  await page.keyboard.press('Enter');
  await run(page);
});

test('every lesson of the list opens', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}lessons.html`);
  const links = page.locator('.lessons li > a');
  const count = await links.count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (let i = 0; i < count; i += 1) {
    await page.goto(`${lab.site.url}lessons.html`);
    const title = await links.nth(i).innerText();
    await links.nth(i).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.locator('lesson-view')).toBeVisible();
    // The documents that its cards name are there, too.
    await expect(page.locator('[role=alert]:visible')).toHaveCount(0);
  }
});

/** The test accuracies that the texts name, by lesson and card. */
const FIGURES = {
  pooling: { pool: 0.78, none: 0.75, stride: 0.65 },
  depth: { 'depth-0': 0.45, 'depth-1': 0.58, 'depth-2': 0.68, 'depth-4': 0.8, 'depth-8': 0.84 },
  overfitting: { plain: 0.72, small: 0.59, dropout: 0.74, augmentation: 0.87, more: 0.87 },
};

for (const [name, cards] of Object.entries(FIGURES)) {
  test(`the lesson “${name}” says what its cards show`, async ({ lab, page }) => {
    test.setTimeout(400_000);
    await page.goto(`${lab.site.url}lesson.html?doc=lessons/${name}.md`);
    await expect(page.locator('lesson-view')).toBeVisible();
    const predictions = page.locator('lesson-question').filter({ has: page.locator('.predict') });
    for (const one of await predictions.all()) {
      const choices = one.getByRole('radio');
      if ((await choices.count()) > 0) await choices.first().check();
      else await one.getByRole('textbox').fill('50');
      await one.getByRole('button').click();
    }
    for (const [id, accuracy] of Object.entries(cards)) {
      const card = page.locator(`conv-lab#${id}`);
      await card.scrollIntoViewIfNeeded();
      await card.getByRole('button', { name: 'Start', exact: true }).click({ timeout: 40_000 });
      const done = card.locator('xpath=..').getByText(/You have run this experiment: [\d.]+/);
      await expect(done).toBeVisible({ timeout: 200_000 });
      const reached = Number.parseFloat(/experiment: ([\d.]+)/.exec(await done.innerText())?.[1] ?? '') / 100;
      expect(Math.abs(reached - accuracy), `${id}: ${reached}, the text says ${accuracy}`).toBeLessThan(0.025);
    }
  });
}

for (const scheme of ['light', 'dark'] as const) {
  test(`lessons look right on every screen, and axe finds nothing (${scheme})`, async ({ lab, page }, info) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const [name, address] of [
      ['lessons', 'lessons.html'],
      ['lesson', 'lesson.html?doc=lessons/convolution-by-hand.md'],
      ['week', 'lesson.html?doc=week.md'],
      ['lab-sheet', 'lab-sheet.html'],
    ] as const) {
      await page.goto(lab.site.url + address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      if (name !== 'lessons') await expect(page.locator('lesson-question').first()).toBeVisible();
      for (const width of [1280, 768, 390, 360]) {
        await page.setViewportSize({ width, height: 800 });
        const what = `${name} at ${width} px`;
        await expectFits(page, what);
        expect(await misplaced(page), what).toEqual([]);
        if (width === 360) continue;
        await expectLooks(page, scheme, `${name}-${width}`, info);
        expect(await axeFindings(page), what).toEqual([]);
      }
    }
  });
}
