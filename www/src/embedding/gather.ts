/** The values of the last hidden layer for the test images, and their places in the plane. */
import * as Comlink from 'comlink';
import type { Lab } from '../lab/lab';
import { spawn } from '../worker/spawn';
import { affordable, lastHidden, spread } from './choose';
import type { Method } from './project';
import { EMBEDDING } from './text';

export interface Found {
  /** The run and its step. */
  run: unknown;
  step: number;
  layer: string;
  size: number;
  values: Float32Array;
  points: Float32Array;
  /** By which the points were projected. */
  method: Method;
  /** The test images, by their place in the set. */
  indices: number[];
  /** Fewer than were asked for, because of the time. */
  isFewer: boolean;
  pixels: Uint8Array;
  labels: Uint8Array;
  predicted: number[];
}

/** Asks the run's network as it is now for up to `most` images. */
export async function gather({ run, worker }: Lab, most: number, method: Method): Promise<Found | null> {
  const { info, experiment } = run;
  if (!info || !experiment) return null;
  const step = run.step?.step ?? 0;
  const { layers } = await worker.summary(experiment);
  const at = lastHidden(layers);
  const layer = layers[at]?.name ?? '';
  const size = (layers[at]?.output_shape ?? []).reduce((a, b) => a * b, 1);
  const wanted = Math.min(most, info.test_samples);
  const count = affordable(wanted, size);
  const indices = spread(count, info.test_samples);
  const { pixels, labels } = await worker.images('run', 'test', indices);
  const values = await worker.layerOutputs(experiment, at, pixels);
  const predictions = await worker.predictions();
  const predicted = indices.map((i) => predictions[3 * i + 1] ?? 0);
  const points = await projected(values, count, method);
  const isFewer = count < wanted;
  return { run: info, step, layer, size, values, points, method, indices, isFewer, pixels, labels, predicted };
}

/** Runs in a worker that ends afterwards. */
export async function projected(values: Float32Array, count: number, method: Method): Promise<Float32Array> {
  const worker = spawn(() => new Worker(new URL('./project.worker.ts', import.meta.url), { type: 'module' }));
  try {
    const remote = Comlink.wrap<{ project(values: Float32Array, count: number, method: Method): Float32Array }>(worker);
    const failed = new Promise<never>((_, reject) => {
      worker.onerror = (event) => reject(new Error(EMBEDDING.failed(event.message ?? '')));
    });
    return await Promise.race([remote.project(values, count, method), failed]);
  } finally {
    worker.terminate();
  }
}
