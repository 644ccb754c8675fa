/** Runs are stored, restored after a reload, compared, saved and loaded. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, type LabPage, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=300&test=100&epochs=2';

const rows = (page: Page) => page.locator('lab-runs-table tbody tr');
const figure = (page: Page, name: string) =>
  page.locator('lab-compare-table tr', { has: page.getByRole('rowheader', { name, exact: true }) }).locator('td');

const numbers = (texts: string[]) => texts.map((text) => Number.parseFloat(text));

/** Trains, and waits until the run is stored, and therefore shown. */
async function train(lab: LabPage, query: string, kept: number): Promise<void> {
  await lab.open(RUN + query);
  await lab.start();
  await lab.finished();
  await lab.tab('Compare');
  await expect(rows(lab.page)).toHaveCount(kept);
}

test('finished runs are stored, compared, and restored after a reload', async ({ lab, page }) => {
  await train(lab, '&seed=1', 1);
  await train(lab, '&seed=1&batch=50', 2);
  await lab.open(`${RUN}&tab=compare`);
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator('lab-compare-table thead th')).toHaveCount(2);
  // The older run is first; the other one differs from it only in its batch size.
  await expect(page.locator('lab-compare-table tbody.spec tr')).toHaveCount(1);
  await expect(figure(page, 'batch_size')).toHaveText(['20', '50']);
  await expect(figure(page, 'Parameters')).toHaveText(['6,270', '6,270']);
  await expect(figure(page, 'Test accuracy')).toHaveText([/[\d.]+.%/, /[\d.]+.%/]);
  await expect(figure(page, 'Time')).toHaveText([/\d/, /\d/]);
  // Accuracy, loss and the gap between training and validation.
  await expect(page.locator('lab-compare-view lab-line-chart')).toHaveCount(3);

  // The gap as a number: training minus validation accuracy after the last epoch, as the table of the curves has them.
  const row = page.locator('lab-compare-table tr', { hasText: 'Accuracy gap at the end' });
  await expect(row).toContainText('training minus validation accuracy after the last epoch');
  const gaps = numbers(await row.locator('td').allInnerTexts());
  const curves = page.locator('lab-chart-table');
  await curves.locator('summary').click();
  const heads = await curves.locator('thead th').allInnerTexts();
  const last = numbers(await curves.locator('tbody tr').last().locator('th, td').allInnerTexts());
  const column = (start: string, end: RegExp) =>
    last.filter((_, i) => heads[i]?.startsWith(start) && end.test(heads[i] ?? ''));
  const training = column('Accuracy', /, training$/);
  const validation = column('Accuracy', /seed 1$/);
  expect([gaps.length, training.length, validation.length]).toEqual([2, 2, 2]);
  expect(gaps).toEqual(column('Gap', /seed 1$/));
  for (const [i, gap] of gaps.entries()) {
    expect(Math.abs((training[i] ?? 0) - (validation[i] ?? 0) - gap)).toBeLessThan(0.011);
  }

  await rows(page).first().getByRole('checkbox').uncheck();
  await expect(page.locator('lab-compare-table thead th')).toHaveCount(1);
  await lab.open(`${RUN}&tab=compare`);
  await expect(rows(page).first().getByRole('checkbox')).not.toBeChecked();
});

test('seeds of one experiment become a mean with a band', async ({ lab, page }) => {
  for (const seed of [1, 2, 3]) await train(lab, `&seed=${seed}`, seed);
  await lab.tab('Compare');
  await expect(rows(page)).toHaveCount(3);
  await expect(page.locator('lab-compare-table thead th')).toHaveText(/3 seeds/);
  await expect(figure(page, 'Test accuracy')).toHaveText(/[\d.]+.% ± [\d.]+.%/);
  await page.getByLabel(/Seeds together/).uncheck();
  await expect(page.locator('lab-compare-table thead th')).toHaveCount(3);
  await expect(page.locator('lab-compare-table tbody.spec')).toContainText('do not differ');
});

test('an active run can be added to the comparison', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=60`);
  await lab.start();
  await expect(lab.epochRows.first()).toBeVisible({ timeout: 60_000 });
  await lab.tab('Compare');
  await lab.button('Pin the run as it is now').click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('not finished');
  const epochs = async () => Number(await rows(page).locator('td').nth(2).innerText());
  const pinned = await epochs();
  await page.waitForTimeout(1500);
  await lab.button('Pin the run as it is now').click();
  await expect.poll(epochs).toBeGreaterThan(pinned);
  await expect(rows(page), 'it is the same run').toHaveCount(1);
});

test('a run is saved as a file and loaded, and a file that is not a run is refused with a message', async ({
  lab,
  page,
}, info) => {
  await train(lab, '&seed=4', 1);
  await lab.tab('Compare');
  await expect(rows(page)).toHaveCount(1);
  const accuracy = await rows(page).locator('td').nth(3).innerText();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByLabel(/^Download /).click()]);
  const path = info.outputPath('saved.run.json');
  await file.saveAs(path);
  const run = JSON.parse(readFileSync(path, 'utf8'));
  expect(run).toMatchObject({ seed: 4, complete: true, train_samples: 300, engine: 'cpu' });
  expect(run.learning_rates).toHaveLength(30);

  await page.getByLabel(/^Delete /).click();
  await expect(rows(page)).toHaveCount(0);
  await lab.open(`${RUN}&tab=compare`);
  await expect(rows(page)).toHaveCount(0);
  const wrong = info.outputPath('wrong.json');
  writeFileSync(wrong, '{"epochs": []}');
  // The totals of a file are not trusted but computed again.
  writeFileSync(path, JSON.stringify({ ...run, totals: { ...run.totals, params: 1 } }));
  await page.locator('lab-runs-table input[type=file]').setInputFiles([path, wrong]);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).locator('td').nth(3)).toHaveText(accuracy);
  await expect(figure(page, 'Parameters')).toHaveText('6,270');
  await lab.expectMessage(/wrong\.json: data: this is not a run: it has no experiment/);
});
