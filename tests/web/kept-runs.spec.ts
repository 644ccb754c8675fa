/** An interrupted run is resumed: after a reload, a closed tab, a crash of the tab or of the engine's worker. */
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, LabPage, labWorker, settled, test } from './fixtures';

const EPOCHS = 6;
const STEPS_PER_EPOCH = 400;
const RUN = `?experiment=mnist-10&data=synthetic&engine=cpu&epochs=${EPOCHS}&batch=10&train=4000&test=200&seed=3`;

/** The exact figures of every epoch and step. */
async function history(lab: LabPage): Promise<unknown> {
  await lab.tab('Results');
  const [file] = await Promise.all([lab.page.waitForEvent('download'), lab.button('History (JSON)').click()]);
  const { epochs, learning_rates } = JSON.parse(readFileSync(await file.path(), 'utf8'));
  return { epochs: epochs.map(({ seconds: _, ...row }: Record<string, number>) => row), learning_rates };
}

const offer = (page: Page) => page.locator('lab-kept-runs li');

async function start(lab: LabPage): Promise<void> {
  await lab.open(RUN);
  await lab.start();
}

/** Ways to end a page abruptly. Each returns a page of the same browser on which the lab can be opened again. */
const KILLS: Record<string, (lab: LabPage, context: BrowserContext) => Promise<LabPage>> = {
  reload: async (lab) => {
    await lab.page.reload();
    return lab;
  },
  'closed tab': async (lab, context) => {
    await lab.page.close();
    return new LabPage(await context.newPage(), lab.site);
  },
  'crashed tab': async (lab, context) => {
    const crashed = lab.page.waitForEvent('crash');
    await lab.page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    return new LabPage(await context.newPage(), lab.site);
  },
  'ended worker': async (lab) => {
    await labWorker(lab.page)
      .evaluate(() => self.close())
      .catch(() => undefined);
    await lab.expectMessage(/The engine has stopped.*Start it again/);
    await lab.button('Start the engine again').click();
    return lab;
  },
};

test('killed fifty times at random moments, a run ends with bit-identical figures', async ({ lab, context }, info) => {
  test.setTimeout(600_000);
  await start(lab);
  await lab.finished(180_000);
  const expected = await history(lab);

  let current = lab;
  let steps = 0;
  await start(current);
  for (let round = 0; round < 50; round += 1) {
    const [name = '', kill] = Object.entries(KILLS)[round % 4] ?? [];
    // A pause stores the run for certain; the other rounds resume it from its last stored state.
    if (round % 3 === 0) {
      await current.button('Pause').click();
      await expect.poll(() => current.keptSteps()).toBeGreaterThan(steps);
      steps = await current.keptSteps();
      await current.button('Resume').click();
    }
    const wait = Math.round(Math.random() * 300);
    info.annotations.push({ type: 'kill', description: `${name} ${wait} ms on, kept at step ${steps}` });
    await current.page.waitForTimeout(wait);
    if (!kill) throw new Error(`No way to kill called ${name}`);
    current = await kill(current, context);
    if (current.page.url() === 'about:blank') await current.page.goto(lab.site.url);
    await expect(current.button('Start')).toBeEnabled({ timeout: 30_000 });
    await expect(offer(current.page)).toHaveCount(1);
    await expect(offer(current.page)).toContainText(/Continue the run of “.+”\?\s+\d of 6 epochs done/);
    expect(await current.keptSteps()).toBeGreaterThanOrEqual(steps);
    await current.button('Continue').click();
    await expect(current.state).toHaveText(/Training|Finished/, { timeout: 30_000 });
  }
  await current.finished(180_000);
  await expect(current.epochRows).toHaveCount(EPOCHS);
  expect(await history(current)).toEqual(expected);
  // A finished run is not offered any more.
  await current.page.reload();
  await expect(current.button('Start')).toBeEnabled({ timeout: 30_000 });
  await expect(offer(current.page)).toHaveCount(0);
  if (current !== lab) await current.page.close();
});

test('after a pause and a closed tab nothing is lost, and the curve is restored', async ({ lab, page, context }) => {
  await start(lab);
  await expect(lab.epochRows.first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  const shown = async () => {
    const { epoch, step } = await lab.steps();
    return (epoch - 1) * STEPS_PER_EPOCH + step;
  };
  const [steps] = await settled(
    async () => [await shown(), await lab.keptSteps()] as const,
    ([step, kept]) => kept === step,
  );
  const second = new LabPage(await context.newPage(), lab.site);
  await second.open();
  // While the first tab has the run, no other tab is offered it.
  await expect(offer(second.page)).toHaveCount(0);
  await page.close();
  await second.page.reload();
  const count = (steps: number) => steps.toLocaleString('en');
  await expect(offer(second.page)).toContainText(`step ${count(steps)} of ${count(EPOCHS * STEPS_PER_EPOCH)}`);
  await second.button('Continue').click();
  await expect(second.epochRows.first()).toBeVisible();
  await expect.poll(async () => (await second.curvePixels())[0]).toBeGreaterThan(50);
  await second.finished();
  await expect(second.epochRows).toHaveCount(EPOCHS);
  await second.page.close();
});

test('leaving the page stores the run as it is', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=30`);
  await lab.start();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  // Long before the first periodic save.
  await expect.poll(() => lab.keptSteps(), { timeout: 4000 }).toBeGreaterThan(0);
});

test('a run is resumed from a checkpoint file, also in a browser without stored runs', async ({
  lab,
  page,
  browser,
}, info) => {
  await start(lab);
  await lab.button('Stop').click();
  await expect(lab.state).toHaveText('Stopped');
  await lab.tab('Results');
  const [file] = await Promise.all([page.waitForEvent('download'), lab.button('Checkpoint').click()]);
  expect(file.suggestedFilename()).toBe('mnist-10-checkpoint.safetensors');
  const path = info.outputPath('run.safetensors');
  await file.saveAs(path);

  const context = await browser.newContext();
  const other = new LabPage(await context.newPage(), lab.site);
  await other.open();
  await other.tab('Results');
  const picker = other.page.getByLabel('Continue from a checkpoint file…').last();
  await picker.setInputFiles(path);
  await other.finished();
  await expect(other.epochRows).toHaveCount(EPOCHS);

  // A file that is not a checkpoint.
  await other.tab('Results');
  await picker.setInputFiles({ name: 'x.safetensors', mimeType: '', buffer: Buffer.from('hello') });
  await other.expectMessage(/not a whole safetensors file/);
  await context.close();
});

test('a stopped run is offered at once, and can be discarded', async ({ lab, page }) => {
  await start(lab);
  await lab.button('Stop').click();
  await expect(offer(page)).toHaveCount(1);
  await page.getByRole('button', { name: /Discard the stored run/ }).click();
  await expect(offer(page)).toHaveCount(0);
  expect(await lab.keptSteps()).toBe(0);
});

test('a page that is left at the moment a run ends, before it is stored, offers to continue it', async ({
  lab,
  page,
}) => {
  await lab.open(RUN.replace(`epochs=${EPOCHS}`, 'epochs=2'));
  // As in a page that is left at that moment: nothing is stored after the last step.
  await page.evaluate(() => {
    const { lab } = document.querySelector('conv-lab') as unknown as { lab: { runs: { keep(): Promise<void> } } };
    lab.runs.keep = () => new Promise(() => undefined);
  });
  await lab.start();
  await lab.finished();
  await expect(offer(page), 'not offered in the page where it has ended').toHaveCount(0);
  await page.reload();
  await expect(offer(page)).toHaveCount(1);
  await lab.button('Continue').click();
  await lab.finished();
  await lab.tab('Compare');
  await expect(page.locator('lab-runs-table tbody tr')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('lab-runs-table tbody tr')).toHaveCount(1);
  await expect(offer(page)).toHaveCount(0);
});
