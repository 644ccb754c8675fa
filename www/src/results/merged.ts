/** Merged classes that the results of a run can be evaluated on, and the saved run that was trained on them. */
import type { Experiment, PresetHead } from '../base/engine';
import type { SavedRun } from '../lab/saved-run';

/** The real set of each synthetic set. */
const STANDS_FOR: Record<string, string> = { synthetic_digits: 'mnist' };

const realName = (name: string): string => STANDS_FOR[name] ?? name;

/** The groups of the preset that merges the classes of this experiment's data set; null if there is none. */
export function mergedGroups(
  experiment: Experiment,
  presets: readonly PresetHead[],
): { id: string; groups: number[][] } | null {
  const { name, merge_classes } = experiment.dataset;
  if (merge_classes) return null;
  for (const preset of presets) {
    const groups = preset.merge_classes;
    if (groups && preset.dataset === realName(name)) return { id: preset.id, groups };
  }
  return null;
}

/** The newest saved run on the same data that was trained on these groups and evaluated. */
export function retrained(experiment: Experiment, groups: number[][], runs: readonly SavedRun[]): SavedRun | null {
  const wanted = JSON.stringify(groups);
  const found = runs.find(
    ({ experiment: { dataset }, test }) =>
      test !== null && dataset.name === experiment.dataset.name && JSON.stringify(dataset.merge_classes) === wanted,
  );
  return found ?? null;
}
