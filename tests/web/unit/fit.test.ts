import { expect, test } from 'vitest';
import type { CostSheet, Experiment } from '../../../www/src/base/engine';
import { fits, imagesOf } from '../../../www/src/cost/fit';
import { isOf } from '../../../www/src/cost/measured';

const MB = 2 ** 20;

const sheet = (largest: string, largest_bytes: number): CostSheet => ({
  name: 'net',
  layers: [],
  forward: { input_values: 1, values: 1, bytes: 4 },
  training: {
    batch: 100,
    activations: 600 * MB,
    activation_gradients: 400 * MB,
    parameters: 50 * MB,
    parameter_gradients: 50 * MB,
    optimizer_slots: 100 * MB,
    total: 1200 * MB,
  },
  allocation: { bytes: 1100 * MB, largest_bytes, largest, grows_with_batch: largest !== 'weights' },
  cpu_allocation: { bytes: 1200 * MB, lanes: 2 },
  params: 1,
  trainable: 1,
  macs: 1,
  training_macs: 3,
  images: 10,
  epochs: 1,
  sources: [],
  time_sources: [],
});

test('a network that fits: the need of each engine', () => {
  const [cpu, gpu] = fits(sheet('conv2d: output', 100 * MB), 300 * MB, { largestBuffer: 128 * MB, memory: 2048 * MB });
  expect(cpu).toMatchObject({ engine: 'cpu', fits: true, needs: 1500 * MB, batch: null });
  expect(gpu).toMatchObject({ engine: 'gpu', fits: true, needs: 1400 * MB });
  expect(gpu?.tightest).toEqual({ what: 'conv2d: output', needs: 100 * MB, allows: 128 * MB });
});

test('a network that does not fit: the batch size that does', () => {
  const [cpu, gpu] = fits(sheet('conv2d: output', 200 * MB), 300 * MB, { largestBuffer: 128 * MB, memory: 1024 * MB });
  // 500 MB do not depend on the batch; each image takes 10 MB.
  expect(cpu).toMatchObject({ fits: false, batch: 52 });
  expect(gpu).toMatchObject({ fits: false, batch: 64 });
});

test('a network that is too large fits with no batch size', () => {
  const [cpu, gpu] = fits(sheet('weights', 200 * MB), 0, { largestBuffer: 128 * MB, memory: 100 * MB });
  expect(cpu).toMatchObject({ fits: false, batch: null });
  expect(gpu).toMatchObject({ fits: false, batch: null });
});

test('the limit of WebAssembly is four gigabytes, and without WebGPU there is no answer for it', () => {
  const verdicts = fits(sheet('weights', 1), 4096 * MB, { largestBuffer: null, memory: null });
  expect(verdicts).toHaveLength(1);
  expect(verdicts[0]).toMatchObject({ fits: false, tightest: { allows: 4096 * MB } });
});

const net: Experiment = {
  name: 'net',
  dataset: { name: 'cifar10' },
  input_shape: [32, 32, 3],
  layers: [{ type: 'flatten' }, { type: 'dense', units: 10 }],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam' },
  batch_size: 20,
};

test('the images are those of the loaded set only where it is the experiment’s, or else those of the official set', () => {
  expect(imagesOf(net, { train: 400, test: 100 })).toBe(500);
  expect(imagesOf(net, null)).toBe(60_000);
  expect(imagesOf({ ...net, dataset: { name: 'emnist', split: 'letters' } }, null)).toBe(145_600);
  expect(imagesOf({ ...net, dataset: { name: 'imagenet', limit: { train: 10_000 } } } as Experiment, null)).toBe(
    10_000,
  );
});

test('a measured step counts for the same network with the same batch', () => {
  const step = { engine: 'cpu', device: '', batch: 20, msPerStep: 1, errorMs: 0 } as const;
  const measured = { experiment: net, step };
  expect(isOf(measured, { ...net, title: 'Longer', epochs: 90, seed: 4 })).toBe(true);
  expect(isOf(measured, { ...net, batch_size: 40 })).toBe(false);
  expect(isOf(measured, { ...net, layers: net.layers.slice(1) })).toBe(false);
});
