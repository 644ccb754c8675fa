import { expect, test } from 'vitest';
import { softmax } from '../../../www/src/base/softmax';
import { decode, find } from '../../../www/src/predictions/test-predictions';

/** Class, predicted class and confidence of six images. */
const all = decode(
  Float32Array.from(
    [
      [0, 0, 0.9],
      [1, 0, 0.6],
      [1, 2, 0.8],
      [2, 2, 0.7],
      [1, 0, 0.95],
      [0, 1, 0.8],
    ].flat(),
  ),
);

test('three values per image', () => {
  expect([...all.labels]).toEqual([0, 1, 1, 2, 1, 0]);
  expect([...all.predicted]).toEqual([0, 0, 2, 2, 0, 1]);
  expect(all.confidence[4]).toBeCloseTo(0.95);
});

test('the most confident mistakes come first, equal ones in order', () => {
  expect(find(all, { truth: null, prediction: 'wrong' })).toEqual([4, 2, 5, 1]);
});

test('a cell of the matrix, a class, everything', () => {
  expect(find(all, { truth: 1, prediction: 0 })).toEqual([4, 1]);
  expect(find(all, { truth: 2, prediction: 2 })).toEqual([3]);
  expect(find(all, { truth: null, prediction: 2 })).toEqual([2, 3]);
  expect(find(all, { truth: 1, prediction: 'any' })).toEqual([4, 2, 1]);
  expect(find(all, { truth: 2, prediction: 0 })).toEqual([]);
});

test('softmax adds up to one and does not overflow', () => {
  const shares = softmax(Float32Array.from([1000, 1001, 999]));
  expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1);
  expect(shares[1]).toBeCloseTo(0.6652, 4);
});
