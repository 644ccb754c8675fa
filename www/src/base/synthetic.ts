/** The synthetic sets of the engine, which stand in for the official ones. */
import type { Experiment } from './engine';

/** As the engine generates them by default: enough images to learn from, and few enough to generate at once. */
export const SYNTHETIC = { train: 6000, test: 1000, seed: 0 };

/** The synthetic set that an experiment can train on: its own, or that of its image shape; null if there is none. */
export function syntheticFor({ dataset, input_shape }: Experiment): string | null {
  if (dataset.name.startsWith('synthetic_')) return dataset.name;
  const shape = input_shape?.join('x');
  if (shape === '28x28x1') return 'synthetic_digits';
  return shape === '32x32x3' ? 'synthetic_objects' : null;
}
