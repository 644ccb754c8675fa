/** The first minute: the network with an image in it before the run, what changes during it, and the next steps after it. */
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { axeFindings } from './looks';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&batch=50';

/** Windows of two changes each in which tasks are timed. */
const WINDOWS = 6;

/** The filters and the feature maps as they are drawn. */
const drawings = (page: Page): Promise<string[]> =>
  page
    .locator('lab-live lab-mosaic canvas')
    .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));

test('the page opens with the network, an image and an untrained prediction, and with no warning', async ({
  lab,
  page,
}) => {
  await page.goto(lab.site.url);
  const live = page.locator('lab-live');
  await expect(live.locator('.verdict')).toHaveText(/^Not trained yet.*(by chance|It calls this)/);
  await expect(live.locator('lab-network svg')).toBeInViewport({ ratio: 1 });
  await expect(live.locator('.image lab-image')).toBeInViewport({ ratio: 1 });
  await expect(live.locator('lab-guesses li')).toHaveCount(12);
  await expect(lab.messages).toHaveCount(0);
  await expect(page.locator('button.primary:visible')).toHaveCount(1);
  const before = await live.locator('.image canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  await lab.button('Another image').click();
  await expect
    .poll(() => live.locator('.image canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL()))
    .not.toBe(before);
});

test('filters, maps and predictions change during the run; then it says what it shows and what fits next', async ({
  lab,
  page,
}) => {
  await lab.open(`${RUN}&epochs=8&train=3000&test=300`);
  const verdict = page.locator('lab-live .verdict');
  await expect(verdict).toHaveText(/^Not trained yet/);
  const untrained = await drawings(page);
  expect(untrained).toHaveLength(2);
  await lab.start();
  await expect(verdict).toHaveText(/^After \d/, { timeout: 30_000 });
  const early = await drawings(page);
  // Beside the curves, without scrolling.
  const [curve, seen] = [page.locator('lab-line-chart.accuracy'), page.locator('lab-live .sees')];
  await expect(curve).toBeInViewport();
  await expect(seen).toBeInViewport();
  const [left, right] = [await curve.boundingBox(), await seen.boundingBox()];
  expect(right?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0));
  await lab.finished();
  await expect(verdict).toHaveText(/^After 8 epochs/);
  const late = await drawings(page);
  for (const i of [0, 1]) expect(new Set([untrained[i], early[i], late[i]]).size, `drawing ${i}`).toBe(3);
  const hits = Number.parseInt(await page.locator('lab-live h3 .soft').innerText(), 10);
  expect(await page.locator('lab-guesses li.right').count()).toBe(hits);
  const next = page.locator('lab-next');
  await expect(next.getByRole('button').first()).toBeInViewport();
  const accuracy = await lab.tile('Test accuracy');
  await expect(next.locator('p')).toContainText(`right on ${accuracy.toFixed(1)}`);
  await expect(next.getByRole('button')).toHaveCount(3);
  await next.getByRole('button', { name: 'Look at its mistakes' }).click();
  await expect(page.getByRole('tab', { name: 'Predictions' })).toHaveAttribute('aria-selected', 'true');
});

test('the page is never busy for 50 ms while the live views change, and axe finds nothing in them', async ({
  lab,
  page,
}) => {
  test.setTimeout(150_000);
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  await lab.open(`${RUN}&epochs=400&train=3000&test=300`);
  await lab.start();
  const verdict = page.locator('lab-live .verdict');
  await expect(verdict).toHaveText(/^After \d/, { timeout: 30_000 });
  // The duration of a task counts the time in which other programs had the core, so one window of several has to be free of long
  // tasks: a view that blocks the page does so each time it changes. The sentence changes with the pictures; reading these would be a
  // long task of the test's own.
  const windows: number[][] = [];
  for (let i = 0; i < WINDOWS && !windows.some((tasks) => tasks.length === 0); i += 1) {
    // Tasks before this are from loading, or of the window before.
    await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
    for (let change = 0; change < 2; change += 1)
      await expect(verdict).not.toHaveText(await verdict.innerText(), { timeout: 30_000 });
    windows.push(await page.evaluate(() => [...(window as unknown as { tasks: number[] }).tasks]));
  }
  expect(windows, 'long tasks of each window, in ms').toContainEqual([]);
  expect(await axeFindings(page)).toEqual([]);
  await expect(lab.state).toHaveText('Training');
  await lab.button('Stop').click();
});

test('a hidden page does not look, and looks when it is shown again', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=3&train=1000&test=100`);
  const verdict = page.locator('lab-live .verdict');
  await expect(verdict).toHaveText(/^Not trained yet/);
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  await lab.start();
  await lab.finished();
  await expect(verdict).toHaveText(/^Not trained yet/);
  await hide(false);
  await expect(verdict).toHaveText(/^After 3 epochs/);
});

test('all experiments are shown by their titles, grouped by data set, with a picture of each network', async ({
  lab,
  page,
}) => {
  await lab.open(RUN);
  await lab.button('All experiments, with pictures').click();
  const dialog = page.getByRole('dialog', { name: 'Experiments' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('heading', { level: 3 })).toHaveText(['MNIST', 'CIFAR-10', 'CIFAR-100', 'imagenet']);
  const cards = dialog.locator('.cards button');
  for (const card of await cards.all()) await expect(card.locator('rect').nth(3)).toBeAttached({ timeout: 30_000 });
  expect(await axeFindings(page)).toEqual([]);
  await cards.filter({ hasText: 'NET I: a first network' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue('net-1');
});
