import { integer, plural } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../predictions/text';

export const PREDICTIONS: Translated<typeof english.PREDICTIONS> = {
  prediction: 'Vorhersage',
  predictionOf: (index) => `Testbild ${index}`,
  isRight: (name) => `Richtig: Es ist „${name}“.`,
  isWrong: (name, truth) => `Falsch: Das Netz sagt „${name}“, aber es ist „${truth}“.`,
  indexLabel: 'Nummer des Testbilds, ab 0',
  emptyTitle: 'Noch kein Netz',
  emptyText: 'Starte einen Lauf. Vorhersagen gibt es auch während des Trainings.',
  testTitle: 'Die Testdaten, Bild für Bild',
  run: 'Testdaten vorhersagen',
  again: 'Mit den jetzigen Gewichten neu vorhersagen',
  running: 'Sage voraus…',
  hint: 'Sagt jedes Testbild einmal voraus und zeigt dann die Fehler, die sichersten zuerst.',
  trueClass: 'Wahre Klasse',
  predictedClass: 'Vorhergesagte Klasse',
  anyClass: 'jede Klasse',
  wrong: 'jede falsche Klasse',
  anything: 'jede Klasse',
  confidentMistakes: 'Die sichersten Fehler',
  count: (shown, found, all) =>
    `${integer(shown)} von ${plural(found, 'Bild', 'Bildern')}, aus ${plural(all, 'Testbild', 'Testbildern')}. Die sichersten zuerst.`,
  none: 'Kein Bild passt dazu.',
  stale: 'Das Netz wurde seitdem weiter trainiert: Das sind die Vorhersagen eines früheren Stands.',
  more: 'Mehr zeigen',
  caption: (truth, prediction) => (truth === prediction ? truth : `${truth} → ${prediction}`),
  open: (caption, confidence, index, truth, prediction) =>
    `${caption} ${confidence} (Testbild ${index}: ${truth}, vorhergesagt als ${prediction})`,
  image: (index) => `Testbild ${index}`,
  own: 'Dein eigenes Bild',
  ownHint: {
    digit:
      'Zeichne eine Ziffer, oder wähle ein Bild einer Ziffer oder lege es ab. Es wird wie bei MNIST umgewandelt: in ein Feld von 20 × 20 skaliert und nach seinem Schwerpunkt zentriert.',
    image: (shape) =>
      `Wähle irgendein Bild oder lege es ab: Seine Mitte wird ausgeschnitten und auf ${shape} skaliert, die Eingabegröße des Netzes.`,
  },
  draw: 'Zeichenfläche für eine Ziffer: Zeichne mit Maus, Finger oder Stift',
  clear: 'Leeren',
  pick: 'Bild wählen…',
  dropHere: 'oder hier ablegen',
  waiting: 'Hier erscheint die Vorhersage.',
  seen: 'Die Eingabe des Netzes',
  ownStale: 'Das Netz wurde seitdem weiter trainiert: Das ist die Vorhersage eines früheren Stands.',
  says: (name, share) => `Das Netz sagt „${name}“ mit einer Wahrscheinlichkeit von ${share}.`,
  noInk: 'In diesem Bild ist keine Ziffer. Zeichne eine, oder wähle ein Bild einer Ziffer.',
  notAnImage: (file) =>
    `„${file}“ ist kein Bild, das dieser Browser lesen kann. Wähle eine PNG-, JPEG-, WebP-, GIF- oder AVIF-Datei.`,
};
