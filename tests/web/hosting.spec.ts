/**
 * The built site on a plain static host below a sub-path, with a strict policy, in browsers with and without WebGPU, on any
 * screen.
 */

import { GROUP_NAMES } from '../../www/src/base/settings';
import { PAGE } from '../../www/src/ui/text';
import { expect, test } from './fixtures';
import { axeFindings, expectFits, expectLooks, misplaced } from './looks';
import { openFilled } from './views';

const QUICK = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=1&train=200&test=50';

test('all requests go to the sub-path of the site', async ({ lab, page }) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(lab.site.url) && !request.url().startsWith('blob:')) elsewhere.push(request.url());
  });
  await lab.open(QUICK);
  await lab.start();
  await lab.finished();
  for (const view of lab.views) await lab.tab(view);
  expect(elsewhere).toEqual([]);
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveAttribute('content', /script-src 'self' 'wasm-unsafe-eval'.*style-src 'self'/);
});

test.describe('a host', () => {
  test.use({
    serviceWorkers: 'block',
    expectedComplaints: [/Service Worker registration blocked|application\/wasm|status of 404/],
  });

  test('with a wrong content type for the engine’s file: the page works', async ({ lab, page }) => {
    let served = 0;
    await page.route('**/*.wasm', async (route) => {
      served += 1;
      await route.fulfill({ response: await route.fetch(), contentType: 'application/octet-stream' });
    });
    await lab.open(QUICK);
    await lab.start();
    await lab.finished();
    expect(served).toBeGreaterThan(0);
  });

  test('without the engine’s file: the page shows an error', async ({ lab, page }) => {
    lab.site.missing = /\.wasm$/;
    await page.goto(lab.site.url + QUICK);
    await lab.expectMessage(/The engine could not be loaded.*Reload the page/);
  });
});

test('a link opens the same lab', async ({ lab, page }) => {
  await lab.open('?experiment=net-1&engine=cpu&epochs=3&batch=64&seed=5&train=500&test=100&tab=model');
  await expect(page.getByRole('combobox', { name: 'Experiment' })).toHaveValue('net-1');
  await expect(page.getByRole('tab', { name: 'Model' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('textbox', { name: 'Seed', exact: true })).toHaveValue('5');
  await expect(page.locator('lab-model-view .totals')).toContainText('193,034');
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption('mnist-10');
  await expect(page.locator('lab-model-view .totals')).toContainText('6,270');
  const params = new URL(page.url()).searchParams;
  expect(Object.fromEntries(params)).toMatchObject({ experiment: 'mnist-10', epochs: '3', batch: '64', seed: '5' });
});

test('the keyboard is sufficient', async ({ lab, page }) => {
  await lab.open(QUICK);
  const expectSelected = async (name: string) => {
    const tab = page.getByRole('tab', { name, exact: true });
    await expect(tab).toBeFocused();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
  };
  await page.getByRole('tab', { name: 'Train' }).focus();
  const names = GROUP_NAMES.map((group) => PAGE.groups[group]);
  const from = names.indexOf('Train') + 1;
  for (const name of [...names.slice(from), ...names.slice(0, from)]) {
    await page.keyboard.press('ArrowRight');
    await expectSelected(name);
  }
  // The views of the group are in the second row.
  await page.keyboard.press('Tab');
  for (const name of ['Search', 'Device', 'Run']) {
    await page.keyboard.press('ArrowRight');
    await expectSelected(name);
  }
  // A group opens with the view that was shown in it last.
  await page.getByRole('tab', { name: 'Device' }).click();
  await page.getByRole('tab', { name: 'Data' }).click();
  await page.getByRole('tab', { name: 'Train' }).click();
  await expect(page.getByRole('tab', { name: 'Device' })).toHaveAttribute('aria-selected', 'true');
  await lab.button('Start').focus();
  await page.keyboard.press('Enter');
  await lab.finished();
});

test('colours follow the system or the choice, which is stored', async ({ lab, page }) => {
  const background = () =>
    page.evaluate(() => getComputedStyle(document.querySelector('conv-lab') as Element).backgroundColor);
  await lab.open(QUICK);
  const light = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background();
  expect(dark).not.toBe(light);
  await lab.button('Colours: As the system').click();
  expect(await background()).toBe(light);
  await lab.open(QUICK);
  expect(await background()).toBe(light);
  await lab.button('Colours: Light').click();
  await lab.button('Colours: Dark').click();
  expect(await background()).toBe(dark);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`every view looks right on every screen, and axe finds nothing (${scheme})`, async ({ lab, page }, info) => {
    test.setTimeout(400_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await lab.open(QUICK);
    await lab.start();
    await lab.finished();
    for (const view of lab.views) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await openFilled(lab, view);
      for (const width of [1280, 768, 390, 360]) {
        const what = `${view} at ${width} px`;
        await page.setViewportSize({ width, height: 800 });
        await expectFits(page, what);
        // Filling a view has scrolled to it.
        await page.evaluate(() => scrollTo(0, 0));
        for (const tab of await page.getByRole('tab').all())
          await expect(tab, `every tab of ${what}`).toBeInViewport({ ratio: 1 });
        await expect.poll(() => misplaced(page), what).toEqual([]);
        if (width === 360) continue;
        await expectLooks(page, scheme, `${view}-${width}`, info);
        expect(await axeFindings(page), what).toEqual([]);
      }
    }
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('the drawing board is in reach: one scroll after Predictions is opened, and a finger’s stroke is predicted', async ({
    lab,
    page,
  }) => {
    await lab.open(QUICK);
    await lab.start();
    await lab.finished();
    await lab.tab('Predictions');
    await expect(page.locator('lab-gallery lab-image').first()).toBeVisible({ timeout: 30_000 });
    const board = page.locator('lab-drawing-board canvas');
    // At most one scroll by the height of the screen.
    const isInSight = () => board.evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight);
    if (!(await isInSight())) await page.evaluate(() => scrollBy(0, innerHeight));
    await expect(board).toBeInViewport({ ratio: 1 });
    const box = await board.boundingBox();
    if (!box) throw new Error('no board');
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', down = 0) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + box.width / 2, y: box.y + (0.2 + down) * box.height }],
      });
    const before = await page.evaluate(() => scrollY);
    await touch('touchStart');
    for (const down of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) await touch('touchMove', down);
    await touch('touchEnd');
    await expect(page.locator('lab-own-image .verdict')).toContainText('The network predicts');
    expect(await page.evaluate(() => scrollY), 'a stroke does not scroll the page').toBe(before);
  });
});
