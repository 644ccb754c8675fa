import { integer, plural } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../embedding/text';

export const EMBEDDING: Translated<typeof english.EMBEDDING> = {
  title: 'Die Testdaten, wie das Netz sie sieht',
  hint: 'Jeder Punkt ist ein Testbild: seine Werte in der letzten verborgenen Schicht, aus der das Netz die Klasse bestimmt, in die Ebene projiziert. Bilder, die das Netz ähnlich findet, liegen nah beieinander. Ziehe eine Linie um Punkte, um ihre Bilder zu sehen.',
  emptyTitle: 'Noch nichts zu sehen',
  emptyText:
    'Starte einen Lauf. Während des Trainings und danach lassen sich die Testbilder nach der letzten verborgenen Schicht des Netzes anordnen.',
  method: 'Projektion',
  methods: { pca: 'PCA', umap: 'UMAP' },
  methodHints: {
    pca: 'Hauptkomponenten: die zwei Richtungen, in denen sich die Bilder am stärksten unterscheiden.',
    umap: 'UMAP: Nachbarn bleiben Nachbarn; Abstände zwischen Gruppen sagen wenig. Zehntausend Bilder brauchen etwa eine halbe Minute.',
  },
  color: 'Farbe',
  colors: { class: 'Nach Klasse', mistake: 'Nach Fehler' },
  shown: 'Zeigen',
  kinds: { dots: 'Punkte', images: 'Bilder' },
  images: 'Testbilder',
  compute: 'Anordnen',
  computing: 'Rechne…',
  failed: (why) =>
    `Die Bilder ließen sich nicht anordnen${why ? `: ${why}` : ''}. Wähle weniger Bilder und drücke noch einmal „Anordnen“.`,
  layer: (name, size, count) => `${plural(count, 'Bild', 'Bilder')} nach ${plural(size, 'Wert', 'Werten')} von ${name}`,
  all: (count) => `alle ${count}`,
  part: (count, total) => `– ${count} der ${total} Testbilder, in gleichen Abständen aus den Testdaten.`,
  fewer: 'Mehr davon würden mit so vielen Werten zu lange dauern.',
  stale: 'Das Netz wurde seitdem weiter trainiert: Ordne die Bilder neu an.',
  plot: (count) => `${count} Testbilder in der Ebene; die Tabelle der Vorhersagen enthält dieselben Bilder`,
  keys: 'Pfeiltasten gehen von Punkt zu Punkt, Enter wählt das Bild, Umschalt und Enter nimmt es hinzu oder heraus.',
  right: 'richtig',
  wrong: 'falsch',
  chosen: (count, wrong) => `${plural(count, 'Bild', 'Bilder')} ausgewählt, darunter ${integer(wrong)} Fehler`,
  more: (count) => `und ${count} weitere`,
  nothing: 'Kein Bild ausgewählt.',
  image: (index, truth, predicted) =>
    truth === predicted ? `Testbild ${index}: ${truth}` : `Testbild ${index}: ${truth} → ${predicted}`,
};
