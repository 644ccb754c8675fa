/** After a run: its analysis, the report to hand in, downloads, and loading of weights. */
import { readFileSync } from 'node:fs';
import { expect, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=600&test=100&epochs=3';

test('the report is one self-contained file', async ({ lab, page, browser }) => {
  await lab.open(RUN);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const accuracy = await page.locator('lab-results-view .tile dd').first().innerText();
  await expect(page.locator('lab-analysis')).toContainText(/Validation loss is lowest after epoch \d/);

  const save = async (name: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), lab.button(name).click()]);
    return { name: file.suggestedFilename(), path: await file.path() };
  };
  const report = await save('Report (HTML)');
  expect(report.name).toBe('mnist-10-report.html');
  const text = readFileSync(report.path, 'utf8');
  expect(text).not.toMatch(/(src|href)="(?!data:)/);
  expect(text).not.toContain('Look for');
  expect(text).toContain('history.history = {\n  &#39;loss&#39;: [');
  // The document is an attachment, not a page of the report.
  expect(text).not.toContain('input_shape');
  // The report is about this run only, not about the results in the experiment's description.
  expect(text).toContain('Question.');
  expect(text).not.toContain('We found');
  expect(text).toMatch(/images per second, [\d.]+ ms per step of 20/);
  expect(text).toContain('Chrom');
  const reader = await browser.newPage({ offline: true });
  await reader.setContent(text);
  await expect(reader.locator('h1')).toContainText('MNIST');
  await expect(reader.locator('.figures')).toContainText(accuracy.replace('\u202f', ' '));
  await expect(reader.locator('svg.chart')).toHaveCount(2);
  await expect(reader.locator('table.confusion tbody tr')).toHaveCount(10);
  await expect(reader.locator('.first img')).toHaveCount(1);
  await expect(reader.locator('.observation.empty')).toHaveCount(7);
  const images = reader.locator('.samples img');
  await expect(images).toHaveCount(20);
  expect(await images.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth))).toEqual(
    Array(20).fill(28),
  );
  await reader.close();

  const markdown = readFileSync((await save('Report (Markdown)')).path, 'utf8');
  expect(markdown).toContain('## Confusion matrix');
  const run = JSON.parse(readFileSync((await save('Run (JSON)')).path, 'utf8'));
  expect(run.test.confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(100);
  for (const [name, file, word] of [
    ['Keras script', 'mnist-10_keras.py', 'keras'],
    ['PyTorch script', 'mnist-10_pytorch.py', 'torch'],
  ] as const) {
    const script = await save(name);
    expect(script.name).toBe(file);
    const python = readFileSync(script.path, 'utf8');
    expect(python).toContain(`import ${word}`);
    // The script reads the weights under the name of the page's download.
    expect(python).toContain('"name": "mnist-10"');
    expect(python).toContain('CONFIG["name"], flags=re.ASCII) + ".safetensors"');
  }
});

test('a stopped run also has a report', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=60`);
  await lab.start();
  await expect(lab.epochRows.first()).toBeVisible({ timeout: 60_000 });
  await lab.tab('Results');
  await expect(lab.button('Report (HTML)')).toHaveCount(0);
  await lab.button('Stop').click();
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Report (HTML)').click()]);
  expect(readFileSync(await file.path(), 'utf8')).toMatch(/\d+ of 60/);
});

test('weights are saved and loaded: the test figures are the same, and training continues from them', async ({
  lab,
  page,
}, info) => {
  await lab.open(RUN);
  const figures = await lab.trained();
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Weights (safetensors)').click()]);
  const path = info.outputPath('mnist-10.safetensors');
  await file.saveAs(path);

  await lab.open(`${RUN}&tab=results`);
  await page.getByLabel('Load weights…').last().setInputFiles(path);
  await lab.expectMessage(/mnist-10\.safetensors is loaded into “mnist-10”/);
  await expect(lab.state).toHaveText('Paused');
  await expect(lab.figures).toHaveText(figures);
  await lab.button('Resume').click();
  await lab.finished();

  await lab.open('?experiment=mnist-4&data=synthetic&engine=cpu&train=600&test=100&tab=results');
  await page.getByLabel('Load weights…').last().setInputFiles(path);
  await lab.expectMessage(/weights: tensor .dense\.kernel. must be/);
});

test('a network of ten digits is also evaluated on four groups and compared with the network trained on them', async ({
  lab,
  page,
}) => {
  const rest = '&data=synthetic&engine=cpu&train=600&test=100&epochs=2';
  await lab.open(`?experiment=mnist-10${rest}`);
  await lab.start();
  await lab.finished();
  await lab.tab('Results');
  const card = page.locator('lab-analysis section', { hasText: 'On 4 merged classes' });
  await expect(card).toContainText('{0, 6} {1, 7} {2, 3, 8, 5} {4, 9}');
  await expect(card).toContainText('Train “mnist-4” to compare');
  const shares = async () => (await card.locator('.number').allInnerTexts()).map(Number.parseFloat);
  const [plain = 0, merged = 0] = await shares();
  expect(merged).toBeGreaterThanOrEqual(plain);

  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-4');
  await lab.start();
  await lab.finished();
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-10');
  await lab.start();
  await lab.finished();
  await expect(card.locator('lab-bars li')).toHaveCount(3);
  await lab.tab('Compare');
  const row = page.locator('lab-compare-table tr', { hasText: 'Accuracy on 4 merged classes' });
  await expect(row.locator('td').first()).toHaveText(/[\d.]+.%/);
});
