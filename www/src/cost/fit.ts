/** Whether the run fits into this device's memory: what each engine needs, and what the device allows. */
import { setNamed } from '../base/datasets';
import type { CostSheet, Experiment } from '../base/engine';
import { setOf } from '../worker/protocol';

/** WebAssembly addresses its memory with 32 bits. */
const WASM_BYTES = 4 * 2 ** 30;

export interface DeviceMemory {
  /** The largest buffer that the graphics adapter binds; null without WebGPU. */
  largestBuffer: number | null;
  /** The device's memory as the browser reports it, rounded; null if it does not. */
  memory: number | null;
}

export interface Fit {
  engine: 'cpu' | 'gpu';
  needs: number;
  fits: boolean;
  /** The allocation that does not fit or is closest to its limit, in bytes. */
  tightest: { what: string; needs: number; allows: number };
  /** The largest batch that would fit, if a smaller one helps. */
  batch: number | null;
}

/** The images in memory: of the set, where it is loaded, or else as many as the official set has, or the experiment asks for. */
export function imagesOf(experiment: Experiment, loaded: { train: number; test: number } | null): number {
  if (loaded) return loaded.train + loaded.test;
  const { limit } = experiment.dataset;
  const [train = 0, test = 0] = setNamed(setOf(experiment).name)?.counts ?? [limit?.train ?? 0, limit?.test ?? 0];
  return train + test;
}

/** One result per engine; for the GPU only with WebGPU. */
export function fits(
  { training, allocation, cpu_allocation }: CostSheet,
  dataBytes: number,
  device: DeviceMemory,
): Fit[] {
  const cpuNeeds = cpu_allocation.bytes + dataBytes;
  const allows = Math.min(WASM_BYTES, device.memory ?? WASM_BYTES);
  // Parameters and images of the data set do not shrink with the batch.
  const kept = dataBytes + training.parameters + training.parameter_gradients + training.optimizer_slots;
  const perImage = Math.max(1, cpuNeeds - kept) / training.batch;
  const verdicts: Fit[] = [
    {
      engine: 'cpu',
      needs: cpuNeeds,
      fits: cpuNeeds <= allows,
      tightest: { what: '', needs: cpuNeeds, allows },
      batch: smaller(training.batch, (allows - kept) / perImage),
    },
  ];
  if (device.largestBuffer === null) return verdicts;
  const { bytes, largest, largest_bytes, grows_with_batch } = allocation;
  verdicts.push({
    engine: 'gpu',
    needs: bytes + dataBytes,
    fits: largest_bytes <= device.largestBuffer,
    tightest: { what: largest, needs: largest_bytes, allows: device.largestBuffer },
    // Parameters do not shrink with the batch.
    batch: grows_with_batch ? smaller(training.batch, (training.batch * device.largestBuffer) / largest_bytes) : null,
  });
  return verdicts;
}

function smaller(batch: number, most: number): number | null {
  const whole = Math.floor(most);
  return whole >= 1 && whole < batch ? whole : null;
}

export async function deviceMemory(): Promise<DeviceMemory> {
  const { deviceMemory: gigabytes } = navigator as Navigator & { deviceMemory?: number };
  const memory = gigabytes === undefined ? null : gigabytes * 2 ** 30;
  try {
    const limits = (await navigator.gpu?.requestAdapter())?.limits;
    const largest = limits && Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
    return { largestBuffer: largest ?? null, memory };
  } catch {
    return { largestBuffer: null, memory };
  }
}
