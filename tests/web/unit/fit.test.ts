import { expect, test } from 'vitest';
import type { CostSheet } from '../../../www/src/base/engine';
import { fits } from '../../../www/src/cost/fit';

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
