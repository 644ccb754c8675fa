import { describe, expect, test } from 'vitest';
import type { Experiment, HistoryEpoch } from '../../../www/src/base/engine';
import {
  differences,
  groupBySeed,
  groupName,
  layerChanges,
  layerText,
  meanCurve,
} from '../../../www/src/compare/compare';
import { epochCount, loadedRun, type SavedRun, savedRun } from '../../../www/src/lab/saved-run';
import { mergedGroups, retrained } from '../../../www/src/results/merged';
import { readRun } from '../../../www/src/worker/run-file';

const experiment = (rest: Partial<Experiment> = {}): Experiment => ({
  name: 'net',
  title: 'Net',
  dataset: { name: 'mnist', validation: 'test' },
  input_shape: [28, 28, 1],
  layers: [{ type: 'flatten' }, { type: 'dense', units: 3, activation: 'softmax' }],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam', learning_rate: 0.001 },
  epochs: 2,
  ...rest,
});

const epochs = (...rows: [loss: number, valLoss: number][]): HistoryEpoch[] =>
  rows.map(([loss, val_loss], i) => ({
    epoch: i + 1,
    loss,
    accuracy: 0.5,
    val_loss,
    val_accuracy: 0.4,
    learning_rate: 0.001,
    seconds: 2,
  }));

const run = (rest: Partial<SavedRun> = {}): SavedRun => ({
  id: 'a',
  saved_at: '2026-11-21T08:00:00.000Z',
  complete: true,
  pinned: true,
  experiment: experiment(),
  epochs: epochs([2, 1.9], [1, 1.2]),
  learning_rates: [0.001],
  engine: 'cpu',
  device: '2 lanes',
  build: 'simd128',
  seed: 0,
  classes: ['0', '1', '2'],
  train_samples: 100,
  validation_samples: 10,
  test_samples: 10,
  images_per_s: 50,
  test: {
    test_loss: 1,
    test_accuracy: 0.72,
    test_top_5_accuracy: 1,
    confusion: [
      [5, 1, 2],
      [0, 7, 1],
      [3, 0, 6],
    ],
  },
  ...rest,
});

describe('what differs', () => {
  test('options by their paths, and nothing that is the same', () => {
    const other = experiment({
      name: 'other',
      batch_size: 64,
      optimizer: { type: 'sgd', learning_rate: 0.001 },
      augmentation: [{ type: 'random_flip' }, { type: 'random_crop', padding: 4 }],
    });
    expect(differences([experiment(), other])).toEqual([
      { path: 'optimizer.type', values: ['adam', 'sgd'] },
      { path: 'batch_size', values: ['', '64'] },
      { path: 'augmentation', values: ['', 'random_flip; random_crop padding 4'] },
    ]);
    expect(differences([experiment(), experiment()])).toEqual([]);
    const merged = experiment({
      dataset: {
        name: 'mnist',
        validation: 'test',
        merge_classes: [
          [0, 6],
          [1, 7],
        ],
      },
    });
    expect(differences([experiment(), merged])).toEqual([{ path: 'dataset.merge_classes', values: ['', '0 6; 1 7'] }]);
  });

  test('layers as lines, added and removed at their positions', () => {
    const conv = { type: 'conv2d', filters: 32, kernel_size: [3, 3], activation: 'relu' };
    const [flatten, dense] = experiment().layers;
    expect(layerText({ ...conv, padding: 'same', name: 'first' })).toBe('conv2d 32 3×3 relu padding same');
    expect(layerText({ type: 'max_pooling2d', pool_size: 2 })).toBe('max_pooling2d 2×2');
    const from = [conv, flatten, dense].filter((layer) => layer !== undefined);
    const to = [conv, { type: 'dropout', rate: 0.5 }, ...from.slice(1, 2), { type: 'dense', units: 10 }];
    expect(layerChanges(from, to)).toEqual([
      { kind: 'added', text: 'dropout 0.5' },
      { kind: 'removed', text: 'dense 3 softmax' },
      { kind: 'added', text: 'dense 10' },
    ]);
    expect(layerChanges(from, from)).toEqual([]);
    expect(layerChanges([], from)).toHaveLength(3);
  });
});

describe('several seeds', () => {
  test('runs that differ only in the seed are one group', () => {
    const seeds = [0, 1, 2].map((seed) => run({ id: String(seed), seed, experiment: experiment({ seed }) }));
    const other = run({ id: 'x', experiment: experiment({ epochs: 3 }) });
    const groups = groupBySeed([...seeds.slice(0, 2), other, ...seeds.slice(2)]);
    expect(groups.map(({ runs }) => runs.map(({ id }) => id))).toEqual([['0', '1', '2'], ['x']]);
    expect(groups.map(groupName)).toEqual(['net, 3 seeds', 'net, seed 0']);
  });

  test('mean and band over the epochs that all runs have', () => {
    const curve = meanCurve([epochs([2, 1.9], [1, 1.2], [0.5, 1]), epochs([4, 2.1], [3, 1.4])], 'val_loss');
    expect(curve.x).toEqual([1, 2]);
    expect(curve.mean).toEqual([expect.closeTo(2), expect.closeTo(1.3)]);
    expect([curve.low, curve.high]).toEqual([
      [1.9, 1.2],
      [2.1, 1.4],
    ]);
    expect(meanCurve([epochs([1, Number.NaN]), epochs([1, 1])], 'val_loss').mean).toEqual([null]);
  });
});

describe('merged classes', () => {
  const groups = [[0, 2], [1]];
  const dataset = { name: 'mnist', merge_classes: groups };

  test('the preset that merges the classes, and the stored run of it', () => {
    const preset = { id: 'net-2', title: '', dataset: 'mnist', merge_classes: groups, trainable: true };
    expect(mergedGroups(experiment(), [preset])).toEqual({ id: 'net-2', groups });
    expect(mergedGroups(experiment({ dataset: { name: 'synthetic_digits' } }), [preset])?.id).toBe('net-2');
    expect(mergedGroups(experiment({ dataset: { name: 'cifar10' } }), [preset])).toBeNull();
    expect(mergedGroups(experiment({ dataset }), [preset])).toBeNull();
    const kept = run({ experiment: experiment({ dataset }) });
    expect(retrained(experiment(), groups, [run(), { ...kept, test: null }, kept])).toBe(kept);
  });
});

describe('a run as a file', () => {
  const now = new Date('2026-11-21T09:00:00Z');

  test('is loaded unchanged', () => {
    expect(loadedRun(readRun(JSON.stringify(run())), now)).toEqual(run());
  });

  test('is assembled from the state of the page', () => {
    const { experiment: spec, epochs: rows, learning_rates, engine, device, build, seed } = run();
    const history = { epochs: rows, learning_rates, engine, device, build, seed };
    const info = { classes: ['a'], train_samples: 5, validation_samples: 0, test_samples: 2 };
    const made = savedRun(
      {
        id: 'b',
        complete: false,
        experiment: { ...spec, text: 'long' },
        info: info as Parameters<typeof savedRun>[0]['info'],
        history,
        result: null,
        imagesPerS: null,
      },
      now,
    );
    expect(made).toMatchObject({ id: 'b', saved_at: now.toISOString(), complete: false, train_samples: 5, test: null });
    expect(made.experiment).not.toHaveProperty('text');
  });

  test('can be a history of the command line, which has no id, no date and some additional members', () => {
    const { experiment: spec, epochs: rows, test } = run();
    const history = { epochs: rows, learning_rates: [], engine: 'cpu', device: 'd', build: 'native', seed: 3 };
    const text = JSON.stringify({ ...history, experiment: spec, version: '0.1.0', train_samples: 9, test });
    const parsed = loadedRun(readRun(text), now);
    expect(parsed).toMatchObject({ seed: 3, train_samples: 9, complete: true, saved_at: now.toISOString() });
    expect(parsed.test?.test_accuracy).toBe(0.72);
    expect(parsed.id).not.toBe('');
  });
});

test('of a large run the page holds some epochs and the whole text', async () => {
  const rows = epochs(...Array.from({ length: 100_000 }, (_, i): [number, number] => [1 / (i + 1), 2]));
  const text = JSON.stringify(run({ epochs: rows, learning_rates: [0.1, 0.2] }));
  const loaded = loadedRun(readRun(text), new Date());
  expect(loaded.epochs.length).toBeLessThanOrEqual(2001);
  expect([loaded.epochs[0]?.epoch, loaded.epochs.at(-1)?.epoch]).toEqual([1, 100_000]);
  expect(loaded.learning_rates).toEqual([]);
  expect(epochCount(loaded)).toBe(100_000);
  expect(await loaded.whole?.file.text(), 'in UTF-8, whatever the file had').toBe(text);
});
