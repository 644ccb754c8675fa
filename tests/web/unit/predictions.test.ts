import { describe, expect, test, vi } from 'vitest';
import type { Experiment, StepEvent } from '../../../www/src/base/engine';
import { softmax } from '../../../www/src/base/softmax';
import { Observable } from '../../../www/src/lab/observable';
import { LabPredictions } from '../../../www/src/predictions/lab-predictions';
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

describe('the predictions of a run', () => {
  class FakeRun extends Observable {
    experiment = {} as Experiment;
    log: unknown = {};
    step: StepEvent | null = null;

    train(step: number): void {
      this.step = { step } as StepEvent;
      this.changed();
    }

    begin(): void {
      this.log = {};
      this.step = null;
      this.changed();
    }
  }

  type Parts = ConstructorParameters<typeof LabPredictions>;

  function made() {
    const run = new FakeRun();
    const worker = {
      predictions: vi.fn(async () => Float32Array.from([0, 0, 0.9, 1, 0, 0.6])),
      images: vi.fn(async () => ({ pixels: new Uint8Array(), labels: new Uint8Array() })),
      outputs: vi.fn(async () => Float32Array.from([5, 1, 2])),
      summary: vi.fn(async () => ({ layers: [{ output_shape: [2] }] })),
    };
    const messages = { attempt: (act: () => Promise<void>) => act() };
    const predictions = new LabPredictions(worker as unknown as Parts[0], messages as unknown as Parts[1], run);
    return { run, worker, predictions };
  }

  test('can be filtered while it trains', async () => {
    const { run, predictions } = made();
    await predictions.predictAll();
    expect(predictions.found).toEqual([1]);
    run.train(7);
    expect(predictions.stale).toBe(true);
    await predictions.choose({ truth: null, prediction: 'any' });
    expect(predictions.found).toEqual([0, 1]);
    expect(predictions.shown?.indices).toEqual([0, 1]);
  });

  test('are gone when another one begins, also those that come late', async () => {
    const { run, predictions, worker } = made();
    await predictions.predictAll();
    await predictions.predictOwn(new Uint8Array(1));
    expect(predictions.own?.probabilities[1]).toBeGreaterThan(0.5);
    run.begin();
    expect([predictions.all, predictions.found, predictions.shown, predictions.own]).toEqual([null, [], null, null]);
    const late = Promise.all([predictions.predictAll(), predictions.predictOwn(new Uint8Array(1))]);
    run.begin();
    await late;
    expect(worker.predictions).toHaveBeenCalledTimes(2);
    expect([predictions.all, predictions.shown, predictions.own, predictions.busy]).toEqual([null, null, null, false]);
  });

  test('that of the own image says that it is an earlier one, until it is renewed', async () => {
    const { run, predictions } = made();
    await predictions.predictOwn(new Uint8Array(1));
    expect(predictions.ownStale).toBe(false);
    run.train(3);
    expect(predictions.ownStale).toBe(true);
    await predictions.renew();
    expect([predictions.ownStale, predictions.stale]).toEqual([false, false]);
    predictions.forgetOwn();
    expect(predictions.ownStale).toBe(false);
  });
});
