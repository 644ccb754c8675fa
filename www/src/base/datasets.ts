/** The known data sets, from the table of the engine: `datasets.json` is written by tests/types.rs. */
import table from './datasets.json';
import { phrase } from './localized';

export interface KnownSet {
  /** The name in experiments; where a set has several splits, with that of the split after a slash. */
  name: string;
  title: string;
  /** Drawn from a seed. */
  synthetic: boolean;
  /** Height, width and channels; null if the files decide. */
  size: number[] | null;
  /** Training and test images of the complete set; null if the files decide. */
  counts: number[] | null;
  /** The number of classes; null if the files decide. */
  classes: number | null;
}

export const DATASETS: readonly KnownSet[] = table;

export const setNamed = (name: string): KnownSet | undefined => DATASETS.find((set) => set.name === name);

/** The name for people; that of a set with several splits without the split. */
export function titleOf(name: string): string {
  const set = setNamed(name) ?? DATASETS.find((other) => other.name.startsWith(`${name}/`));
  return set ? phrase(set.title) : name;
}
