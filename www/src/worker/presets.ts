/** The built-in experiments, in the order of the course. A separate file, because the lanes do not need them. */
import documents from '../../pkg-presets/presets.json';
import type { Experiment, Preset } from '../base/engine';

/** The data set of networks that have a cost sheet but cannot be trained: its images do not fit into a browser tab. */
const COST_SHEET_DATA = 'imagenet';

export const presets: Preset[] = (documents as unknown as Experiment[]).map((experiment) => ({
  id: experiment.name,
  title: experiment.title ?? '',
  text: experiment.text ?? '',
  trainable: experiment.dataset.name !== COST_SHEET_DATA,
  experiment,
}));
