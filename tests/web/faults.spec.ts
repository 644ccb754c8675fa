/**
 * Faults during a run: of the GPU, the storage, other tabs, sleep and clocks. The run continues, or a message says what to do.
 */
import type { Page } from '@playwright/test';
import { expect, LabPage, labWorker, needsGpu, openOnGpu, settled, test } from './fixtures';

const GPU = '?experiment=mnist-10&data=synthetic&engine=gpu&epochs=2&batch=50&train=500&test=50&seed=3';
const CPU = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&batch=20&train=1500&test=100&seed=3';

/** Records every device that the engine opens from now on, so that a test can destroy it, as a driver reset does. */
const watchDevices = (page: Page) =>
  labWorker(page).evaluate(() => {
    const scope = self as unknown as { devices: { destroy(): void }[]; GPUAdapter: { prototype: Opener } };
    interface Opener {
      requestDevice(...args: unknown[]): Promise<{ destroy(): void }>;
    }
    scope.devices = [];
    const { prototype } = scope.GPUAdapter;
    const open = prototype.requestDevice;
    prototype.requestDevice = async function (...args) {
      const device = await open.apply(this, args);
      scope.devices.push(device);
      return device;
    };
  });

const destroyDevice = (page: Page) =>
  labWorker(page).evaluate(() => {
    (self as unknown as { devices: { destroy(): void }[] }).devices.at(-1)?.destroy();
  });

/** Compiling for a new device is slow on a software GPU. */
const interrupted = (lab: LabPage) =>
  expect(
    lab.messages.filter({ hasText: /the run continues (with a new device|on the CPU), \d+ steps? back/ }),
  ).toBeVisible({
    timeout: 90_000,
  });

const lossesAreNumbers = async (lab: LabPage, count: number) => {
  const rows = await lab.epochs();
  expect(rows).toHaveLength(count);
  for (const row of rows) expect(row.slice(0, 5).every(Number.isFinite)).toBe(true);
};

test.describe('the GPU', () => {
  test.use({ expectedComplaints: [/device|GPU|WebGPU|context|lost/i] });

  test('destroyed within an epoch: the run continues with the same figures as without the fault', async ({
    lab,
    page,
  }) => {
    test.setTimeout(240_000);
    await openOnGpu(lab, GPU, () => watchDevices(page));
    await lab.start();
    await lab.finished(120_000);
    const whole = (await lab.epochs()).map((row) => row.slice(0, 5));

    await lab.start();
    await destroyDevice(page);
    await interrupted(lab);
    await lab.finished(120_000);
    expect((await lab.epochs()).map((row) => row.slice(0, 5))).toEqual(whole);
    await expect(page.locator('lab-run-view')).toContainText('WebGPU');
  });

  test('destroyed repeatedly: the CPU continues the run', async ({ lab, page }) => {
    test.setTimeout(240_000);
    await openOnGpu(lab, GPU, () => watchDevices(page));
    await lab.start();
    for (let times = 0; times < 4; times += 1) {
      await destroyDevice(page);
      await page.waitForTimeout(1500);
    }
    await lab.finished(120_000);
    await lossesAreNumbers(lab, 2);
  });

  test('its process killed: the run continues', async ({ lab, page, browser }) => {
    test.setTimeout(240_000);
    await lab.open(GPU);
    await needsGpu(page);
    await lab.start();
    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await interrupted(lab);
    await lab.finished(150_000);
    await lossesAreNumbers(lab, 2);
  });
});

test('a browser without storage trains, and a message says what that means', async ({ lab, page }) => {
  await lab.open(CPU);
  await labWorker(page).evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError');
    };
  });
  await lab.start();
  await lab.button('Pause').click();
  await lab.expectMessage(/could not be kept for later.*denied permission.*Training continues/);
  await lab.button('Resume').click();
  await lab.finished();
  await lossesAreNumbers(lab, 3);
});

test('a full disk: the run trains, one message says so, and the run stored before stays intact', async ({
  lab,
  page,
}) => {
  await lab.open(`${CPU}&epochs=40`);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  const before = await settled(
    () => lab.kept(),
    ({ step }) => step > 0,
  );
  await labWorker(page).evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Encountered full disk.', 'QuotaExceededError');
    };
  });
  await lab.button('Resume').click();
  await expect(lab.state).toHaveText('Training');
  await lab.button('Pause').click();
  await lab.expectMessage(/could not be kept for later.*storage is full/);
  expect(await lab.kept()).toEqual(before);
});

test('several tabs train at once, and none resumes another’s run', async ({ lab, page, context }) => {
  test.setTimeout(180_000);
  await lab.open(`${CPU}&epochs=60`);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  await lab.button('Resume').click();
  const others = [];
  for (let i = 0; i < 2; i += 1) {
    const other = new LabPage(await context.newPage(), lab.site);
    await other.open(CPU);
    await expect(other.page.locator('lab-kept-runs li')).toHaveCount(0);
    await other.start();
    others.push(other);
  }
  for (const other of others) {
    await other.finished(120_000);
    await lossesAreNumbers(other, 3);
    // A tab closed before its finished run is stored would offer that run, too.
    await other.page.waitForTimeout(1000);
    await other.page.close();
  }
  // The first tab is closed, so its run can be resumed.
  await page.close();
  const last = new LabPage(await context.newPage(), lab.site);
  await last.page.goto(lab.site.url);
  await expect(last.page.locator('lab-kept-runs li')).toHaveCount(1);
});

test('a slow processor, a clock that jumps, a frozen tab: the run finishes', async ({ lab, page, context }) => {
  test.setTimeout(180_000);
  await lab.open(CPU);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await lab.start();
  await labWorker(page).evaluate(() => {
    const { now } = Date;
    let turns = 0;
    // Alternates between a year ahead and a year back.
    Date.now = () => now() + (turns++ % 2 === 0 ? 1 : -1) * 365 * 86_400_000;
  });
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await page.waitForTimeout(2000);
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await lab.finished(120_000);
  await lossesAreNumbers(lab, 3);
  const times = await lab.page.locator('lab-run-view .epochs tbody td:last-child').allInnerTexts();
  // Below a second a time is in milliseconds or microseconds; a minute or more has two units.
  expect(times.length).toBeGreaterThan(0);
  expect(times.every((time) => /^[\d.]+\s(s|ms|µs)$/.test(time) || /^[1-9]\smin/.test(time))).toBe(true);
});

test('NaN values stop the run, which can be resumed from an earlier checkpoint', async ({ lab, page }) => {
  await lab.open(`${CPU}&epochs=60`);
  await lab.start();
  await lab.button('Pause').click();
  await expect.poll(() => lab.keptSteps()).toBeGreaterThan(0);
  const good = await lab.keptSteps();
  await lab.button('Resume').click();
  await page.getByLabel('Learning rate from the next step on').fill('1e30');
  await lab.button('Set').click();
  await lab.expectMessage(/training stopped: .*not a number/);
  await expect(lab.state).toHaveText('Failed');
  const kept = page.locator('lab-kept-runs li');
  await expect(kept).toHaveCount(1);
  expect(await lab.keptSteps()).toBeGreaterThanOrEqual(good);
  await lab.button('Continue').click();
  await expect(lab.state).toHaveText('Training');
  await expect(lab.status).toContainText('step');
});

test('the numerical check works during training, on all available engines', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(`${CPU}&epochs=60`);
  await lab.start();
  await lab.tab('Results');
  await lab.button('Check the numbers').click();
  const card = page.locator('lab-numbers');
  await expect(card.locator('.agrees')).toBeVisible({ timeout: 120_000 });
  await expect(card.getByRole('row')).toHaveCount(1 + 8 + 1 + 8);
  await expect(lab.state).toHaveText('Training');
});
