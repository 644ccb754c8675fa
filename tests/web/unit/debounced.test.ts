import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { debounced } from '../../../www/src/lab/debounced';

const act = vi.fn(async () => undefined);
let work: ReturnType<typeof debounced>;

beforeEach(() => {
  vi.useFakeTimers();
  act.mockClear();
  work = debounced(act, 150);
});

afterEach(() => void vi.useRealTimers());

test('several changes are followed once, after the pause', () => {
  work.later();
  vi.advanceTimersByTime(149);
  work.later();
  vi.advanceTimersByTime(149);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(1);
});

test('what is waited for is done at once, and only then', async () => {
  await work.now();
  expect(act).not.toHaveBeenCalled();
  work.later();
  await work.now();
  vi.advanceTimersByTime(1000);
  expect(act).toHaveBeenCalledTimes(1);
});

test('cancelled work is not done', async () => {
  work.later();
  work.cancel();
  vi.advanceTimersByTime(1000);
  await work.now();
  expect(act).not.toHaveBeenCalled();
});
