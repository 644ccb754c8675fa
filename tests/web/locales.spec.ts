/** The page in German, and with text from the right. The unit tests compare the catalogues; here is what a reader sees. */
import type { Page } from '@playwright/test';
import { groupOf, TABS, type Tab, viewsOf } from '../../www/src/base/settings';
import { CLASS } from '../../www/src/locales/de/class';
import { EDITOR } from '../../www/src/locales/de/editor';
import { NUMBERS } from '../../www/src/locales/de/results';
import { LANGUAGE, PAGE, RUN_BAR } from '../../www/src/locales/de/ui';
import { expect, type LabPage, test } from './fixtures';
import { axeFindings, clipped, expectFits, misplaced } from './looks';

const QUICK = 'experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=100';

/** All texts that are shown or announced, with those of elements in elements. */
const texts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const walk = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) walk(element.shadowRoot);
        if (element.matches('script, style, noscript, code, pre, textarea')) continue;
        for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
        for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
      }
    };
    walk(document);
    return found.map((text) => text.replace(/\s+/g, ' ').trim());
  });

/** Sentences of the engine, which are English in every language, names, and the title of the run that was trained in English. */
const ENGLISH =
  /^(SIMD|WebAssembly|Mozilla|\d+ threads?|CPU|AMD|Intel|Google|ANGLE)|\b(GFLOP\/s|MiB|KiB)\b|safetensors|Keras|convlab|unorm|^Validation loss is|^MNIST: ten digits/;

/** Texts of more than two words that the page shows in English, too. */
const english = (theirs: string[], ours: ReadonlySet<string>): string[] => [
  ...new Set(
    theirs.filter(
      (text) =>
        ours.has(text) && text.split(' ').filter((word) => /\p{L}{2}/u.test(word)).length > 2 && !ENGLISH.test(text),
    ),
  ),
];

const open = async (page: Page, tab: Tab, names: { groups: Record<string, string>; views: Record<string, string> }) => {
  const group = groupOf(tab);
  await page.getByRole('tab', { name: names.groups[group] ?? '', exact: true }).click();
  if (viewsOf(group).length > 1) await page.getByRole('tab', { name: names.views[tab] ?? '', exact: true }).click();
  await expect(page.locator('.card.empty[role=status]')).toHaveCount(0);
  await page.waitForTimeout(400);
};

/** A card while it loads, and then. */
const GERMAN_CARD = /Das Labor wird geladen|Epochen/;

/** Starts a run in German, and waits for its end. */
async function train({ page, state }: LabPage): Promise<void> {
  await page.getByRole('button', { name: RUN_BAR.start, exact: true }).click();
  await expect(state).toHaveText(RUN_BAR.states.done, { timeout: 90_000 });
}

test.use({ reducedMotion: 'reduce' });

test('in German the lab trains, every view is German, whole at every width, and accessible', async ({ lab, page }) => {
  test.setTimeout(900_000);
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await page.goto(`${lab.site.url}?${QUICK}`);
  await expect(lab.button('Start')).toBeEnabled({ timeout: 90_000 });
  await lab.start();
  await lab.finished();
  const ours = new Set<string>();
  for (const tab of TABS) {
    await lab.tab((await import('../../www/src/ui/text')).PAGE.views[tab]);
    await page.waitForTimeout(400);
    for (const text of await texts(page)) ours.add(text);
  }
  expect(ours.size).toBeGreaterThan(400);
  const before = new Set(requested);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');

  await page.goto(`${lab.site.url}?lang=de&${QUICK}`);
  await expect(page.getByRole('button', { name: RUN_BAR.start, exact: true })).toBeEnabled({ timeout: 90_000 });
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await expect(page).toHaveTitle(/Trainiere ein Faltungsnetz/);
  const german = requested.filter((url) => !before.has(url) && /\/assets\/.*\.js$/.test(url));
  expect(german, 'German is one file, which the page in English does not load').toHaveLength(1);
  await train(lab);
  for (const tab of TABS) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(page, tab, PAGE);
    if (tab === 'predictions') await expect(page.locator('lab-gallery lab-image').first()).toBeVisible();
    if (tab === 'results') await expect(page.getByRole('button', { name: NUMBERS.check, exact: true })).toBeVisible();
    expect.soft(english(await texts(page), ours), `${tab}: texts that are still English`).toEqual([]);
    expect.soft(await axeFindings(page), `${tab}: axe`).toEqual([]);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(200);
      expect.soft(await clipped(page), `${tab} at ${width} px`).toEqual([]);
      expect.soft(await misplaced(page), `${tab} at ${width} px`).toEqual([]);
      await expectFits(page, `${tab} at ${width} px`);
    }
  }
});

test('the choice of a language is kept, and changes back', async ({ lab, page }) => {
  await page.goto(`${lab.site.url}?${QUICK}`);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await expect(page.getByRole('combobox', { name: LANGUAGE.label })).toBeVisible({ timeout: 60_000 });
  await page.reload();
  await expect(page.getByRole('combobox', { name: LANGUAGE.label })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('combobox', { name: LANGUAGE.label }).selectOption('en');
  await expect(page.getByRole('combobox', { name: 'Language' })).toBeVisible({ timeout: 60_000 });
});

test.describe('a browser in German', () => {
  test.use({ locale: 'de-AT' });

  test('gets German, unless the address or an earlier choice says English', async ({ lab, page }) => {
    await page.goto(`${lab.site.url}?${QUICK}`);
    await expect(page.getByRole('combobox', { name: LANGUAGE.label })).toBeVisible({ timeout: 60_000 });
    await page.goto(`${lab.site.url}?lang=en&${QUICK}`);
    await expect(page.getByRole('combobox', { name: 'Language' })).toBeVisible({ timeout: 60_000 });
    await page.goto(`${lab.site.url}?${QUICK}`);
    await expect(page.getByRole('combobox', { name: 'Language' })).toBeVisible({ timeout: 60_000 });
  });
});

test('the other pages are German, and lessons are read in German', async ({ lab, page }) => {
  test.setTimeout(300_000);
  await page.goto(`${lab.site.url}class.html?lang=de`);
  await expect(page.getByRole('heading', { name: CLASS.title })).toBeVisible();
  await expect(page.getByText(CLASS.assignment.none)).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.goto(`${lab.site.url}lesson-editor.html`);
  await expect(page.getByRole('heading', { name: 'Eine Lektion machen' })).toBeVisible();
  await expect(page.getByText(EDITOR.publish)).toBeVisible();
  await page.goto(`${lab.site.url}lessons.html`);
  await expect(page.getByRole('link', { name: 'Faltung von Hand', exact: true })).toBeVisible();
  await expect(page.getByText('Etwa 25 Minuten.')).toBeVisible();
  for (const address of ['lesson.html?doc=lessons/pooling.md', 'course.html', 'lab-sheet.html']) {
    await page.goto(lab.site.url + address);
    await expect(page.locator('lesson-view')).toContainText(/Etwa \d+ Minuten/, { timeout: 60_000 });
    await expect(page.locator('lesson-text').first()).toContainText(/ (der|die|eine) /);
    await expectFits(page, address);
  }
});

test('an element has the language of its surroundings, and a frame that of its address', async ({ lab, page }) => {
  lab.site.extra.set(
    'kurs.html',
    Buffer.from(`<!doctype html><html lang="en"><head><title>Kurs</title><link rel="icon" href="./favicon.svg">
      <script type="module" src="./conv-lab.js"></script></head><body><main lang="de"><h1>Kurs</h1>
      <conv-lab compact experiment="mnist-10" data="synthetic"></conv-lab></main></body></html>`),
  );
  await page.goto(`${lab.site.url}kurs.html`);
  await expect(page.locator('lab-card')).toContainText(GERMAN_CARD, { timeout: 60_000 });
  await page.goto(`${lab.site.url}embed.html?lang=de&experiment=mnist-10&data=synthetic`);
  await expect(page.locator('lab-card')).toContainText(GERMAN_CARD, { timeout: 60_000 });
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.goto(`${lab.site.url}?${QUICK}`);
  await expect(page.getByRole('combobox', { name: 'Language' })).toBeVisible({ timeout: 60_000 });
});

test('with text from the right nothing is cut off or lies over something else', async ({ lab, page }) => {
  test.setTimeout(300_000);
  await page.goto(`${lab.site.url}?${QUICK}`);
  await expect(lab.button('Start')).toBeEnabled({ timeout: 90_000 });
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl';
  });
  await lab.start();
  await lab.finished();
  // The side with the set-up is the right one.
  const side = await page.locator('aside').boundingBox();
  expect(side?.x).toBeGreaterThan(640);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const view of lab.views) {
      await lab.tab(view);
      await page.waitForTimeout(300);
      expect.soft(await clipped(page), `${view} at ${width} px`).toEqual([]);
      expect.soft(await misplaced(page), `${view} at ${width} px`).toEqual([]);
      await expectFits(page, `${view} at ${width} px`);
    }
  }
});

test('with text from the right a lesson, the editor and the page of a class are whole, too', async ({ lab, page }) => {
  test.setTimeout(180_000);
  const lesson = {
    lesson: 'שיעור',
    language: 'he',
    description: 'מבוא קצר לרשתות',
    minutes: 10,
    parts: [
      {
        type: 'text',
        text: '## התחלה\n\n- אחת\n- שתיים\n\n> ציטוט\n\n| א | ב |\n| - | -: |\n| 1 | 2 |\n\n```\nmodel.fit(x)\n```',
      },
      { type: 'question', id: 'a', text: 'כמה?', answer: 3, unit: 'אחוז' },
      { type: 'question', id: 'b', text: 'איזה?', choices: ['זה', 'That'] },
      { type: 'code', id: 'c', text: 'כתוב את הרשת', experiment: 'net-1' },
      { type: 'hint', title: 'רמז', text: 'הסתכל' },
      { type: 'experiment', experiment: 'mnist-10', data: 'synthetic', locked: true },
    ],
  };
  lab.site.extra.set('he.json', Buffer.from(JSON.stringify(lesson)));
  const wait = {
    'lesson.html?doc=he.json': page.locator('lesson-view conv-lab lab-card lab-run-bar'),
    'lesson-editor.html?doc=he.json': page.locator('.preview conv-lab lab-card lab-run-bar'),
    'class.html': page.locator('lab-assignment-maker'),
  };
  for (const [address, shown] of Object.entries(wait)) {
    await page.goto(lab.site.url + address);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    // A card loads when it comes into view.
    if (address.includes('he.json')) await page.locator('conv-lab').scrollIntoViewIfNeeded();
    if (address === 'class.html') await lab.button('Write or change it').click();
    await expect(shown).toBeVisible({ timeout: 60_000 });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const what = `${address} at ${width} px`;
      expect.soft(await clipped(page), what).toEqual([]);
      expect.soft(await misplaced(page), what).toEqual([]);
      await expectFits(page, what);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    // Columns run from the right: the first one is on the right side.
    if (address.startsWith('lesson-editor')) {
      const [form, preview] = await Promise.all([
        page.locator('.columns > .stack').boundingBox(),
        page.locator('.preview').boundingBox(),
      ]);
      expect(form?.x).toBeGreaterThan(preview?.x ?? Number.POSITIVE_INFINITY);
    }
    if (!address.startsWith('lesson.html')) continue;
    await expect(page.locator('article')).toHaveAttribute('dir', 'rtl');
    // A question's line is at its beginning, which is the right side; code runs from the left.
    const frame = page.locator('lesson-question .frame').first();
    expect(await frame.evaluate((one) => getComputedStyle(one).borderRightWidth)).toBe('4px');
    const code = page.locator('lesson-code textarea');
    expect(await code.evaluate((one) => getComputedStyle(one).direction)).toBe('ltr');
  }
});
