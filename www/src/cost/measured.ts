/** A measured training step, with the experiment that was measured. */
import type { Experiment } from '../base/engine';
import type { StepTime } from '../worker/measure';

export interface Measured {
  /** With the batch size that was measured. */
  experiment: Experiment;
  step: StepTime;
}

/** Members of an experiment that do not change the time of a step. */
const WITHOUT = new Set(['name', 'title', 'text', 'dataset', 'epochs', 'seed']);

const timed = (experiment: Experiment): string =>
  JSON.stringify(Object.entries(experiment).filter(([name]) => !WITHOUT.has(name)));

/** Whether the step is one of this experiment, with this batch size. */
export const isOf = ({ experiment }: Measured, other: Experiment): boolean => timed(experiment) === timed(other);
