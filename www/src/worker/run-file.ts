/** Run files, read in the worker: a file of a hundred thousand epochs would block the page for seconds. */
import type { RunFile } from '../base/engine';

/** The file of a large run, which is passed on and stored without being read, and the number of its epochs. */
export interface WholeRun {
  file: Blob;
  epochs: number;
}

/** A run as the page shows it. Of a large one it has some of the epochs, and none of the lists that are as long as the run. */
export interface ReadRun {
  run: RunFile;
  whole: WholeRun | null;
}

/** A longer file counts as large. A run of 300 epochs has 60,000 characters. */
const LARGE_CHARACTERS = 2_000_000;

/** About the number of epochs that remain of a large run. */
const MOST_EPOCHS = 2000;

/**
 * Reads the text of a file that `check_run` has accepted. What is passed on is that text in UTF-8, whatever encoding the file had, and
 * can be read even after the file is moved or changed.
 */
export function readRun(json: string): ReadRun {
  const run = JSON.parse(json) as RunFile;
  if (json.length <= LARGE_CHARACTERS) return { run, whole: null };
  const { length } = run.epochs;
  const every = Math.ceil(length / MOST_EPOCHS);
  const epochs = run.epochs.filter((_, i) => i % every === 0 || i === length - 1);
  const short = { ...run, epochs, learning_rates: [], events: [], interruptions: [] };
  return { run: short, whole: { file: new Blob([json], { type: 'application/json' }), epochs: length } };
}
