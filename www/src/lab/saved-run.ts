/** A saved run: one JSON document, the command line's `history.json` with some additions. */
import type { Evaluation, Experiment, History, ReportInput, RunFile, SessionInfo } from '../base/engine';

import type { ReadRun, WholeRun } from '../worker/run-file';

export interface TestFigures {
  test_loss: number;
  test_accuracy: number;
  test_top_5_accuracy: number;
  confusion: number[][];
}

/** What a report needs of a run besides its experiment and its history. */
export type ReportData = Omit<ReportInput, 'experiment' | 'history' | 'written'>;

export interface SavedRun extends History {
  id: string;
  /** Date and time in ISO 8601. */
  saved_at: string;
  /** False if the run was saved before its last epoch. */
  complete: boolean;
  /** Tells runs of one experiment apart: 1 for the first that this browser saved. */
  number?: number;
  /** The student's own name for the run. */
  label?: string;
  tags?: string[];
  notes?: string;
  /** What the student has written about the figures of the report, by the name of the figure. */
  observations?: Record<string, string>;
  /** Whether the run is shown in the comparison. */
  pinned: boolean;
  experiment: Experiment;
  classes: string[];
  train_samples: number;
  validation_samples: number;
  test_samples: number;
  images_per_s: number | null;
  test: TestFigures | null;
  /** What a report needs besides: sizes, device, and the first test images with their predictions. */
  report?: ReportData;
  /** The file of a large run that was loaded; `epochs` then has only some of its epochs. */
  whole?: WholeRun;
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

    test: result && testFigures(result),
  };
}

export const testFigures = (result: Evaluation): TestFigures => ({
  test_loss: result.loss,
  test_accuracy: result.accuracy,
  test_top_5_accuracy: result.top_5_accuracy,
  confusion: result.confusion,
});

/** What the student has written about a run. */
export type RunNotes = Pick<SavedRun, 'label' | 'tags' | 'notes' | 'observations'>;

export const notesOf = ({ label, tags, notes, observations }: RunNotes): RunNotes => ({
  ...(label && { label }),
  ...(tags && tags.length > 0 && { tags }),
  ...(notes && { notes }),
  ...(observations && { observations }),
});

/** The student's name of a run; or its experiment's name, with a number from the second run on. */
export function runName({ label, number = 1, experiment }: Pick<SavedRun, 'label' | 'number' | 'experiment'>): string {
  return label || (number > 1 ? `${experiment.name} (${number})` : experiment.name);
}

/** The number of the next run of an experiment. */
export function nextNumber(runs: readonly SavedRun[], experiment: string): number {
  const same = runs.filter((run) => run.experiment.name === experiment);
  return Math.max(0, ...same.map(({ number = 1 }) => number)) + 1;
}

export const newId = (): string => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

/** The number of epochs of a run, also of those that the page does not hold. */
export const epochCount = ({ whole, epochs }: Pick<SavedRun, 'whole' | 'epochs'>): number =>
  whole?.epochs ?? epochs.length;

/** A run that the worker has read from a file; the fields that only the page's own files have are filled in. */
export function loadedRun({ run: read, whole }: ReadRun, now: Date): SavedRun {
  const run: Partial<SavedRun> & RunFile = read;
  const count = whole?.epochs ?? run.epochs.length;
  // Only texts of the form that the page writes; a file may hold anything.
  const { number: _, label, tags, notes, observations, report: __, ...rest } = run;
  return {
    ...rest,
    ...written({ label, tags, notes, observations }),
    id: typeof run.id === 'string' ? run.id : newId(),
    saved_at: date(run.saved_at, now),
    complete: run.complete ?? count >= (run.experiment.epochs ?? 0),
    pinned: true,
    classes: run.classes ?? [],
    train_samples: run.train_samples ?? 0,
    validation_samples: run.validation_samples ?? 0,
    test_samples: run.test_samples ?? 0,
    images_per_s: run.images_per_s ?? null,
    test: run.test ?? null,
    ...(whole && { whole }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What a file has of the student's own words; anything of another form is left out. */
function written(found: { [K in keyof RunNotes]: unknown }): RunNotes {
  const { label, tags, notes, observations } = found;
  const isPlain = typeof observations === 'object' && observations !== null && !Array.isArray(observations);
  return notesOf({
    ...(isText(label) && { label }),
    ...(Array.isArray(tags) && { tags: tags.filter(isText) }),
    ...(isText(notes) && { notes }),
    ...(isPlain && {
      observations: Object.fromEntries(Object.entries(observations).filter(([, text]) => isText(text))),
    }),
  });
}

function date(text: unknown, now: Date): string {
  const parsed = typeof text === 'string' ? new Date(text) : now;
  return (Number.isNaN(parsed.getTime()) ? now : parsed).toISOString();
}
