/** Start, pause, resume, stop, start again: every button works, and the page stays responsive. */
import { expect, test } from './fixtures';
import { announcements } from './looks';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&train=2000&test=200';

test('pause stops training, and resume continues with the next step', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=20`);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  // The turn in progress may still report.
  await page.waitForTimeout(400);
  const paused = await lab.steps();
  const left = /[\d.]+.(s|min|h).*left/.exec(await lab.status.innerText())?.[0];
  await page.waitForTimeout(1500);
  expect(await lab.steps()).toEqual(paused);
  expect(/[\d.]+.(s|min|h).*left/.exec(await lab.status.innerText())?.[0], 'the clock stands too').toBe(left);

  await lab.button('Resume').click();
  await expect(lab.state).toHaveText('Training');
  await expect
    .poll(async () => (await lab.steps()).step + 1000 * (await lab.steps()).epoch)
    .toBeGreaterThan(paused.step + 1000 * paused.epoch);
});

test('a stopped run still shows its figures and can be evaluated', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=20`);
  await lab.start();
  await expect(lab.epochRows.first()).toBeVisible({ timeout: 60_000 });
  await lab.button('Stop').click();
  await expect(lab.state).toHaveText('Stopped');
  await page.waitForTimeout(400);
  const stopped = await lab.steps();
  await page.waitForTimeout(1000);
  expect(await lab.steps()).toEqual(stopped);

  await lab.tab('Results');
  await lab.button('Evaluate on the test set now').click();
  await expect(page.locator('lab-confusion table')).toBeVisible();
  const cells = await page.locator('lab-confusion tbody td').allInnerTexts();
  expect(cells.reduce((sum, cell) => sum + Number(cell || 0), 0)).toBe(200);
  await lab.tab('Predictions');
  await expect(page.locator('lab-prediction .verdict')).toBeVisible();
});

test('settings changed during training apply to the next run', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=1&train=400`);
  await lab.start();
  await page.getByRole('textbox', { name: 'Epochs' }).fill('2');
  await page.getByRole('textbox', { name: 'Epochs' }).press('Enter');
  await lab.finished();
  await expect(lab.status).toContainText('Epoch 1 of 1');
  await lab.start();
  await lab.finished();
  await expect(lab.status).toContainText('Epoch 2 of 2');
  expect(new URL(page.url()).searchParams.get('epochs')).toBe('2');
});

test('predictions are computed during training', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=20`);
  await lab.start();
  await lab.tab('Predictions');
  await expect(page.getByText('Test image 0', { exact: true })).toBeVisible();
  await lab.button('Next').click();
  await expect(page.getByText('Test image 1', { exact: true })).toBeVisible();
  await expect(lab.state).toHaveText('Training');
});

test('the page stays responsive: no task over 50 ms during training', async ({ lab, page, browser }) => {
  await lab.open(`${RUN}&epochs=4`);
  await browser.startTracing(page, { categories: ['toplevel'] });
  await lab.start();
  for (const view of ['Data', 'Model', 'Results', 'Run'] as const) await lab.tab(view);
  await lab.finished();
  const tasks = mainThreadTasks(await browser.stopTracing());
  expect(tasks.length).toBeGreaterThan(100);
  expect(Math.max(...tasks)).toBeLessThan(50);
});

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** CPU time of the thread in microseconds, which excludes other programs on this machine. */
  tdur?: number;
  args: { name?: string };
}

/** The durations of all tasks of the pages' main threads, in milliseconds. */
function mainThreadTasks(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(thread),
  );
  return traceEvents
    .filter((event) => event.name.endsWith('RunTask') && main.has(thread(event)) && event.tdur !== undefined)
    .map((event) => (event.tdur ?? 0) / 1000);
}

test('each epoch is announced to screen readers', async ({ lab, page }) => {
  await lab.open(`${RUN}&epochs=2&train=300`);
  const announced = await announcements(page);
  await lab.start();
  await lab.finished();
  const figures = String.raw`: loss [\d.]+, accuracy [\d.]+.*`;
  const story = new RegExp(`Epoch 1 of 2${figures}Epoch 2 of 2${figures}Training finished. Test accuracy`);
  await expect.poll(async () => (await announced()).join(' ')).toMatch(story);
});
