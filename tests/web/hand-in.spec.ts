/** The report that a student hands in: name, course, observations, kept with the run; as HTML, Markdown and A4 pages; a comparison. */
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { launchOptions } from './browser';
import { expect, type LabPage, test } from './fixtures';
import { expectSound } from './looks';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=300&test=100&epochs=3';

async function saved(lab: LabPage, name: string, within = 'lab-report-form'): Promise<string> {
  const button = lab.page.locator(within).getByRole('button', { name, exact: true });
  const [file] = await Promise.all([lab.page.waitForEvent('download'), button.click()]);
  return readFileSync(await file.path(), 'utf8');
}

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
  expect(JSON.parse(await saved(lab, 'Experiment (JSON)')).name).toBe('mnist-10');
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
  await expectSound(page, 'compare', info);
});
