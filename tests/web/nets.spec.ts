/** NET I, II and III on the real CIFAR-10: trained, compared, and reported with observations that stay. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { realFiles } from './files';
import { expect, skipLoudly, test } from './fixtures';
import { expectEveryViewSound } from './views';

const cifar =
  realFiles('cifar10', ['cifar-10-binary-small.tar.gz']) ?? realFiles('cifar10', ['cifar-10-binary.tar.gz']);

const NETS: [id: string, params: string][] = [
  ['net-1', '193,034'],
  ['net-2', '686,090'],
  ['net-3', '3,267,306'],
];

async function saved(page: Page, within: string, button: string): Promise<string> {
  const save = page.locator(within).getByRole('button', { name: button, exact: true });
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  return readFileSync(await file.path(), 'utf8');
}

test('NET I to III are trained on CIFAR-10, compared and reported', async ({ lab, page }) => {
  skipLoudly(cifar === null, 'no CIFAR-10 archive (set CONVLAB_DATA)');
  test.setTimeout(300_000);
  const kept = page.locator('lab-runs-table tbody tr');
  for (const [i, [id]] of NETS.entries()) {
    await lab.open(`?experiment=${id}&engine=cpu&epochs=2&batch=32&train=320&test=100`);
    if (i === 0) await lab.drop(cifar ?? []);
    await expect(page.getByText(/CIFAR-10.*: [\d,]+ training and [\d,]+ test images/)).toBeVisible({ timeout: 60_000 });
    await lab.start();
    await lab.finished(150_000);
    await lab.tab('Compare');
    await expect(kept).toHaveCount(i + 1);
  }

  const table = page.locator('lab-compare-table');
  await expect(table.locator('thead th')).toHaveText(NETS.map(([id]) => new RegExp(id)));
  const cells = (name: string) =>
    table.locator('tr', { has: page.getByRole('rowheader', { name, exact: true }) }).locator('td');
  await expect(cells('Parameters')).toHaveText(NETS.map(([, params]) => params));
  const accuracies = await cells('Test accuracy').allInnerTexts();
  expect(accuracies).toHaveLength(3);
  const gaps = (await table.locator('tr', { hasText: 'Accuracy gap at the end' }).locator('td').allInnerTexts()).map(
    Number.parseFloat,
  );
  expect(gaps).toHaveLength(3);
  // Training and validation, and the gap between them.
  await expect(page.locator('lab-compare-view lab-line-chart')).toHaveCount(3);

  const form = page.locator('lab-compare-view .report');
  await form.getByLabel('Observations at the gap').fill('NET III deviates least.');
  await form.getByLabel('Observations at the gap').blur();
  const comparison = await saved(page, 'lab-compare-view .report', 'Report (HTML)');
  for (const [id, params] of NETS) {
    expect(comparison).toContain(id);
    expect(comparison).toContain(params);
  }
  expect(comparison).toContain('NET III deviates least.');
  // The gap of each, in percentage points, beside that of the first.
  const sentence =
    /<li>(net-\d): [^<]*Its gap at the end, (-?[\d.]+) points, is ([\d.]+) points (smaller|larger) than that of net-1\./g;
  const said = [...comparison.matchAll(sentence)].map(([, id, gap, by, word]) => ({ id, gap, by, word }));
  expect(said.map(({ id }) => id)).toEqual(['net-2', 'net-3']);
  const [first = 0, ...others] = gaps;
  for (const [i, own] of others.entries()) {
    expect(Math.abs(Number(said[i]?.gap) - own)).toBeLessThan(0.011);
    expect(Math.abs(Number(said[i]?.by) - Math.abs(own - first))).toBeLessThan(0.021);
    if (Math.abs(own - first) > 0.01) expect(said[i]?.word).toBe(own < first ? 'smaller' : 'larger');
  }
  expect(comparison.match(/<svg/g)).toHaveLength(3);

  // The report of one of them: what was written stays with the run.
  await lab.button(/^Report of net-2/).click();
  const report = page.locator('lab-report-form');
  await report.getByLabel('Observations at the curves').fill('It overfits sooner than NET I.');
  await report.getByLabel('Observations at the curves').blur();
  // It is stored within a moment; nothing on the page shows when.
  await page.waitForTimeout(1000);
  await page.reload();
  await lab.button(/^Report of net-2/).click();
  await expect(report.getByLabel('Observations at the curves')).toHaveValue('It overfits sooner than NET I.');
  const html = await saved(page, 'lab-report-form', 'Report (HTML)');
  expect(html).toContain('It overfits sooner than NET I.');
  expect(html).toContain('automobile');
  expect(html, 'with the images that the network saw').toMatch(/<figure /);
});

test('every view of a run on CIFAR-10 is whole on a laptop, a tablet and a phone, in light and in dark', async ({
  lab,
  page,
}, info) => {
  skipLoudly(cifar === null, 'no CIFAR-10 archive (set CONVLAB_DATA)');
  test.setTimeout(400_000);
  await lab.open('?experiment=net-1&engine=cpu&epochs=2&batch=32&train=640&test=200');
  await lab.drop(cifar ?? []);
  await expect(page.getByText(/CIFAR-10.*: [\d,]+ training and [\d,]+ test images/)).toBeVisible({ timeout: 60_000 });
  await lab.start();
  await lab.finished(150_000);
  await expectEveryViewSound(lab, 'cifar', info);
});
