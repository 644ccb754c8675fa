import { afterEach, expect, test, vi } from 'vitest';
import type { Lab } from '../../../www/src/lab/lab';
import { Glances, pauseAfter, SHARE } from '../../../www/src/live/glances';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([0.1, 3, 10, 80, 900])('a look of %s ms is followed by a pause that keeps its share of the run', (ms) => {
  const pause = pauseAfter(ms);
  expect(ms / (ms + pause)).toBeLessThanOrEqual(SHARE + 1e-9);
  expect(SHARE).toBeLessThan(0.03);
  expect(pause).toBeGreaterThanOrEqual(400);
});

test('a look under way is the last one after the element has left the page, until it is back', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  let answer: (glance: { ms: number }) => void = () => undefined;
  const glance = vi.fn(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const run = { state: 'running', info: { steps_per_epoch: 10, test_samples: 5 }, experiment: {}, step: null };
  const lab = { run, data: {}, experiment: {}, worker: { glance } } as unknown as Lab;
  const glances = new Glances(
    () => lab,
    () => glances.follow(),
  );
  glances.follow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(glance).toHaveBeenCalledTimes(1);
  glances.close();
  answer({ ms: 1 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(glance).toHaveBeenCalledTimes(1);
  glances.open();
  glances.follow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(glance).toHaveBeenCalledTimes(2);
});
