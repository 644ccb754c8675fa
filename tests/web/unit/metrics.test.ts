import { expect, test } from 'vitest';
import {
  accuracyOf,
  bestEpoch,
  classScores,
  mergeConfusion,
  overfitting,
  worstMistakes,
} from '../../../www/src/base/metrics';

test('precision, recall and F1 of each class', () => {
  // Eight of ten zeros are found, one other is predicted as a zero; class 2 has no images and is never predicted.
  const scores = classScores([
    [8, 2, 0],
    [1, 4, 0],
    [0, 0, 0],
  ]);
  expect(scores[0]).toEqual({ precision: 8 / 9, recall: 0.8, f1: 16 / 19, support: 10 });
  expect(scores[1]).toEqual({ precision: 4 / 6, recall: 0.8, f1: 8 / 11, support: 5 });
  expect(scores[2]).toEqual({ precision: null, recall: null, f1: null, support: 0 });
});

test('the most frequent mistakes come first, and correct predictions are not mistakes', () => {
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

test('the best epoch is the first one with the lowest validation loss', () => {
  const rows = [1.2, 0.9, 0.9, 1.1].map((val_loss, i) => ({ epoch: i + 1, val_loss }));
  expect(bestEpoch(rows)).toBe(2);
  expect(bestEpoch([{ epoch: 1 }])).toBeNull();
  expect(bestEpoch([])).toBeNull();
});

test('where a run overfits, and by how much', () => {
  const row = (epoch: number, loss: number, val_loss: number) => ({
    epoch,
    loss,
    accuracy: 0.9,
    val_loss,
    val_accuracy: 0.5,
    learning_rate: 0.1,
    seconds: 1,
  });
  const found = overfitting([row(1, 2, 1.9), row(2, 1, 1.2), row(3, 0.5, 1.2), row(4, 0.1, 1.6)]);
  expect(found).toMatchObject({ epoch: 2, epochsAfter: 2, valLoss: 1.2 });
  expect(found?.lossGap).toBeCloseTo(0.2);
  expect(found?.lastLossGap).toBeCloseTo(1.5);
  expect(found?.lastAccuracyGap).toBeCloseTo(0.4);
  expect(overfitting([row(1, 1, Number.NaN), row(2, 1, 2)])?.epoch).toBe(2);
  expect(overfitting([])).toBeNull();
  expect(overfitting([{ epoch: 1, loss: 1, accuracy: 1, learning_rate: 0.1, seconds: 1 }])).toBeNull();
});

test('with merged classes, confusions within a group are correct', () => {
  const confusion = [
    [5, 1, 2],
    [0, 7, 1],
    [3, 0, 6],
  ];
  const merged = mergeConfusion(confusion, [[0, 2], [1]]);
  expect(merged).toEqual([
    [16, 1],
    [1, 7],
  ]);
  expect([accuracyOf(confusion), accuracyOf(merged ?? [])]).toEqual([18 / 25, 23 / 25]);
  for (const groups of [
    [[0], [1]],
    [
      [0, 1],
      [1, 2],
    ],
    [[0, 1, 2, 3]],
  ])
    expect(mergeConfusion(confusion, groups)).toBeNull();
});
