/** During a run: its curves, a single step, another learning rate, another seed, a hidden tab. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { openTabs } from './tabs';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=2000&test=200';

const chart = (page: Page, heading: string): Locator =>
  page.locator('lab-run-curves lab-line-chart', { has: page.getByRole('heading', { name: heading, exact: true }) });

/** The figures on the x axis of a chart, from its scale. */
const axis = (of: Locator): Promise<[number, number]> =>
  of.evaluate((element) => {
    const { zoom } = element as unknown as { zoom: [number, number] | null };
    return zoom ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  });

const drawing = (of: Locator): Promise<string> =>
  of.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

test('hovering shows the values of the curves, dragging zooms, a double click resets the zoom', async ({
  lab,
  page,
}) => {
  await lab.open(`${RUN}&epochs=4&train=400`);
  await lab.start();
  await lab.finished();
  const loss = chart(page, 'Loss');
  await loss.scrollIntoViewIfNeeded();
  const box = await loss.locator('.u-over').boundingBox();
  if (!box) throw new Error('The chart has no canvas.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await expect(loss.locator('.key')).toContainText(/at epoch [12](\.\d+)?:/);
  // The other charts show the same range.
  await expect(chart(page, 'Accuracy').locator('.key')).toContainText(/at epoch [12](\.\d+)?:/);
  await expect(loss.locator('.key')).toContainText(/training\s*[\d.]+/);

  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
  await page.mouse.up();
  for (const heading of ['Loss', 'Accuracy', 'Learning rate']) {
    await expect.poll(async () => (await axis(chart(page, heading)))[0], heading).toBeGreaterThan(1.5);
  }
  await page.mouse.dblclick(box.x + box.width / 2, y);
  await expect.poll(async () => (await axis(loss))[0]).toBe(Number.NEGATIVE_INFINITY);

  const whole = await drawing(loss);
  await page.getByLabel('Log scale').check();
  await expect.poll(() => drawing(loss)).not.toBe(whole);
  const smooth = await drawing(chart(page, 'Accuracy'));
  await page.getByLabel('Smoothing').fill('0');
  await expect.poll(() => drawing(chart(page, 'Accuracy'))).not.toBe(smooth);
});

test('the step button trains exactly one step', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=9&train=6000`);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  // The turn in progress may still report.
  await page.waitForTimeout(400);
  const before = await lab.steps();
  for (const more of [1, 2]) {
    await lab.button('One step').click();
    await expect.poll(() => lab.steps()).toEqual({ epoch: before.epoch, step: before.step + more });
  }
  await page.waitForTimeout(400);
  await expect(lab.state).toHaveText('Paused');
  expect((await lab.steps()).step).toBe(before.step + 2);
});

test('single steps cross the end of an epoch, and the run continues from there', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=500&train=40&test=20`);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  await page.waitForTimeout(400);
  const before = await lab.epochRows.count();
  // Two steps and a validation make an epoch.
  for (let i = 0; i < 6; i += 1) {
    await lab.button('One step').click();
    await page.waitForTimeout(150);
  }
  expect(await lab.epochRows.count()).toBeGreaterThanOrEqual(before + 2);
  expect(await lab.epochRows.count()).toBeLessThanOrEqual(before + 3);
  await lab.button('Resume').click();
  await expect.poll(() => lab.epochRows.count()).toBeGreaterThan(before + 5);
});

test('the learning rate is changed during training, and the history records it', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=20`);
  await lab.start();
  const field = page.getByRole('textbox', { name: 'Learning rate from the next step on' });
  await expect(field).toHaveValue('0.001');
  await field.fill('0.0002');
  await lab.button('Set').click();
  await expect(page.locator('lab-run-controls ol')).toContainText(/Learning rate 0\.0002 from epoch \d+, step \d+ on/);
  await expect(field).toHaveValue('0.0002');
  await lab.button('× 2').click();
  await expect(page.locator('lab-run-controls li')).toHaveCount(2);
  await expect(chart(page, 'Learning rate').locator('.key')).toContainText('0.0004');

  await field.fill('fast');
  await lab.button('Set').click();
  await lab.expectMessage('The learning rate must be a number above zero. Received: “fast”.');

  await lab.button('Stop').click();
  await lab.tab('Results');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('History (JSON)').click()]);
  const history = JSON.parse(readFileSync(await file.path(), 'utf8'));
  expect(history.events.map((event: { learning_rate: number }) => event.learning_rate)).toEqual([0.0002, 0.0004]);
  const { step } = history.events[0];
  expect(history.learning_rates.slice(step - 1, step + 1)).toEqual([0.001, 0.0002]);
});

test('a button starts the run with another seed', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=1&train=200&seed=7`);
  await lab.start();
  await lab.finished();
  const first = (await lab.epochs())[0];
  await lab.button('Another seed').click();
  await expect.poll(() => new URL(page.url()).searchParams.get('seed')).toBe('8');
  await expect.poll(async () => (await lab.epochs())[0]?.[1], { timeout: 60_000 }).not.toBe(first?.[1]);
  await lab.finished();
});

test('training continues in a hidden tab', async ({ lab }, testInfo) => {
  const browser = await openTabs(testInfo.outputPath('profile'));
  try {
    const tab = await browser.open(`${lab.site.url}${RUN}&epochs=500`);
    const bar = `document.querySelector('conv-lab')?.shadowRoot?.querySelector('lab-run-bar')?.shadowRoot`;
    const ready = () => tab.evaluate(`${bar}?.querySelector('button.primary')?.disabled === false`);
    await expect.poll(ready, { timeout: 40_000 }).toBe(true);
    await tab.evaluate(`${bar}.querySelector('button.primary').click()`);
    const steps = async () => {
      const text = String(await tab.evaluate(`${bar}.querySelector('.figures').textContent`));
      const [, epoch, step] = /Epoch (\d+) of \d+ · step (\d+) of/.exec(text) ?? [];
      return Number(epoch) * 100 + Number(step);
    };
    await expect.poll(steps).toBeGreaterThan(100);

    await browser.open('about:blank');
    await expect.poll(() => tab.evaluate('document.visibilityState')).toBe('hidden');
    const frame = `new Promise((done) => { requestAnimationFrame(() => done(true)); setTimeout(() => done(false), 1500); })`;
    expect(await tab.evaluate(frame), 'a hidden tab draws nothing').toBe(false);
    const before = await steps();
    await expect.poll(steps, { timeout: 10_000 }).toBeGreaterThan(before + 20);
  } finally {
    await browser.close();
  }
});
