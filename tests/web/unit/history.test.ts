import { expect, test } from 'vitest';
import type { EpochEvent, StepEvent } from '../../../www/src/base/engine';
import { RunLog } from '../../../www/src/base/history';

const step = (epoch: number, stepInEpoch: number, loss = 1): StepEvent => ({
  event: 'step',
  step: (epoch - 1) * 10 + stepInEpoch,
  epoch,
  step_in_epoch: stepInEpoch,
  steps_per_epoch: 10,
  total_steps: 20,
  loss,
  accuracy: 0.5,
  learning_rate: 0.001,
  images_per_s: 100,
});

const epoch = (number: number, rest: Partial<EpochEvent> = {}): EpochEvent => ({
  event: 'epoch',
  epoch: number,
  loss: 1.5,
  accuracy: 0.4,
  learning_rate: 0.001,
  seconds: 2,
  ...rest,
});

test('columns place steps within their epoch and epochs at their end', () => {
  const log = new RunLog();
  log.addStep(step(1, 5, 2));
  log.addEpoch(epoch(1, { val_loss: 1.4, val_accuracy: 0.45 }));
  log.addStep(step(2, 1, 1.2));
  expect(log.columns('loss')).toEqual({
    x: [0.5, 1, 1.1],
    step: [2, null, 1.2],
    train: [null, 1.5, null],
    validation: [null, 1.4, null],
  });
  expect(log.columns('accuracy').validation).toEqual([null, 0.45, null]);
  expect(log.rates()).toEqual({ x: [0.5, 1.1], rate: [0.001, 0.001] });
});

test('a point is the mean of the steps since the previous point, not since the start of the epoch', () => {
  const log = new RunLog();
  log.addStep(step(1, 4, 3));
  // Eight steps at 2 on average, of which the first four had 3: the others had 1.
  log.addStep(step(1, 8, 2));
  log.addStep(step(2, 2, 1.5));
  expect(log.columns('loss').step).toEqual([3, 1, 1.5]);
});

test('a diverged loss is a gap', () => {
  const log = new RunLog();
  log.addStep(step(1, 1, Number.NaN));
  log.addEpoch(epoch(1, { loss: Number.POSITIVE_INFINITY }));
  expect(log.columns('loss')).toMatchObject({ step: [null, null], train: [null, null] });
});

test('a long run is reduced to few points of the same shape, and keeps every epoch', () => {
  const log = new RunLog();
  for (let number = 1; number <= 3000; number += 1) {
    for (let i = 1; i <= 10; i += 1) log.addStep(step(number, i));
    log.addEpoch(epoch(number));
  }
  const { x, train } = log.columns('loss');
  expect(x.length).toBeLessThan(3000 + 4001);
  expect(x.length).toBeGreaterThan(3000 + 1900);
  expect(train.filter((value) => value !== null)).toHaveLength(3000);
  expect(x).toEqual([...x].sort((a, b) => a - b));
  expect(x.at(-1)).toBe(3000);
});
