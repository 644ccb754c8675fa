import { describe, expect, test } from 'vitest';
import { firstOfEach, groupsOf } from '../../../www/src/data/merge';
import { inParts, rangeOf } from '../../../www/src/data/range';

test('the range of pixels follows from how often each value occurs', () => {
  const counts = new Uint32Array(256);
  counts.set([2, 0, 0, 0, 2], 10);
  expect(rangeOf(counts)).toEqual({ least: 10, most: 14, mean: 12, deviation: 2 });
  expect(inParts(counts, 32).filter((count) => count > 0)).toEqual([4]);
  expect(inParts([1, 2, 3, 4], 2)).toEqual([3, 7]);
  expect(rangeOf(new Uint32Array(256)).deviation).toBe(0);
});

describe('merged classes', () => {
  const names = ['a', 'b', 'c'];

  test('are named and counted', () => {
    expect(groupsOf([[0, 2], [1]], names, [10, 20, 30])).toEqual([
      { name: 'a+c', classes: [0, 2], count: 40 },
      { name: 'b', classes: [1], count: 20 },
    ]);
  });

  test('must contain each class once', () => {
    for (const wrong of [
      [[0], [1]],
      [
        [0, 1],
        [1, 2],
      ],
      [[0, 1, 2, 3]],
      [[0, 1, 2], []],
    ]) {
      expect(groupsOf(wrong, names, [1, 1, 1])).toBeNull();
    }
  });

  test('show the first images of each', () => {
    expect(firstOfEach([2, 0, 2, 2, 1], 3, 2)).toEqual([[1], [4], [0, 2]]);
  });
});
