/** An assignment in a card: who does it, what was answered, which allowed options were changed. */
import type { Assigned, Experiment } from '../base/engine';

export interface AssignmentState {
  /** The document, or the id of a built-in experiment. */
  text: string;
  info: Assigned;
  /** The name or number under which the run is handed in; null before it is given. */
  student: string | null;
  /** The answers, by the questions' ids. */
  answers: Record<string, string>;
}

/** An option of the experiment that the student may change: its path and its value now. */
export interface FreeOption {
  path: string;
  value: number;
}

type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** The options with numbers; others are changed in the document only. */
export function freeOptions({ may_change, experiment }: Assigned): FreeOption[] {
  return may_change.flatMap((path) => {
    let value: unknown = experiment;
    for (const key of path.split('.')) value = isTree(value) ? value[key] : undefined;
    return typeof value === 'number' ? [{ path, value }] : [];
  });
}

/** The experiment with an option changed. */
export function withOption(experiment: Experiment, path: string, value: number): Experiment {
  const changed = structuredClone(experiment);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at: unknown = changed;
  for (const key of keys) at = isTree(at) ? at[key] : undefined;
  if (isTree(at)) at[last] = value;
  return changed;
}

/** The answers that are not empty. */
export function given({ info, answers }: AssignmentState): Record<string, string> {
  const pairs = info.questions.map(({ id }) => [id, (answers[id] ?? '').trim()] as const);
  return Object.fromEntries(pairs.filter(([, answer]) => answer !== ''));
}
