import type { Translated } from '../../base/localized';
import type * as english from '../../inside/text';

export const INSIDE: Translated<typeof english.INSIDE> = {
  emptyTitle: 'Noch nichts zu sehen',
  emptyText:
    'Sobald das Experiment gültig ist und seine Daten geladen sind, kannst du in das Netz hineinsehen: vor dem Training, währenddessen und danach.',
  heavy: 'Dieses Netz ist groß. Vor dem Training hineinzusehen dauert einige Sekunden und braucht mehr Speicher.',
  open: 'Jetzt hineinsehen',
  untrained: 'Noch nicht trainiert: Die Gewichte sind zufällig. Die Ansicht folgt dem Lauf, sobald er begonnen hat.',
  now: 'Jetzt aktualisieren',
  looking: 'Aktualisiere…',
  state: (epoch) => `Das Netz nach ${epoch}.`,
  epochs: (part) => `${part} Epochen`,
  at: (step) =>
    step === '0' ? 'Mit den Gewichten vor dem ersten Schritt.' : `Mit den Gewichten nach Schritt ${step}.`,
  filters: (layer) => `Filter von ${layer}`,
  filtersHint: {
    color: 'Die Gewichte jedes Filters als Farben: Grau ist null.',
    signed: 'Die Gewichte jedes Filters: Orange ist über null, Blau darunter, Weiß ist null.',
  },
  activations: 'Aktivierungen für ein Bild',
  activationsHint:
    'Die Ausgabe jeder Schicht, eine Karte je Kanal; helle oder orange Werte sind groß. Eine flache Ausgabe ist ein Streifen von Werten. Klicke auf einen Wert, um seine Rechnung zu sehen, oder wähle ihn mit den Pfeiltasten und der Eingabetaste.',
  own: 'Mein eigenes Bild',
  index: 'Nummer des Testbilds, das du ansehen willst, ab 0',
  input: 'das Eingabebild',
  all: (count) => `Alle ${count} Kanäle zeigen`,
  maps: (layer, count) => `Merkmalskarten von ${layer}: ${count}`,
  pick: 'Die Pfeiltasten führen von Wert zu Wert, die Eingabetaste zeigt die Rechnung.',
  place: (channel, row, column, value) => `Kanal ${channel}, Zeile ${row}, Spalte ${column}: ${value}`,
  unit: (index, value) => `Einheit ${index}: ${value}`,
  health: 'Gesundheit der Schichten',
  healthHint: (images) =>
    `Vor dem ersten Schritt und nach jeder Epoche auf den ersten ${images} Trainingsbildern gemessen, solange das wenig Zeit kostet. Gradienten verschwinden, wenn sie in dieser Tabelle nach oben hin von Schicht zu Schicht kleiner werden. Eine Einheit, die auf jedem Bild null ist, ist tot und lernt nicht mehr. Die kleinen Kurven zeigen den bisherigen Lauf, Gradienten auf einer Log-Skala.`,
  columns: {
    layer: 'Schicht',
    gradient: 'Norm des Gradienten',
    weights: 'Norm der Gewichte',
    ratio: 'Verhältnis',
    dead: 'Tote Einheiten',
    zeros: 'Nullen',
  },
  histograms: 'Gewichte',
  histogramsHint: 'Die Verteilung der Werte in jedem Tensor von Gewichten.',
  histogram: (name, count, mean, deviation) =>
    `${name}: ${count} Werte, Mittelwert ${mean}, Standardabweichung ${deviation}`,
  mean: 'Mittelwert',
  deviation: 'Std.-Abw.',
};

export const ARITHMETIC: Translated<typeof english.ARITHMETIC> = {
  label: (layer) => `Rechnung eines Werts von ${layer}`,
  title: (layer, at) => `${layer}[${at}]`,
  keys: 'Die Pfeiltasten führen zum nächsten Wert.',
  terms: 'Summanden',
  none: 'Die Rechnung dieser Schicht wird nicht gezeichnet; die Formel steht in ihrer Hilfe.',
  large: (count) =>
    `Das Fenster hat ${count} Werte, zu viele, um sie zu zeichnen. Das Ergebnis darunter ist aus allen berechnet.`,
  window: (channel) => `Das Fenster von Eingabekanal ${channel}`,
  kernel: (channel) => `Die Gewichte des Kernels für Eingabekanal ${channel}`,
  inputs: 'Die Eingaben mit den größten Produkten',
  weights: 'Ihre Gewichte',
  rest: (count, sum) => `Die übrigen ${count} Eingabekanäle zusammen: ${sum}`,
  products: (shown, all, rest) => `Die ${shown} größten von ${all} Produkten. Die übrigen zusammen: ${rest}`,
  max: (value) => `Der größte Wert des Fensters: ${value}`,
  mean: (value) => `Der Mittelwert des Fensters: ${value}`,
  value: (value) => `Wert: ${value}`,
  linear: (terms) => `Summe + Bias: ${terms}`,
  activation: (terms, name, before, value) => `Summe + Bias: ${terms}; ${name}(${before}) = ${value}`,
  softmax: (terms, own, total, value) => `Summe + Bias: ${terms}; Softmax: ${own} / ${total} = ${value}`,
};

export const EXPLANATION: Translated<typeof english.EXPLANATION> = {
  title: 'Wovon die Vorhersage abhängt',
  method: 'Verfahren',
  methods: { saliency: 'Salienz', 'grad-cam': 'Grad-CAM', occlusion: 'Verdeckung' },
  hints: {
    saliency:
      'Der Gradient der Klassenbewertung nach jedem Pixel: wo eine kleine Änderung des Pixels sie am stärksten ändert.',
    'grad-cam':
      'Die letzten Merkmalskarten, gewichtet danach, wie stark die Bewertung der Klasse mit jeder von ihnen wächst: welcher Bereich für die Klasse spricht.',
    occlusion:
      'Ein graues Quadrat verdeckt eine Stelle nach der anderen: wo die Wahrscheinlichkeit der Klasse am stärksten fällt.',
  },
  untrained: 'Das Netz ist noch nicht trainiert: Die Karte zeigt, worauf seine zufälligen Gewichte reagieren.',
  of: 'Klasse',
  predicted: (name) => `die vorhergesagte (${name})`,
  show: 'Karte zeigen',
  computing: 'Rechne…',
  image: 'Das Bild',
  map: 'Die Karte: je heller, desto mehr',
  noise: 'Gegnerisches Rauschen',
  noiseHint:
    'Jeder Pixel wird um denselben kleinen Betrag in die Richtung verschoben, die den Verlust erhöht (Fast Gradient Sign Method).',
  amount: (amount) => `Stärke: ${amount} von 255`,
  disturbed: 'Das Bild mit dem Rauschen',
  verdict: (before, now, share) =>
    before === now ? `Weiterhin „${now}“ (${share}).` : `Jetzt „${now}“ (${share}), nicht mehr „${before}“.`,
  noMaps: 'Dieses Netz hat keine Merkmalskarten: Grad-CAM braucht eine Faltung. Wähle ein anderes Verfahren.',
  gone: 'Der Lauf ist zu Ende. Starte ihn noch einmal.',
};

export const STRONGEST: Translated<typeof english.STRONGEST> = {
  title: (layer, channel) => `Testbilder, die Kanal ${channel} von ${layer} am stärksten aktivieren`,
  find: 'Suchen',
  finding: 'Suche…',
  among: (count) => `Unter den ersten ${count} Testbildern, nach dem größten Wert irgendwo in der Karte.`,
  image: (index, value) => `Testbild ${index}: ${value}`,
};
