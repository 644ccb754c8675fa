/** Counted things, for texts of several rooms. */
import { plural } from './format';
import { localized } from './localized';

export const COUNTED = localized('COUNTED', {
  files: (count: number) => plural(count, 'file'),
  epochs: (count: number) => plural(count, 'epoch'),
  percentOfEpoch: (percent: number) => `${percent} % of an epoch`,
  questions: (count: number) => plural(count, 'question'),
  earlierRuns: (count: number) => plural(count, 'earlier run'),
  cores: (count: number) => plural(count, 'core'),
});

/** What a value of an address or an attribute must be. */
export const EXPECTED = localized('EXPECTED', {
  oneOf: (values: readonly string[]) => `one of ${values.join(', ')}`,
  wholeNumber: 'a whole number',
  decimalNumber: 'a number with at most 4 decimals',
  experiment: 'the name of an experiment',
  edit: 'changes to an experiment as this page writes them',
  webAddress: 'an address that begins with https:// or http://',
});
