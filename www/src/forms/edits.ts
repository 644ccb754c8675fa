/** Edits of an experiment document: functions from a document to a new one. Layers are edited by `editLayers` of the model. */
import type { Experiment } from '../base/engine';

/** Sets a part of the experiment, or removes it if the value is undefined. */
export function setPart<K extends keyof Experiment>(
  experiment: Experiment,
  key: K,
  value: Experiment[K] | undefined,
): Experiment {
  const { [key]: _, ...others } = experiment;
  return (value === undefined ? others : { ...experiment, [key]: value }) as Experiment;
}
