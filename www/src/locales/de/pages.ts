import type { Translated } from '../../base/localized';
import type * as english from '../../pages/text';

export const PAGES: Translated<typeof english.PAGES> = {
  copy: 'Kopieren',
  copied: 'Kopiert',
  selected: 'Ausgewählt: drücke Strg+C',
  noLesson:
    'Diese Seite zeigt die Lektion, die ihre Adresse nennt, zum Beispiel lesson.html?doc=lessons/overfitting.md.',
  epoch: (epoch, accuracy) => `Epoche ${epoch}: Trainingsgenauigkeit ${accuracy}`,
  done: (accuracy) => `Fertig: Testgenauigkeit ${accuracy}`,
};
