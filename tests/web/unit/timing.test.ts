import { expect, test } from 'vitest';
import { Stopwatch, secondsLeft } from '../../../www/src/run/timing';

test('a stopwatch counts only while it runs', () => {
  let now = 0;
  const watch = new Stopwatch(() => now);
  expect(watch.seconds).toBe(0);
  watch.start();
  now = 2000;
  watch.start(); // A second start changes nothing.
  now = 3000;
  expect(watch.seconds).toBe(3);
  watch.stop();
  now = 60_000;
  watch.stop();
  expect(watch.seconds).toBe(3);
  watch.start();
  now = 61_500;
  expect(watch.seconds).toBe(4.5);
});

test('the remaining time is estimated from the speed so far', () => {
  expect(secondsLeft(10, 100, 1000)).toBe(90);
  expect(secondsLeft(10, 1000, 1000)).toBe(0);
  expect(secondsLeft(10, 1200, 1000)).toBe(0);
  expect(secondsLeft(0, 0, 1000)).toBeNull();
  expect(secondsLeft(5, 0, 1000)).toBeNull();
});
