import { plural } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../base/text';

export const COUNTED: Translated<typeof english.COUNTED> = {
  files: (count) => plural(count, 'Datei', 'Dateien'),
  epochs: (count) => plural(count, 'Epoche', 'Epochen'),
  percentOfEpoch: (percent) => `${percent} % einer Epoche`,
  questions: (count) => plural(count, 'Frage', 'Fragen'),
  earlierRuns: (count) => plural(count, 'früheren Lauf', 'früheren Läufen'),
  cores: (count) => plural(count, 'Kern', 'Kernen'),
};

export const EXPECTED: Translated<typeof english.EXPECTED> = {
  oneOf: (values) => `eines von ${values.join(', ')}`,
  wholeNumber: 'eine ganze Zahl',
  decimalNumber: 'eine Zahl mit höchstens 4 Nachkommastellen (mit Punkt, zum Beispiel 2.5)',
  experiment: 'der Name eines Experiments',
  edit: 'Änderungen an einem Experiment, wie diese Seite sie schreibt',
  webAddress: 'eine Adresse, die mit https:// oder http:// beginnt',
};
