/** A saved run: one JSON document, the command line's `history.json` with some additions. */
import type { Evaluation, Experiment, History, RunFile, SessionInfo } from '../base/engine';

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
  test: TestFigures | null;
}

/** What the page knows about a run when it saves it. */
export interface RunFacts {
  id: string;
  complete: boolean;
  experiment: Experiment;
  info: SessionInfo;
  history: History;
  result: Evaluation | null;
  imagesPerS: number | null;
}

export function savedRun(facts: RunFacts, now: Date): SavedRun {
  const { id, complete, experiment, info, history, result, imagesPerS } = facts;
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

    test: result && {
      test_loss: result.loss,
      test_accuracy: result.accuracy,
      test_top_5_accuracy: result.top_5_accuracy,
      confusion: result.confusion,
    },
  };
}

export const newId = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** A run file that `checkRun` has accepted; the fields that only the page's own files have are filled in. */
export function loadedRun(text: string, now: Date): SavedRun {
  const run = JSON.parse(text) as Partial<SavedRun> & RunFile;
  return {
    ...run,
    id: typeof run.id === 'string' ? run.id : newId(),
    saved_at: date(run.saved_at, now),
    complete: run.complete ?? run.epochs.length >= (run.experiment.epochs ?? 0),
    pinned: true,
    classes: run.classes ?? [],
    train_samples: run.train_samples ?? 0,
    validation_samples: run.validation_samples ?? 0,
    test_samples: run.test_samples ?? 0,
    images_per_s: run.images_per_s ?? null,
    test: run.test ?? null,
  };
}

function date(text: unknown, now: Date): string {
  const parsed = typeof text === 'string' ? new Date(text) : now;
  return (Number.isNaN(parsed.getTime()) ? now : parsed).toISOString();
}
