import { integer } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../forms/text';

const number = (value: number): string => (Number.isInteger(value) ? integer(value) : String(value));

export const FORMS: Translated<typeof english.FORMS> = {
  remove: (name) => `${name} entfernen`,
  none: 'keine',
  noAugmentation: 'Keine: Die Bilder werden unverändert benutzt.',
  addAugmentation: (kind) => `${kind} hinzufügen`,
  expected: ({ whole, minimum, maximum, exclusiveMinimum, exclusiveMaximum }) => {
    const bounds = [
      minimum !== undefined && `mindestens ${number(minimum)}`,
      exclusiveMinimum !== undefined && `über ${number(exclusiveMinimum)}`,
      maximum !== undefined && `höchstens ${number(maximum)}`,
      exclusiveMaximum !== undefined && `unter ${number(exclusiveMaximum)}`,
    ].filter(Boolean);
    const what = whole ? 'Gib eine ganze Zahl an' : 'Gib eine Zahl an';
    return bounds.length === 0 ? `${what}.` : `${what}: ${bounds.join(', ')}.`;
  },
};
