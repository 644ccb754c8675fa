import { expect, test } from 'vitest';
import { bestEpoch, classScores, worstMistakes } from '../../../www/src/metrics';

test('precision, recall and F1 of each class', () => {
  // Eight of ten zeros found, one other called a zero; class 2 has no pictures and is never said.
  const scores = classScores([
    [8, 2, 0],
    [1, 4, 0],
    [0, 0, 0],
  ]);
  expect(scores[0]).toEqual({ precision: 8 / 9, recall: 0.8, f1: 16 / 19, support: 10 });
  expect(scores[1]).toEqual({ precision: 4 / 6, recall: 0.8, f1: 8 / 11, support: 5 });
  expect(scores[2]).toEqual({ precision: null, recall: null, f1: null, support: 0 });
});

test('the most frequent mistakes come first, and hits are none', () => {
  const confusion = [
    [90, 3, 0],
    [7, 80, 1],
    [0, 0, 70],
  ];
  expect(worstMistakes(confusion, 2)).toEqual([
    { truth: 1, predicted: 0, count: 7 },
    { truth: 0, predicted: 1, count: 3 },
  ]);
});

test('the best epoch is the first of least validation loss', () => {
  const rows = [1.2, 0.9, 0.9, 1.1].map((val_loss, i) => ({ epoch: i + 1, val_loss }));
  expect(bestEpoch(rows)).toBe(2);
  expect(bestEpoch([{ epoch: 1 }])).toBeNull();
  expect(bestEpoch([])).toBeNull();
});
