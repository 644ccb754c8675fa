/** The page that checks a class: verdicts, table and CSV are those of the command line; the overview on paper. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, TestInfo } from '@playwright/test';
import { type Handed, honestRuns, WEEK, zip } from './class-files';
import { expect, type LabPage, skipLoudly, test } from './fixtures';
import { axeFindings, expectFits, expectSound } from './looks';
import { expectWholeRows, print } from './printed';
import { CONVLAB } from './verify';

const EMPTY =
  Buffer.from(`<!doctype html><html lang="en"><head><title>Runs</title><link rel="icon" href="./favicon.svg">
  </head><body><script type="module" src="./conv-lab.js"></script></body></html>`);

test.use({ extra: new Map([['runs.html', EMPTY]]) });

const DEADLINE = '2026-12-04T18:00:00+01:00';
/** 2026-12-01 and 2026-12-05, in Unix time. */
const [IN_TIME, TOO_LATE] = [1_796_126_400, 1_796_126_400 + 4 * 86_400];

/** So many of the other files are honest; each run takes seconds. */
const HONEST = 3;

/** Honest, forged, cut off, copied, empty, late, and foreign files, written to a folder; and `others`: honest runs, then copies of them. */
async function makeClass(
  lab: LabPage,
  page: Page,
  info: TestInfo,
  others = 0,
): Promise<{ folder: string; names: string[] }> {
  await page.goto(`${lab.site.url}runs.html`);
  await page.waitForFunction(() => customElements.get('conv-lab') !== undefined);
  const [ada, bob, cleo] = (await honestRuns(page, ['Ada Lovelace', '=1+1', 'Cleo'])) as [Handed, Handed, Handed];
  const students = Array.from({ length: others }, (_, n) => `Student ${n + 1}`);
  const trained = await honestRuns(page, students.slice(0, HONEST));
  const rest = students.map((student, n) => ({ ...trained[n % HONEST], student }));
  const text = (value: unknown) => JSON.stringify(value);
  const figures = cleo.test as { test_accuracy: number; test_loss: number };
  const files = new Map([
    ['a-ada.json', text({ ...ada, guess: 0.5, answers: { why: 'Few images; =cmd', layers: 'three' } })],
    ['b-formula.json', text(bob)],
    ['c-forged.json', text({ ...cleo, test: { ...figures, test_loss: figures.test_loss / 2 } })],
    ['d-copy.json', text({ ...ada, student: 'Copy' })],
    ['e-cut.json', text(ada).slice(0, 900)],
    ['f-empty.json', ''],
    ['g-late.json', text(cleo)],
    ['h-other.pdf', '%PDF-1.7'],
    ['i-epochs.json', text({ ...cleo, experiment: { ...(cleo.experiment as object), epochs: 2 } })],
    ...rest.map((run, n): [string, string] => [`j-${n + 1}.json`, text(run)]),
  ]);
  const folder = info.outputPath('class');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) {
    writeFileSync(join(folder, name), content);
    const seconds = name === 'g-late.json' ? TOO_LATE : IN_TIME;
    utimesSync(join(folder, name), seconds, seconds);
  }
  writeFileSync(join(info.outputDir, 'week.json'), JSON.stringify({ ...WEEK, deadline: DEADLINE }));
  return { folder, names: [...files.keys()] };
}

interface Row {
  file: string;
  verdict: string;
  reason: string;
  points: number | null;
}

/** The command line's verdicts, its table and its overview, for files in a folder. */
function commandLine(folder: string, paths: string[], out: string): { rows: Row[]; csv: string } {
  const args = [
    'verify',
    ...paths,
    '--assignment',
    '../week.json',
    '--csv',
    `../${out}.csv`,
    '--html',
    `../${out}.html`,
  ];
  let output = '';
  try {
    output = execFileSync(CONVLAB ?? '', [...args, '--json'], { cwd: folder, stdio: 'pipe' }).toString();
  } catch (error) {
    output = String((error as { stdout: Buffer }).stdout);
  }
  const rows = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  return { rows, csv: readFileSync(join(folder, `../${out}.csv`), 'utf8') };
}

const saved = async (page: Page, lab: LabPage, button: string): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button(button).click()]);
  return readFileSync(await file.path(), 'utf8');
};

test('files dropped on the page become the table of the command line, which can be opened, sorted and regraded', async ({
  lab,
  page,
}, info) => {
  test.setTimeout(240_000);
  const { folder, names } = await makeClass(lab, page, info);
  await page.goto(`${lab.site.url}class.html`);
  const picker = (name: string) => page.locator(`lab-class input[name=${name}]`);
  await picker('submissions').setInputFiles(names.map((name) => join(folder, name)));
  await expect(page.getByText('They are checked as soon as there is an assignment.')).toBeVisible({ timeout: 60_000 });
  // Another file of the same name is not taken without a choice.
  const other = { name: 'f-empty.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
  await picker('submissions').setInputFiles(other);
  await expect(page.getByText('already there, with other content: f-empty.json.')).toBeVisible();
  await lab.button('Keep the first').click();
  const sent: string[] = [];
  page.context().on('request', (request) => {
    const isOwn = request.url().startsWith(lab.site.url) || request.url().startsWith('blob:');
    if (!isOwn || request.method() !== 'GET') sent.push(`${request.method()} ${request.url()}`);
  });
  await picker('assignment').setInputFiles(info.outputPath('week.json'));
  await expect(page.getByText('9 files checked.')).toBeVisible({ timeout: 120_000 });
  const rows = page.locator('lab-class-table tbody tr');
  await expect(rows).toHaveCount(9);
  const verdicts = await rows.locator('.verdict').allInnerTexts();
  expect(verdicts).toEqual([
    'confirmed',
    'confirmed',
    'refuted',
    'refuted',
    'unreadable',
    'unreadable',
    'confirmed',
    'unreadable',
    'refuted',
  ]);
  await expect(rows.nth(6)).toContainText('late');
  await expect(rows.nth(3)).toContainText('a-ada.json');
  await expect(rows.nth(0)).toContainText('d-copy.json');
  expect(sent, 'nothing leaves the browser').toEqual([]);

  // One submission.
  await lab.button('Open Ada Lovelace').click();
  const detail = page.locator('lab-class-detail');
  await expect(detail).toContainText('repeated with the same figures to the last bit');
  await expect(detail.locator('lab-confusion td').first()).toBeVisible();
  await expect(detail.locator('lab-line-chart')).toHaveCount(2);
  await expect(detail).toContainText('Why does it learn so little?');
  await expect(detail).toContainText('Few images; =cmd');
  await lab.button('Open Cleo').first().click();
  await expect(detail).toContainText('the test loss is');
  await expectSound(page, 'submission', info);
  await page.emulateMedia({ colorScheme: 'light' });

  // The focus goes back to the line.
  await detail.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(lab.button('Open Cleo').first()).toBeFocused();

  // Sorted by points, the most first.
  await lab.button('Points').click();
  await lab.button('Points').click();
  await expect(rows.first()).toContainText('Ada Lovelace');
  await expect(page.locator('lab-class-table th[aria-sort=descending]')).toHaveText(/Points/);
  await lab.button('Points').click();

  const csv = await saved(page, lab, 'Save as CSV');
  const overview = await saved(page, lab, 'Save the overview');
  expect(overview).toContain('<article');
  expect(csv).not.toContain(',=1+1');
  if (CONVLAB !== undefined) {
    const native = commandLine(folder, names, 'grades');
    expect(csv).toBe(native.csv);
    expect(verdicts).toEqual(native.rows.map(({ verdict }) => verdict));
  }

  // Other points need no replay.
  await lab.button('Write or change it').click();
  const maker = page.locator('lab-assignment-maker');
  await expect(maker.getByLabel('Title')).toHaveValue('Week 3');
  await maker.getByLabel('Points', { exact: true }).first().fill('5.5');
  // The points follow a question that gets another name.
  const name = maker.getByLabel('Short name').first();
  await name.fill('reason');
  await expect(maker.locator('pre').last()).toContainText('"answer": "reason"');
  await name.fill('why');
  await expectSound(page, 'maker', info);
  await page.emulateMedia({ colorScheme: 'light' });
  // The build of the CPU engine, and the checksum of the images, which has to be one.
  const json = maker.locator('pre').last();
  await maker.getByLabel('Build of the CPU engine').selectOption('any');
  await expect(json).toContainText('"build": "any"');
  await maker.getByLabel('Build of the CPU engine').selectOption('');
  await expect(json).not.toContainText('"build"');
  const checksum = maker.getByLabel('Checksum of the images');
  await checksum.fill('a0b1');
  await lab.button('Use it here').click();
  await expect(page.getByRole('alert')).toContainText('write 64 hexadecimal digits');
  await page.getByRole('alert').getByRole('button').click();
  await checksum.fill('A0'.repeat(32));
  await expect(json).toContainText(`"data_sha256": "${'a0'.repeat(32)}"`);
  await checksum.fill('');
  await lab.button('Use it here').click();
  await expect(rows.first()).toContainText('9.5');
  await expect(page.getByText('9 files checked.')).toBeVisible();
  // Another document shows its own choices, whatever was chosen before.
  const engine = maker.locator('select:has(option[value=cpu])');
  await engine.selectOption('any');
  await picker('assignment').setInputFiles(info.outputPath('week.json'));
  await expect(engine).toHaveValue('cpu');
  await expect(page.getByText('9 files checked.')).toBeVisible();

  // In a later visit the same files need no replay, unless the teacher asks for it.
  await page.reload();
  await picker('submissions').setInputFiles(names.map((name) => join(folder, name)));
  await picker('assignment').setInputFiles(info.outputPath('week.json'));
  const earlier = page.getByText(/The verdicts of \d files are from an earlier check in this browser\./);
  await expect(earlier).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('9 files checked.')).toBeVisible();
  expect(await rows.locator('.verdict').allInnerTexts()).toEqual(verdicts);
  await lab.button('Check again').click();
  await expect(earlier).toHaveCount(0);
  await expect(page.getByText('9 files checked.')).toBeVisible({ timeout: 120_000 });
  expect(await rows.locator('.verdict').allInnerTexts()).toEqual(verdicts);
  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
});

test('a zip of thirty files is read as on the command line; a check can be paused; a wrong document is an error', async ({
  lab,
  page,
}, info) => {
  test.setTimeout(240_000);
  const { folder, names } = await makeClass(lab, page, info, 21);
  const archive = join(folder, 'class.zip');
  writeFileSync(archive, zip(new Map(names.map((name) => [`in/${name}`, readFileSync(join(folder, name))]))));
  // The engine comes slowly, so that there is time to pause.
  await page.route(/\.wasm$/, async (route) => {
    await new Promise((done) => setTimeout(done, 2000));
    await route.continue();
  });
  await page.goto(`${lab.site.url}class.html`);
  const wrong = info.outputPath('wrong.json');
  writeFileSync(wrong, JSON.stringify({ assignment: 'W', experiment: 'net-0' }));
  const picker = (name: string) => page.locator(`lab-class input[name=${name}]`);
  await picker('assignment').setInputFiles(wrong);
  await expect(page.getByRole('alert')).toContainText('net-0', { timeout: 60_000 });
  await lab.drop([archive, info.outputPath('week.json')]);
  await lab.button('Pause').click({ timeout: 60_000 });
  await expect(page.getByText('Paused.')).toBeVisible();
  await lab.button('Go on').click();
  await expect(page.getByText('30 files checked.')).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('lab-class-table tbody tr').first()).toContainText('class.zip/in/a-ada.json');
  // On paper the table goes over pages that have its head each; no row and no submission is split.
  const paper = await print(await saved(page, lab, 'Save the overview'), info.outputPath('overview.pdf'));
  expectWholeRows(paper);
  const [all] = paper.tables;
  expect(all?.rows).toHaveLength(30);
  expect(paper.pages).toBeGreaterThan(2);
  expect(paper.articles.length).toBeGreaterThan(20);
  expect(paper.articles.filter((pages) => pages.length > 1)).toEqual([]);
  const csv = await saved(page, lab, 'Save as CSV');
  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  expect(csv).toBe(commandLine(folder, ['class.zip'], 'zipped').csv);
});

test('the overview of the command line on the screen and on paper', async ({ lab, page }, info) => {
  skipLoudly(CONVLAB === undefined, 'no convlab binary (cargo build)');
  test.setTimeout(180_000);
  const { folder, names } = await makeClass(lab, page, info);
  commandLine(folder, names, 'overview');
  lab.site.extra.set('overview.html', readFileSync(info.outputPath('overview.html')));
  // Its styles are in it, as a single file must have them; the site's own policy is not that of this file.
  await page.route('**/overview.html', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers['content-security-policy'];
    await route.fulfill({ response, headers });
  });
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, media: 'screen' });
    for (const width of [1280, 768, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${lab.site.url}overview.html`);
      await expectFits(page, `the overview at ${width} px`);
      expect(await axeFindings(page)).toEqual([]);
    }
  }
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.setViewportSize({ width: 1000, height: 900 });
  // On paper nothing scrolls: the table is as wide as the page.
  const clipped = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.wide, table')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 80)),
  );
  expect(clipped).toEqual([]);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.length).toBeGreaterThan(5000);
  writeFileSync(info.outputPath('overview.pdf'), pdf);
});
