/** A page that is left within the first seconds of a run keeps it, and repeated reloads get further. */
import type { BrowserContext, Page } from '@playwright/test';
import { expect, type LabPage, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=60&batch=10&train=4000&test=200&seed=3';

const offer = (page: Page) => page.locator('lab-kept-runs li');

/** The completed steps that the first offer names. */
async function offered(page: Page): Promise<number> {
  await expect(offer(page)).toHaveCount(1, { timeout: 30_000 });
  const [, step = ''] = /step ([\d,]+) of/.exec(await offer(page).innerText()) ?? [];
  return Number(step.replaceAll(',', ''));
}

async function startAndWait(lab: LabPage, ms: number): Promise<void> {
  await lab.open(RUN);
  await lab.button('Start').click();
  await expect(lab.state).toHaveText('Training', { timeout: 30_000 });
  await lab.page.waitForTimeout(ms);
}

const WAYS: Record<string, (lab: LabPage, context: BrowserContext) => Promise<Page>> = {
  'a reload': async ({ page }) => {
    await page.reload();
    return page;
  },
  'another page': async ({ page, site }) => {
    await page.goto(`${site.url}docs.html`);
    await page.goto(site.url);
    return page;
  },
  'a closed tab': async ({ page, site }, context) => {
    await page.close();
    const next = await context.newPage();
    await next.goto(site.url);
    return next;
  },
};

for (const [way, leave] of Object.entries(WAYS)) {
  for (const ms of [300, 2000]) {
    test(`${way}, ${ms} ms after the start of the training: the run is offered`, async ({ lab, context }) => {
      await startAndWait(lab, ms);
      expect(await offered(await leave(lab, context))).toBeGreaterThan(0);
    });
  }
}

test('the first checkpoint is stored within a second', async ({ lab }) => {
  await startAndWait(lab, 0);
  await expect.poll(() => lab.keptSteps(), { timeout: 1000, intervals: [50] }).toBeGreaterThan(0);
});

test('checkpoints become rarer, so that a long run does not wear the disk', async ({ lab, page }) => {
  await lab.open(RUN);
  await page.evaluate(() => Object.assign(window, { writes: 0 }));
  await lab.start();
  const seen = new Set<number>();
  const end = Date.now() + 12_000;
  while (Date.now() < end) seen.add(await lab.keptSteps());
  // After 0, 0.5, 1.5, 3.5, 7.5 and 12.5 seconds.
  expect(seen.size).toBeLessThanOrEqual(7);
});

test('five reloads in a row, each within two seconds: every one gets further', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await startAndWait(lab, 500);
  let steps = 0;
  for (let round = 0; round < 5; round += 1) {
    await page.reload();
    const now = await offered(page);
    expect(now, `reload ${round + 1}`).toBeGreaterThan(steps);
    steps = now;
    await lab.button('Continue').click();
    await expect(lab.state).toHaveText('Training', { timeout: 30_000 });
    await page.waitForTimeout(400 + 300 * round);
  }
});
