/** The synthetic sets of the engine, which stand in for the official ones. */
import { DATASETS } from './datasets';
import type { Experiment } from './engine';

const SETS = DATASETS.filter((set) => set.synthetic);
const [train = 0, test = 0] = SETS[0]?.counts ?? [];

/** As the engine generates them by default: enough images to learn from, and few enough to generate at once. */
export const SYNTHETIC = { train, test, seed: 0 };

/** The synthetic set that an experiment can train on: its own, or that of its image shape; null if there is none. */
export function syntheticFor({ dataset, input_shape }: Experiment): string | null {
  if (dataset.name.startsWith('synthetic_')) return dataset.name;
  const shape = input_shape?.join('x');
  return SETS.find(({ size }) => size?.join('x') === shape)?.name ?? null;
}
