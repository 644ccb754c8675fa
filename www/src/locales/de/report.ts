import type { Translated } from '../../base/localized';
import type * as english from '../../ui/report-text';

export const REPORT: Translated<typeof english.REPORT> = {
  title: 'Bericht zum Abgeben',
  of: (name) => `Bericht von ${name}`,
  hint: 'Was du beobachtest, steht im Bericht unter der Abbildung und wird mit dem Lauf aufbewahrt. Leere Felder werden leer gedruckt, zum Ausfüllen von Hand.',
  author: { name: 'Name', course: 'Kurs', date: 'Datum' },
  today: 'heute',
  figures: {
    curves: 'Beobachtungen zu den Kurven',
    history: 'Beobachtungen zum Trainingsverlauf',
    confusion: 'Beobachtungen zur Konfusionsmatrix',
    classes: 'Beobachtungen zu den Klassen',
    first_image: 'Beobachtungen zum ersten Testbild',
    images: 'Beobachtungen zu den ersten Testbildern',
    network: 'Beobachtungen zum Netz und seinen Formeln',
    table: 'Beobachtungen zur Tabelle der Läufe',
    accuracy: 'Beobachtungen zur Genauigkeit',
    loss: 'Beobachtungen zum Verlust',
    gap: 'Beobachtungen zum Abstand',
  },
  html: 'Bericht (HTML)',
  markdown: 'Bericht (Markdown)',
  print: 'Drucken oder als PDF speichern',
  document: 'Experiment (JSON)',
  busy: 'Wird geschrieben…',
  untested:
    'Dieser Lauf wurde nicht auf den Testdaten ausgewertet, also hat er keinen Bericht. Setze ihn fort, oder werte ihn unter Ergebnisse aus.',
};
