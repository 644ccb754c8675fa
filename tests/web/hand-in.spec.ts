/** The report that a student hands in: name, course, observations, kept with the run; as HTML, Markdown and A4 pages; a comparison. */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { launchOptions } from './browser';
import { expect, type LabPage, test } from './fixtures';
import { expectSound } from './looks';
import { expectWholeRows, print } from './printed';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=300&test=100&epochs=3';

async function saved(lab: LabPage, name: string, within = 'lab-report-form'): Promise<string> {
  const button = lab.page.locator(within).getByRole('button', { name, exact: true });
  const [file] = await Promise.all([lab.page.waitForEvent('download'), button.click()]);
  return readFileSync(await file.path(), 'utf8');
}

/** The text of each row of the report's tables. */
const rowsOf = (html: string): string[] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) => row.replaceAll(/<[^>]*>/g, ' '));

/** Trains, and waits until the run is stored, because a page that is left before offers to continue it instead. */
async function train(lab: LabPage, query: string, stored = 1): Promise<void> {
  await lab.open(RUN + query);
  await lab.start();
  await lab.finished();
  await lab.tab('Compare');
  await expect(lab.page.locator('lab-runs-table tbody tr')).toHaveCount(stored);
}

/** Prints a report as A4 pages; returns for each table that lies on more than one page its first words. */
async function splitTables(html: string, path: string): Promise<string[]> {
  const browser = await chromium.launch(launchOptions([]));
  try {
    const page = await browser.newPage({ viewport: { width: 680, height: 1000 } });
    await page.setContent(html);
    const pdf = await page.pdf({ path, format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    // A table that is not to be split has to fit on a page: 297 mm less the margins, at 96 pixels per inch.
    return await page
      .locator('table, .chart, figure, .observation')
      .evaluateAll((all) =>
        all
          .filter((one) => getComputedStyle(one).breakInside !== 'avoid' || one.getBoundingClientRect().height > 1000)
          .map((one) => (one.textContent ?? '').slice(0, 40)),
      );
  } finally {
    await browser.close();
  }
}

test('observations stand under the figures and survive a reload', async ({ lab, page }, info) => {
  await train(lab, '');
  await lab.tab('Results');
  const form = page.locator('lab-report-form');
  await form.getByLabel('Name').fill('Ada <b>Lovelace</b>');
  await form.getByLabel('Course').fill('Deep Learning, WS 2026');
  await form.getByLabel('Observations at the curves').fill('The loss falls.\nThen it stays.');
  await form.getByLabel('Observations at the confusion matrix').fill('4 looks like 9.');
  await form.getByLabel('Observations at the confusion matrix').blur();
  const html = await saved(lab, 'Report (HTML)');
  expect(html).toContain('Ada &lt;b&gt;Lovelace&lt;/b&gt;');
  expect(html).toContain('The loss falls.<br>Then it stays.');
  expect(html.match(/class="observation empty"/g)).toHaveLength(5);
  const markdown = await saved(lab, 'Report (Markdown)');
  expect(markdown).toContain('> 4 looks like 9.');
  expect(markdown).toContain("'val_accuracy': [");
  expect(markdown).not.toContain('"input_shape"');
  const document = JSON.parse(await saved(lab, 'Experiment (JSON)'));
  expect(document.name).toBe('mnist-10');
  // The same document is an attachment of the report.
  const attached =
    /<a download="experiment\.json" href="data:application\/json;base64,([\w+/=]+)"/.exec(html)?.[1] ?? '';
  const { text, ...rest } = JSON.parse(Buffer.from(attached, 'base64').toString());
  expect(rest).toEqual(document);
  expect(text === undefined || text.includes('digits')).toBe(true);
  // The sheet of formulas has the numbers of this network.
  for (const cells of [
    ['conv2d', '22 × 22 × 16', '(28 − 7) / 1 + 1 = 22', '((7 · 7 · 1) + 1) · 16 = 800', '379,456'],
    ['conv2d_1', '((5 · 5 · 16) + 1) · 8 = 3208', '3,208'],
    ['dense', '(196 + 1) · 10 = 1970', '1,970'],
  ])
    expect(rowsOf(html).some((row) => cells.every((cell) => row.includes(cell)))).toBe(true);
  expect(await splitTables(html, info.outputPath('report.pdf'))).toEqual([]);
  await expectSound(page, 'report', info);

  await page.setViewportSize({ width: 1280, height: 900 });
  await lab.open(`${RUN}&tab=compare`);
  await lab.button(/^Report of mnist-10/).click();
  await expect(form.getByLabel('Observations at the curves')).toHaveValue('The loss falls.\nThen it stays.');
  const again = await saved(lab, 'Report (HTML)');
  expect(again).toContain('4 looks like 9.');
  // With the predictions, although nothing was trained in this visit.
  expect(again.match(/<figure /g)).toHaveLength(21);
});

/** A run of many epochs, as its file has it. */
function longRun(epochs: number): object {
  const figures = (n: number) => ({
    loss: 2 / n,
    accuracy: 1 - 0.6 / n,
    val_loss: 2 / n + n / 100,
    val_accuracy: 1 - 0.7 / n,
  });
  const row = (_: unknown, i: number) => ({ epoch: i + 1, ...figures(i + 1), learning_rate: 0.001, seconds: 2 });
  return {
    id: 'long',
    saved_at: '2026-11-21T08:00:00.000Z',
    experiment: {
      name: 'long',
      dataset: { name: 'synthetic_digits', validation: { split: 0.2 } },
      input_shape: [28, 28, 1],
      layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }],
      loss: 'sparse_categorical_crossentropy',
      optimizer: { type: 'adam', learning_rate: 0.001 },
      batch_size: 20,
      epochs,
    },
    epochs: Array.from({ length: epochs }, row),
    learning_rates: [0.001],
    engine: 'cpu',
    device: '2 lanes',
    build: 'simd128',
    seed: 0,
    classes: [...'0123456789'],
    train_samples: 240,
    validation_samples: 60,
    test_samples: 100,
    images_per_s: 50,
    test: {
      test_loss: 1,
      test_accuracy: 1,
      test_top_5_accuracy: 1,
      confusion: Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j) => (i === j ? 10 : 0))),
    },
  };
}

test('the report of sixty epochs on A4: no table is split, and each piece has its head', async ({
  lab,
  page,
}, info) => {
  await lab.open(`${RUN}&tab=compare`);
  const buffer = Buffer.from(JSON.stringify(longRun(60)));
  const file = { name: 'long.run.json', mimeType: 'application/json', buffer };
  await page.locator('lab-runs-table input[type=file]').setInputFiles(file);
  await lab.button(/^Report of long/).click();
  const html = await saved(lab, 'Report (HTML)');
  expect(html).toContain('(784 + 1) · 10 = 7850');
  const paper = await print(html, info.outputPath('long.pdf'));
  expect(paper.pages).toBeGreaterThan(3);
  expect(paper.pages).toBeLessThan(9);
  expectWholeRows(paper);
  const spread = paper.tables.map(({ rows }) => new Set(rows.flat()).size);
  expect(spread.filter((pages) => pages !== 1)).toEqual([]);
  // The history lies on two pages, in pieces that have a head each.
  const history = paper.tables.filter(({ rows }) => rows.length === 30);
  expect(history).toHaveLength(2);
  expect(history[0]?.head).not.toEqual(history[1]?.head);
});

test('the page prints the report', async ({ lab, page }) => {
  await page.addInitScript(() => {
    window.print = () => {
      const images = document.querySelectorAll('figure canvas').length;
      const ink = getComputedStyle(document.querySelector('h1') ?? document.body).fontSize;
      window.top?.postMessage({ printed: [document.title, images, ink] }, '*');
    };
    window.addEventListener('message', ({ data }) => {
      if (data?.printed) document.documentElement.dataset.printed = JSON.stringify(data.printed);
    });
  });
  await train(lab, '&epochs=1');
  await lab.tab('Results');
  await lab.button('Print, or save as PDF').click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', /MNIST.*,21,"28\.8px"/);
});

test('runs are compared: both curves, the gap, rows, and a report', async ({ lab, page }, info) => {
  for (const [i, batch] of [20, 30, 40, 50].entries()) await train(lab, `&batch=${batch}`, i + 1);
  await expect(page.locator('lab-compare-view lab-line-chart')).toHaveCount(3);
  // Four runs: a row for each.
  const table = page.locator('lab-compare-table table');
  await expect(table.locator('tbody tr')).toHaveCount(4);
  await expect(table.locator('thead th').first()).toHaveText('Run');
  await expect(table.locator('thead')).toContainText('batch_size');
  const form = page.locator('lab-compare-view .report');
  await form.getByLabel('Observations at the gap').fill('Small batches overfit sooner.');
  await form.getByLabel('Observations at the gap').blur();
  await lab.tab('Results');
  await lab.tab('Compare');
  await expect(form.getByLabel('Observations at the gap')).toHaveValue('Small batches overfit sooner.');
  const html = await saved(lab, 'Report (HTML)', 'lab-compare-view .report');
  expect(html).toContain('Small batches overfit sooner.');
  expect(html.match(/<svg/g)).toHaveLength(3);
  expect(html).toContain('<td>mnist-10 (4)</td>');
  expect(await splitTables(html, info.outputPath('comparison.pdf'))).toEqual([]);
  expectWholeRows(await print(html, info.outputPath('comparison.pdf')));
  await expectSound(page, 'compare', info);
});
