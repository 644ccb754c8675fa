/** The built-in experiments, in the order of the course. */
import documents from '../../pkg-presets/presets.json';
import type { Experiment, Preset } from '../base/engine';
import { presetList } from './preset-list';

export const presets: Preset[] = (documents as unknown as Experiment[]).map((experiment, i) => ({
  // biome-ignore lint/style/noNonNullAssertion: both files are made of the same list.
  ...presetList.heads[i]!,
  text: experiment.text ?? '',
  experiment,
}));
