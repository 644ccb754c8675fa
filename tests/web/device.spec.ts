/** The device view answers the course's question and lists the device's properties. */
import { expect, needsGpu, test } from './fixtures';

const OPEN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=50&tab=device';

test('is the GPU on? one sentence, with the adapter’s properties', async ({ lab, page }) => {
  await lab.open(OPEN);
  await needsGpu(page);
  await expect(page.locator('lab-device-view .answer p')).toHaveText(
    /^(Yes: WebGPU is on and uses|WebGPU is on, but in software)/,
  );
  await expect(page.locator('lab-device-view')).toContainText('maxBufferSize');
  await expect(page.locator('lab-device-view')).toContainText(/Processor cores\s*\d+/);
  await lab.start();
  await lab.finished();
  await expect(page.locator('lab-device-view')).toContainText('The last run used the CPU engine');
});

test('a software GPU is used only on request', async ({ lab, page }) => {
  test.setTimeout(120_000);
  await lab.open(OPEN.replace('engine=cpu', 'engine=auto'));
  await needsGpu(page);
  await lab.start();
  await lab.finished();
  await expect(page.locator('lab-device-view')).toContainText('The last run used the CPU engine');
  await page.getByRole('radio', { name: 'WebGPU' }).check();
  await lab.start();
  await lab.finished();
  await expect(page.locator('lab-device-view')).toContainText('The last run used the WebGPU engine');
});

test('speed is measured on request, on each available engine', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(OPEN);
  await lab.button('Measure now').click();
  const rows = page.locator('lab-measured-speed tbody tr');
  await expect(rows.first()).toContainText('CPU', { timeout: 60_000 });
  await expect(lab.button('Measure now')).toBeEnabled({ timeout: 120_000 });
  const figures = (await rows.locator('td').allInnerTexts()).map(Number);
  expect(figures.length).toBeGreaterThanOrEqual(2);
  expect(figures.every((figure) => figure > 0)).toBe(true);
});
