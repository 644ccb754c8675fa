/** Browsers without a feature: a message says so and what to do, and the CPU engine trains if possible. */
import { launchOptions } from './browser';
import { expect, test } from './fixtures';

const QUICK = '?experiment=mnist-10&data=synthetic&engine=auto&epochs=1&train=200&test=50';

test.use({ launchOptions: launchOptions(['--disable-features=WebGPU', '--disable-gpu']) });

test('trains on the CPU without a word, and explains how to turn WebGPU on where it is asked for', async ({
  lab,
  page,
}) => {
  await lab.open(QUICK.replace('auto', 'gpu'));
  await lab.expectMessage(/WebGPU.*training runs on the CPU.*chrome:\/\/flags/);
  await lab.open(QUICK);
  await expect(lab.messages).toHaveCount(0);
  await lab.start();
  await lab.finished();
  await expect(page.locator('lab-run-view .facts')).toContainText('CPU');
});

test('WebGPU selected by the user gives an error message, and the page can still train', async ({ lab, page }) => {
  await lab.open(QUICK.replace('auto', 'gpu'));
  await lab.button('Start').click();
  await expect(lab.state).toHaveText('Ready');
  await expect(lab.messages.filter({ hasText: /gpu|WebGPU/i }).last()).toBeVisible();
  await page.getByRole('radio', { name: 'CPU' }).check();
  await lab.start();
  await lab.finished();
});

test('is the GPU on? no, with the steps to turn it on in this browser', async ({ lab, page }) => {
  await lab.open(`${QUICK}&tab=device`);
  await expect(page.locator('lab-device-view .answer p')).toHaveText(/^No: /);
  await expect(page.locator('lab-device-view .answer li').first()).toContainText('chrome://');
  await expect(page.getByText('WebGPU gives no adapter here.')).toBeVisible();
});

test('a browser without SIMD gets a message with the versions that have it', async ({ lab, page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto(lab.site.url + QUICK);
  await lab.expectMessage(/cannot run WebAssembly with SIMD.*Safari 16\.4/);
  await expect(page.getByText('Loading the engine…')).toHaveCount(0);
});

test('a browser without the newer styles gets a message, and trains', async ({ lab, page }) => {
  await page.addInitScript(() => {
    CSS.supports = () => false;
  });
  await lab.open(QUICK);
  await lab.expectMessage(/may look wrong, but training works.*Firefox 120/);
  await lab.start();
  await lab.finished();
});
