import type { Translated } from '../../base/localized';
import type * as runs from '../../compare/runs-text';
import type * as english from '../../compare/text';

export const RUNS: Translated<typeof runs.RUNS> = {
  notKept:
    'Dieser Browser konnte den Lauf nicht speichern; er geht verloren, wenn du die Seite verlässt. Lade ihn herunter, um ihn zu behalten.',
};

export const COMPARE: Translated<typeof english.COMPARE> = {
  title: 'Läufe',
  empty: 'Noch keine Läufe',
  emptyText:
    'Beendete und gestoppte Läufe werden hier gespeichert, in diesem Browser. Trainiere zweimal, um zu vergleichen.',
  pinNow: 'Den Lauf in diesem Stand anheften',
  load: 'Laufdateien laden…',
  columns: {
    pinned: 'Vergleichen',
    run: 'Lauf',
    seed: 'Seed',
    epochs: 'Epochen',
    test: 'Testgenauigkeit',
    when: 'Wann',
    actions: 'Datei',
  },
  pin: (title) => `${title} vergleichen`,
  download: (title) => `${title} herunterladen`,
  remove: (title) => `${title} löschen`,
  reportOf: (title) => `Bericht über ${title}`,
  edit: (title) => `Name, Schlagwörter und Notizen zu ${title}`,
  notes: { name: 'Name', tags: 'Schlagwörter, durch Kommas getrennt', notes: 'Notizen' },
  filter: 'Nur Läufe mit diesem Text in Name, Schlagwörtern oder Notizen',
  removed: (title) => `${title} ist gelöscht.`,
  undo: 'Rückgängig',
  unfinished: 'nicht beendet',
  choose: 'Wähle oben mindestens einen Lauf, um seine Kurven zu sehen.',
  accuracy: 'Genauigkeit',
  loss: 'Verlust',
  curves: 'Kurven',
  which: { both: 'Beide', validation: 'Validierung', training: 'Training' },
  trainingOf: ', Training',
  gap: 'Abstand: Trainings- minus Validierungsgenauigkeit',
  report: {
    title: 'Bericht über diesen Vergleich',
    hint: 'Ein Dokument mit allen verglichenen Läufen, die ältesten zuerst: Tabelle, Kurven, Abstand, Beginn der Überanpassung, Netze und deine Beobachtungen.',
  },
  seeds: 'Seeds zusammenfassen: Mittelwert, mit einem Band vom kleinsten zum größten Wert',
  seedOf: (seed) => `Seed ${seed}`,
  seedsOf: (count) => `${count} Seeds`,
  someEpochs:
    'Bei einem Lauf mit sehr vielen Epochen zeigen die Kurven und ihre Tabelle nur jede soundsovielte; die Zahlen darunter gelten für alle.',
  curveLabel: (metric, names) =>
    `Kurven von ${names}, Größe: ${metric}. Die Tabelle darunter enthält dieselben Zahlen.`,
  differs: 'Was verschieden ist',
  same: 'Die Experimente dieser Läufe unterscheiden sich nicht.',
  asFirst: 'wie im ersten',
  rows: {
    layers: 'Schichten',
    epochs: 'Epochen fertig',
    test: 'Testgenauigkeit',
    testLoss: 'Testverlust',
    best: 'Überanpassung nach Epoche',
    bestLoss: 'Kleinster Validierungsverlust',
    gap: 'Abstand der Genauigkeiten am Ende',
    params: 'Parameter',
    macs: 'MACs je Bild',
    work: 'MACs des ganzen Trainings',
    seconds: 'Zeit',
    speed: 'Bilder/s',
    engine: 'Engine',
    merged: (groups) => `Genauigkeit auf ${groups} zusammengefassten Klassen`,
  },
  notYet: (epoch) => `bis Epoche ${epoch} nicht`,
  gapHint: 'Trainings- minus Validierungsgenauigkeit nach der letzten Epoche',
  workHint: 'alle Bilder aller Epochen, vorwärts und rückwärts (das Dreifache des Vorwärtsdurchlaufs)',
  plusMinus: (mean, spread) => `${mean} ± ${spread}`,
  mergedHint: 'bei einem Netz für alle Klassen: seine Konfusionsmatrix, innerhalb der Gruppen summiert',
  none: '–',
};
