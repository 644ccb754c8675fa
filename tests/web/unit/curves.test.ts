import { expect, test } from 'vitest';
import { align, lastUpTo, structure, uplotColumns } from '../../../www/src/charts/curve';
import { smoothed } from '../../../www/src/run/smooth';

test('smoothing keeps the first point, constants and gaps', () => {
  expect(smoothed([4, 2, 1], 0)).toEqual([4, 2, 1]);
  expect(smoothed([5, null, 5, 5], 0.9)).toEqual([5, null, expect.closeTo(5), expect.closeTo(5)]);
  const [first, second, gap, third] = smoothed([1, 3, null, 3], 0.5);
  expect([first, gap]).toEqual([1, null]);
  // Weights 1/3 and 2/3, then 1/7, 2/7 and 4/7.
  expect(second).toBeCloseTo(1 / 3 + 3 * (2 / 3));
  expect(third).toBeCloseTo(1 / 7 + 3 * (6 / 7));
});

test('curves of several runs share an axis', () => {
  const { x, columns } = align([
    { x: [1, 2, 3], columns: [[10, 20, 30]] },
    {
      x: [2, 4],
      columns: [
        [7, 8],
        [1, null],
      ],
    },
  ]);
  expect(x).toEqual([1, 2, 3, 4]);
  expect(columns).toEqual([
    [[10, 20, 30, null]],
    [
      [null, 7, null, 8],
      [null, 1, null, null],
    ],
  ]);
});

test('a band’s edges follow its curve, and only changes that require a new chart change the structure', () => {
  const curve = { name: 'a', color: '--a', values: [1, 2] };
  const banded = { ...curve, band: { low: [0, 1], high: [2, 3] } };
  expect(uplotColumns({ x: [1, 2], curves: [banded, curve], marks: [] })).toEqual([
    [1, 2],
    [1, 2],
    [2, 3],
    [0, 1],
    [1, 2],
  ]);
  const of = (...curves: (typeof curve)[]) => structure({ x: [], curves, marks: [] });
  expect(of(curve)).toBe(of({ ...curve, values: [5] }));
  expect(of(curve)).not.toBe(of(banded));
});

test('the value at a position is the last one up to it', () => {
  expect(lastUpTo([1, null, 3, null], 1)).toBe(1);
  expect(lastUpTo([1, null, 3, null], 9)).toBe(3);
  expect(lastUpTo([null], 0)).toBeNull();
});
