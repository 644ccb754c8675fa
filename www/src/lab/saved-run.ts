/** A saved run: one JSON document, the command line's `history.json` with some additions. */
import type { Evaluation, Experiment, History, HistoryEpoch, SessionInfo, Summary } from '../base/engine';
import { SAVED_RUN } from './text';

export type Totals = Summary['totals'];

export interface TestFigures {
  test_loss: number;
  test_accuracy: number;
  test_top_5_accuracy: number;
  confusion: number[][];
}

export interface SavedRun extends History {
  id: string;
  /** Date and time in ISO 8601. */
  saved_at: string;
  /** False if the run was saved before its last epoch. */
  complete: boolean;
  /** Whether the run is shown in the comparison. */
  pinned: boolean;
  experiment: Experiment;
  classes: string[];
  train_samples: number;
  validation_samples: number;
  test_samples: number;
  images_per_s: number | null;
  totals: Totals;
  test: TestFigures | null;
}

/** What the page knows about a run when it saves it. */
export interface RunFacts {
  id: string;
  complete: boolean;
  experiment: Experiment;
  info: SessionInfo;
  history: History;
  totals: Totals;
  result: Evaluation | null;
  imagesPerS: number | null;
}

export function savedRun(facts: RunFacts, now: Date): SavedRun {
  const { id, complete, experiment, info, history, totals, result, imagesPerS } = facts;
  // The description is shown with the preset and is not part of the run.
  const { text: _, ...spec } = experiment;
  return {
    id,
    saved_at: now.toISOString(),
    complete,
    pinned: true,
    experiment: spec,
    ...history,
    classes: info.classes,
    train_samples: info.train_samples,
    validation_samples: info.validation_samples,
    test_samples: info.test_samples,
    images_per_s: imagesPerS,
    totals,
    test: result && {
      test_loss: result.loss,
      test_accuracy: result.accuracy,
      test_top_5_accuracy: result.top_5_accuracy,
      confusion: result.confusion,
    },
  };
}

export const newId = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** A run without its totals, which the command line's file does not have: the engine computes them. */
export type LoadedRun = Omit<SavedRun, 'totals'> & { totals: Totals | null };

/** Far more than any run has; a file with more epochs is not a run. */
const MOST_EPOCHS = 100_000;

/** Reads a file; throws an error that says why it is not a run. */
export function parseRun(file: string, text: string, now: Date): LoadedRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(SAVED_RUN.notJson(file));
  }
  const run = value as Partial<SavedRun> | null;
  const wrong = problem(run);
  if (!run || wrong) throw new Error(SAVED_RUN.notARun(file, wrong ?? ''));
  const { experiment, epochs = [], test } = run as SavedRun;
  return {
    id: typeof run.id === 'string' ? run.id : newId(),
    saved_at: date(run.saved_at, now),
    complete: run.complete ?? epochs.length >= (experiment.epochs ?? 0),
    pinned: true,
    experiment,
    epochs,
    learning_rates: numbers(run.learning_rates),
    ...(Array.isArray(run.events) && { events: run.events }),
    engine: String(run.engine ?? ''),
    device: String(run.device ?? ''),
    build: String(run.build ?? ''),
    seed: run.seed ?? experiment.seed ?? 0,
    classes: Array.isArray(run.classes) ? run.classes.map(String) : [],
    train_samples: run.train_samples ?? 0,
    validation_samples: run.validation_samples ?? 0,
    test_samples: run.test_samples ?? 0,
    images_per_s: Number.isFinite(run.images_per_s) ? (run.images_per_s ?? null) : null,
    // Totals in a file are not trusted: the engine computes them again.
    totals: null,
    test: test && {
      test_loss: test.test_loss,
      test_accuracy: test.test_accuracy,
      test_top_5_accuracy: test.test_top_5_accuracy,
      confusion: test.confusion,
    },
  };
}

/** What is missing or has the wrong type, in a few words; null if nothing is. */
function problem(run: Partial<SavedRun> | null): string | null {
  if (typeof run !== 'object' || run === null) return SAVED_RUN.parts.object;
  if (typeof run.experiment !== 'object' || run.experiment === null || !Array.isArray(run.experiment.layers)) {
    return SAVED_RUN.parts.experiment;
  }
  const { epochs, test, seed, classes } = run;
  if (!Array.isArray(epochs) || epochs.length > MOST_EPOCHS || !epochs.every(isEpoch)) return SAVED_RUN.parts.epochs;
  if (epochs.some((row, i) => i > 0 && row.epoch !== (epochs[i - 1]?.epoch ?? 0) + 1)) return SAVED_RUN.parts.order;
  if (!isCount(seed ?? run.experiment.seed ?? 0)) return SAVED_RUN.parts.seed;
  if (![run.train_samples, run.validation_samples, run.test_samples].every((count) => isCount(count ?? 0))) {
    return SAVED_RUN.parts.samples;
  }
  if (test === undefined || test === null) return null;
  return isTest(test, Array.isArray(classes) ? classes.length : null) ? null : SAVED_RUN.parts.test;
}

function isEpoch(row: Partial<HistoryEpoch> | null): boolean {
  if (typeof row !== 'object' || row === null) return false;
  const { epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds } = row;
  const validation = val_loss === undefined && val_accuracy === undefined;
  return (
    isCount(epoch) &&
    epoch !== 0 &&
    isLoss(loss) &&
    isShare(accuracy) &&
    (validation || (isLoss(val_loss) && isShare(val_accuracy))) &&
    [learning_rate, seconds].every((value) => Number.isFinite(value) && (value as number) >= 0)
  );
}

function isTest(test: Partial<TestFigures>, classes: number | null): boolean {
  if (typeof test !== 'object') return false;
  const { test_loss, test_accuracy, test_top_5_accuracy, confusion } = test;
  if (!isLoss(test_loss) || !isShare(test_accuracy) || !isShare(test_top_5_accuracy ?? 0)) return false;
  if (!Array.isArray(confusion) || (classes !== null && confusion.length !== classes)) return false;
  return confusion.every((row) => Array.isArray(row) && row.length === confusion.length && row.every(isCount));
}

/** JSON writes a diverged loss as null. */
const isLoss = (value: unknown): boolean => value === null || Number.isFinite(value);

const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const numbers = (list: unknown): number[] =>
  Array.isArray(list) ? list.filter((value) => Number.isFinite(value)) : [];

function date(text: unknown, now: Date): string {
  const parsed = typeof text === 'string' ? new Date(text) : now;
  return (Number.isNaN(parsed.getTime()) ? now : parsed).toISOString();
}

/** Seconds of training and validation. */
export const secondsOf = ({ epochs }: Pick<SavedRun, 'epochs'>): number =>
  epochs.reduce((sum, row) => sum + row.seconds, 0);
