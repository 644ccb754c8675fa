/** The engine comes in parts: what a run needs first is enough for it, and a part that cannot be had costs nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, type LabPage, needsGpu, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&epochs=1&train=400&test=100';

test.use({ serviceWorkers: 'block', expectedComplaints: [/status of 404|Service Worker registration blocked/] });

test('a run needs the first part alone; what needs another says that it is missing, and has it once it is there', async ({
  lab,
  page,
}) => {
  lab.site.missing = /assets\/(later|gpu)-/;
  await lab.open(`${RUN}&engine=cpu`);
  await lab.start();
  await lab.finished();
  expect(lab.site.requests.filter((path) => /assets\/gpu-/.test(path))).toEqual([]);
  await lab.tab('Results');
  await lab.button('Weights (safetensors)').click();
  await lab.expectMessage(/A part of the engine could not be fetched \(the server answered 404\)/);

  lab.site.missing = null;
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Weights (safetensors)').click()]);
  expect(file.suggestedFilename()).toMatch(/\.safetensors$/);
});

test('without the part for the GPU a run there does not start, and one on the CPU does', async ({ lab, page }) => {
  await lab.open(`${RUN}&engine=cpu`);
  await needsGpu(page);
  lab.site.missing = /assets\/gpu-/;
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await lab.button('Start').click();
  await lab.expectMessage(/A part of the engine could not be fetched/);
  await page.getByRole('radio', { name: 'CPU' }).check();
  await lab.start();
  await lab.finished();

  lab.site.missing = null;
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await lab.start();
  await lab.finished();
  await lab.tab('Device');
  await expect(page.locator('lab-device-view')).toContainText('The last run used the WebGPU engine');
});

test('a GPU in software is used where it is asked for alone', async ({ lab, page }) => {
  await lab.open(`${RUN}&engine=auto`);
  await needsGpu(page);
  await lab.start();
  await lab.finished();
  await lab.tab('Device');
  await expect(page.locator('lab-device-view')).toContainText('The last run used the CPU engine');
  expect(lab.site.requests.filter((path) => /assets\/gpu-/.test(path))).toEqual([]);
});

/** A page that takes the adapter in software for a graphics card. */
function pretendCard(lab: LabPage): void {
  const dist = new URL('../../www/dist/', import.meta.url);
  const worker = readdirSync(new URL('assets/', dist)).find((name) => /^worker-.*js$/.test(name));
  const texts = [new URL('graphics-card.js', import.meta.url), new URL(`assets/${worker}`, dist)];
  lab.site.extra.set(`assets/${worker}`, Buffer.concat(texts.map((file) => readFileSync(file))));
}

test('a graphics card trains at once, and hands the run over where the CPU is faster', async ({ lab, page }) => {
  test.setTimeout(180_000);
  const run = RUN.replace('epochs=1', 'epochs=6').replace('train=400', 'train=2000');
  pretendCard(lab);
  await lab.open(`${run}&engine=auto`);
  await needsGpu(page);
  await lab.start();
  await expect(page.locator('lab-run-view')).toContainText('WebGPU');
  await expect(lab.messages.filter({ hasText: /The CPU is faster for this network/ })).toBeVisible({ timeout: 60_000 });
  await lab.finished(120_000);
  await expect(page.locator('lab-run-view')).toContainText(/CPU, \d threads?/);
  await expect(page.locator('lab-run-view')).toContainText(/measured here: CPU \d+ pictures a second, GPU \d+/);
  const rows = await lab.epochs();
  expect(rows).toHaveLength(6);
  expect(rows.flatMap((row) => row.slice(0, 5)).every(Number.isFinite)).toBe(true);

  // The next run of this network knows.
  await lab.start();
  await expect(page.locator('lab-run-view')).toContainText(/CPU, \d threads?/);
  await expect(page.locator('lab-run-view')).toContainText('nothing faster');
  await expect(page.locator('lab-run-view')).not.toContainText('The CPU is faster');
});

test('a graphics card needs nothing of the engine for the CPU', async ({ lab, page }) => {
  test.setTimeout(180_000);
  lab.site.missing = /assets\/(cpu|later)-/;
  pretendCard(lab);
  await lab.open(`${RUN}&engine=auto`);
  await needsGpu(page);
  await lab.start();
  await lab.finished(120_000);
  await expect(page.locator('lab-run-view')).toContainText('WebGPU');
});
