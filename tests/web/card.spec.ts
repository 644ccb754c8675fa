/** The page with a graphics card: the software adapter is renamed, and the engine uses its kernels for graphics cards. */
import { readdirSync, readFileSync } from 'node:fs';
import { launchOptions, WEBGPU_FLAGS } from './browser';
import { expect, type LabPage, needsGpu, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&epochs=6&train=2000&test=100';

test.use({
  serviceWorkers: 'block',
  expectedComplaints: [/Service Worker registration blocked/],
  // A separate browser: after kernels with barriers the software adapter stays ten times slower until the browser is closed.
  launchOptions: launchOptions([...WEBGPU_FLAGS, '--mute-audio']),
});

/** A page that treats the software adapter as a graphics card. */
function pretendCard(lab: LabPage): void {
  const dist = new URL('../../www/dist/', import.meta.url);
  const worker = readdirSync(new URL('assets/', dist)).find((name) => /^worker-.*js$/.test(name));
  const texts = [new URL('graphics-card.js', import.meta.url), new URL(`assets/${worker}`, dist)];
  lab.site.extra.set(`assets/${worker}`, Buffer.concat(texts.map((file) => readFileSync(file))));
}

test('a run starts on the graphics card, and continues on the CPU if that is faster', async ({ lab, page }) => {
  test.setTimeout(180_000);
  pretendCard(lab);
  await lab.open(`${RUN}&engine=auto`);
  await needsGpu(page);
  await lab.start();
  // That it began on the card is what the message says; the engine's name is shown too briefly to be read for sure.
  await expect(lab.messages.filter({ hasText: /The CPU is faster for this network/ })).toBeVisible({ timeout: 60_000 });
  await lab.finished(120_000);
  await expect(page.locator('lab-run-view')).toContainText(/CPU, \d threads?/);
  await expect(page.locator('lab-run-view')).toContainText(/measured here: CPU \d+ images per second, GPU \d+/);
  const rows = await lab.epochs();
  expect(rows).toHaveLength(6);
  expect(rows.flatMap((row) => row.slice(0, 5)).every(Number.isFinite)).toBe(true);

  // The next run of this network starts on the CPU.
  await lab.start();
  await expect(page.locator('lab-run-view')).toContainText(/CPU, \d threads?/);
  await expect(page.locator('lab-run-view')).toContainText('nothing faster');
  await expect(page.locator('lab-run-view')).not.toContainText('The CPU is faster');
});
