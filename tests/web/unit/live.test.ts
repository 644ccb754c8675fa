import { expect, test } from 'vitest';
import { pauseAfter, SHARE } from '../../../www/src/live/glances';

test.each([0.1, 3, 10, 80, 900])('a look of %s ms is followed by a pause that keeps its share of the run', (ms) => {
  const pause = pauseAfter(ms);
  expect(ms / (ms + pause)).toBeLessThanOrEqual(SHARE + 1e-9);
  expect(SHARE).toBeLessThan(0.03);
  expect(pause).toBeGreaterThanOrEqual(400);
});
