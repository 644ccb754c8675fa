/** Texts of the forms of an experiment’s options. */

import { integer } from '../base/format';
import { localized } from '../base/localized';
import type { Range } from './fields';

const number = (value: number): string => (Number.isInteger(value) ? integer(value) : String(value));

export const FORMS = localized('FORMS', {
  remove: (name: string) => `Remove ${name}`,
  none: 'none',
  noAugmentation: 'None: the images are used unchanged.',
  addAugmentation: (kind: string) => `Add ${kind}`,
  /** What a field accepts: “Give a number: above 0, below 1.” */
  expected: ({ whole, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Range) => {
    const bounds = [
      minimum !== undefined && `at least ${number(minimum)}`,
      exclusiveMinimum !== undefined && `above ${number(exclusiveMinimum)}`,
      maximum !== undefined && `at most ${number(maximum)}`,
      exclusiveMaximum !== undefined && `below ${number(exclusiveMaximum)}`,
    ].filter(Boolean);
    const what = whole ? 'Give a whole number' : 'Give a number';
    return bounds.length === 0 ? `${what}.` : `${what}: ${bounds.join(', ')}.`;
  },
});
