/** A worker of the CPU engine that ends: the run continues with a new one, and its figures stay the same to the last bit. */
import { expect, type LabPage, labWorker, test } from './fixtures';

const RUN = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=3&batch=10&train=3000&test=400&seed=3';

/** Makes the engine's workers known in the worker that starts them, which must happen before the first run. */
async function watchLanes(lab: LabPage): Promise<void> {
  await labWorker(lab.page).evaluate(() => {
    const lanes: Worker[] = [];
    class Watched extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        lanes.push(this);
      }
    }
    Object.assign(self, { lanes, Worker: Watched });
  });
}

const lanes = (lab: LabPage) =>
  labWorker(lab.page).evaluate(() => (self as unknown as { lanes: Worker[] }).lanes.length);

/** Ends the latest lane without an event, as a browser does that runs out of memory. */
const endOne = (lab: LabPage) =>
  labWorker(lab.page).evaluate(() => (self as unknown as { lanes: Worker[] }).lanes.at(-1)?.terminate());

const figures = async (lab: LabPage) => (await lab.epochs()).map((row) => row.slice(0, 5));

test.beforeEach(async ({ lab }) => {
  await lab.open(RUN);
  const cores = await lab.page.evaluate(() => navigator.hardwareConcurrency);
  test.skip(cores < 2, 'one core, so the engine has no other workers');
  await watchLanes(lab);
});

test('it ends in silence: the run continues with the same figures', async ({ lab }) => {
  test.setTimeout(300_000);
  await lab.start();
  await lab.finished(120_000);
  const whole = await figures(lab);
  const before = await lanes(lab);
  expect(before).toBeGreaterThan(0);

  await lab.start();
  await endOne(lab);
  await lab.expectMessage(
    /The CPU engine failed; the run continues with new workers, \d+ steps? back.*the browser ended it/,
  );
  await lab.finished(120_000);
  expect(await lanes(lab)).toBe(before + 1);
  expect(await figures(lab)).toEqual(whole);
});

test('it ends while the run is paused, and between two runs', async ({ lab }) => {
  test.setTimeout(300_000);
  await lab.start();
  await lab.button('Pause').click();
  await expect(lab.state).toHaveText('Paused');
  await endOne(lab);
  await lab.page.waitForTimeout(300);
  await lab.button('Resume').click();
  await lab.expectMessage(/continues with new workers/);
  await lab.finished(120_000);
  await endOne(lab);
  await lab.page.waitForTimeout(300);
  await lab.start();
  await lab.finished(120_000);
});

test('it ends with an error, and after the run: the test set is still predicted', async ({ lab }) => {
  test.setTimeout(300_000);
  await lab.start();
  await labWorker(lab.page).evaluate(() => {
    const { lanes } = self as unknown as { lanes: Worker[] };
    lanes.at(-1)?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  });
  await lab.expectMessage(/continues with new workers.*out of memory/);
  await lab.finished(120_000);
  await endOne(lab);
  await lab.tab('Predictions');
  await expect(lab.page.locator('lab-gallery .grid button').first()).toBeVisible({ timeout: 30_000 });
});

test('without locks, a worker that no longer answers is noticed after a while', async ({ lab }) => {
  test.setTimeout(180_000);
  // As on a page without https: the lanes cannot hold a lock.
  await labWorker(lab.page).evaluate(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string }, ...rest: unknown[]) {
      if (message?.type !== 'hold') return postMessage.call(this, message, ...(rest as []));
      queueMicrotask(() => this.onmessage?.(new MessageEvent('message', { data: { error: 'locks are denied' } })));
    };
  });
  await lab.page.evaluate(() => undefined);
  await lab.button('Start').click();
  await expect(lab.status).toContainText('step', { timeout: 60_000 });
  await endOne(lab);
  await expect(lab.messages.filter({ hasText: /continues with new workers.*it no longer answers/ })).toBeVisible({
    timeout: 60_000,
  });
  await lab.finished(120_000);
});

test('the lanes compute at the same time, not in turns', async ({ lab }) => {
  // For each request: how long the engine computed its own share after it had sent it, and how long the answer took.
  await labWorker(lab.page).evaluate(() => {
    const times: { own: number; all: number }[] = [];
    const post = Worker.prototype.postMessage as (this: Worker, message: unknown, transfer?: unknown) => void;
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string }, transfer?: unknown) {
      post.call(this, message, transfer);
      if (message.type !== 'run') return;
      const sent = performance.now();
      const time = { own: 0, all: 0 };
      // Its message arrives when the engine has nothing more to compute and waits.
      const turn = new MessageChannel();
      turn.port1.onmessage = () => {
        time.own = performance.now() - sent;
      };
      turn.port2.postMessage(null);
      this.addEventListener(
        'message',
        () => {
          time.all = performance.now() - sent;
          times.push(time);
        },
        { once: true },
      );
    };
    Object.assign(self, { times });
  });
  await lab.start();
  await lab.finished(120_000);
  const times = await labWorker(lab.page).evaluate(
    () => (self as unknown as { times: { own: number; all: number }[] }).times,
  );
  const sum = (key: 'own' | 'all') => times.reduce((total, time) => total + time[key], 0);
  expect(times.length).toBeGreaterThan(100);
  expect(sum('own') / sum('all')).toBeGreaterThan(0.3);
});
