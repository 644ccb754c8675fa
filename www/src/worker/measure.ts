/**
 * Measures this device: the time of a network's training step, the arithmetic rate and the memory bandwidth. The images are noise,
 * because the speed does not depend on their content.
 */
import type { Engine, EngineDataset, EngineSession, Experiment, LanePool } from '../base/engine';
import type { UsedEngine } from './choice';

export interface StepTime {
  engine: 'cpu' | 'gpu';
  device: string;
  batch: number;
  msPerStep: number;
  /** Half of the difference between the slowest and the fastest window. */
  errorMs: number;
}

export interface DeviceRates {
  engine: 'cpu' | 'gpu';
  gflops: number;
  gbPerS: number;
}

const WINDOWS = 5;
const WINDOW_MS = 400;
const WARM_UP_MS = 500;
/** The number of batches of noise. More batches would not change the speed. */
const BATCHES = 2;

/** Trains a network on noise for about two and a half seconds. */
export async function measureStep(
  engine: Engine,
  experiment: Experiment,
  choice: UsedEngine,
  lanes: LanePool,
): Promise<StepTime> {
  const batch = experiment.batch_size ?? 32;
  const dataset = noise(engine, experiment, BATCHES * batch);
  // Only the steps are measured. The small learning rate keeps the numbers finite for any duration.
  const { learning_rate_schedule: _, early_stopping: __, ...rest } = experiment;
  const spec: Experiment = {
    ...rest,
    dataset: { name: 'custom', validation: null },
    optimizer: { ...experiment.optimizer, learning_rate: 1e-6 },
    epochs: 100_000,
  };
  let session: EngineSession | null = null;
  try {
    session = await engine.Session.create(spec, dataset, { engine: choice }, lanes);
    const { engine: used, device } = session.info();
    await window(session, WARM_UP_MS);
    const times: number[] = [];
    for (let i = 0; i < WINDOWS; i += 1) times.push(await window(session, WINDOW_MS));
    times.sort((a, b) => a - b);
    const [min = 0, median = 0, max = 0] = [times[0], times[WINDOWS >> 1], times[WINDOWS - 1]];
    return { engine: used, device, batch, msPerStep: median, errorMs: (max - min) / 2 };
  } finally {
    session?.free();
    dataset.free();
  }
}

/** Trains for about `ms` milliseconds; returns the milliseconds per step. */
async function window(session: EngineSession, ms: number): Promise<number> {
  const steps = () => session.history().learning_rates.length;
  const before = steps();
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < ms) {
    await session.advance(20);
    elapsed = performance.now() - start;
  }
  return elapsed / Math.max(1, steps() - before);
}

/** A network limited by arithmetic: one 3 × 3 convolution of 64 channels is 90 % of its work. */
const PROBE: Experiment = {
  name: 'probe',
  dataset: { name: 'custom' },
  input_shape: [32, 32, 3],
  layers: [
    { type: 'conv2d', filters: 64, kernel_size: 3, padding: 'same', activation: 'relu' },
    { type: 'conv2d', filters: 64, kernel_size: 3, padding: 'same', activation: 'relu' },
    { type: 'global_average_pooling2d' },
    { type: 'dense', units: 10, activation: 'softmax' },
  ],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'sgd', learning_rate: 1e-6 },
};
/** Forward pass, weight gradient and input gradient, with two operations per multiply-accumulate. */
const FLOPS_PER_MAC = 6;

export async function measureRates(
  engine: Engine,
  kind: 'cpu' | 'gpu',
  software: boolean,
  lanes: LanePool,
): Promise<DeviceRates> {
  // With the batch of a graphics card, a software adapter would need half a minute.
  const batch_size = kind === 'cpu' ? 16 : software ? 4 : 64;
  const { msPerStep, batch } = await measureStep(engine, { ...PROBE, batch_size }, kind, lanes);
  const { macs } = engine.summary(PROBE).totals;
  const gflops = (FLOPS_PER_MAC * macs * batch) / msPerStep / 1e6;
  return { engine: kind, gflops, gbPerS: kind === 'cpu' ? copyRate() : await gpuCopyRate() };
}

/** Larger than the caches. */
const COPY_BYTES = 64 << 20;
const COPY_MS = 300;
/** WebGPU's COPY_SRC and COPY_DST. */
const COPY_USAGE = 0x4 | 0x8;

/** GB per second, read and written, by one core, since all cores share the memory. */
function copyRate(): number {
  const from = new Float32Array(COPY_BYTES / 4).fill(1);
  const to = new Float32Array(COPY_BYTES / 4);
  to.set(from);
  const start = performance.now();
  let bytes = 0;
  while (performance.now() - start < COPY_MS) {
    to.set(from);
    bytes += 2 * COPY_BYTES;
  }
  return bytes / (performance.now() - start) / 1e6;
}

async function gpuCopyRate(): Promise<number> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error('WebGPU offers no graphics adapter.');
  const device = await adapter.requestDevice();
  try {
    const buffer = () => device.createBuffer({ size: COPY_BYTES, usage: COPY_USAGE });
    const [from, to] = [buffer(), buffer()];
    const copy = async (times: number): Promise<number> => {
      const encoder = device.createCommandEncoder();
      for (let i = 0; i < times; i += 1) encoder.copyBufferToBuffer(from, 0, to, 0, COPY_BYTES);
      const start = performance.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      return performance.now() - start;
    };
    await copy(2);
    // Enough copies that the overhead of waiting for the queue is negligible.
    let times = 4;
    let ms = await copy(times);
    while (ms < 50 && times < 1024) {
      times *= 4;
      ms = await copy(times);
    }
    return (2 * COPY_BYTES * times) / ms / 1e6;
  } finally {
    device.destroy();
  }
}

/** A data set of noise with the network's image size. */
function noise(engine: Engine, experiment: Experiment, count: number): EngineDataset {
  const size = experiment.input_shape;
  const classes = Math.min(256, engine.summary(experiment).layers.at(-1)?.output_shape.at(-1) ?? 1);
  const labels = (n: number) => Uint8Array.from({ length: n }, (_, i) => i % classes);
  const pixels = (n: number) => {
    const values = new Uint8Array(n * size[0] * size[1] * size[2]);
    for (let i = 0; i < values.length; i += 1) values[i] = (i * 2654435761) >>> 24;
    return values;
  };
  const head = { name: 'custom', title: 'Noise', classes: Array.from({ length: classes }, (_, i) => `${i}`), size };
  return new engine.Dataset(head, pixels(count), labels(count), pixels(classes), labels(classes));
}
