/** The list of the built-in experiments, and the first of them, which a first visit opens. The others are loaded when one is wanted. */

import json from '../../pkg-presets/first.json';
import type { Experiment, PresetHead } from '../base/engine';

/** The data set of networks that have a cost sheet but cannot be trained: its images do not fit into a browser tab. */
const COST_SHEET_DATA = 'imagenet';

const { heads, first } = json as unknown as { heads: Omit<PresetHead, 'trainable'>[]; first: Experiment };

export const presetList: { heads: PresetHead[]; first: Experiment } = {
  heads: heads.map((head) => ({ ...head, trainable: head.dataset !== COST_SHEET_DATA })),
  first,
};
