import { plural } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../cost/text';

export const COST: Translated<typeof english.COST> = {
  sheetOf: 'Kostenblatt von',
  current: (title) => `diesem Experiment (${title})`,
  batch: 'Batchgröße',
  wholeNumber: (label, received) => `${label} muss eine ganze Zahl über null sein. Erhalten: „${received}“.`,
  number: (label, received) => `${label} muss eine Zahl über null sein. Erhalten: „${received}“.`,
  tiles: {
    params: 'Parameter',
    macs: 'MACs je Bild',
    flops: 'FLOPs je Bild',
    forward: 'Speicher, ein Bild vorwärts',
    training: (batch) => `Speicher, Training in Batches von ${batch}`,
  },
  layers: 'Schicht für Schicht',
  columns: {
    layer: 'Schicht',
    output: 'Ausgabe',
    o: 'O = (N − F + 2P) / S + 1',
    values: 'Werte',
    p: 'P = (m · n · C_in + 1) · C_out',
    params: 'Parameter',
    m: 'M = O_h · O_w · C_out · m · n · C_in',
    macs: 'MACs',
  },
  input: 'Eingabe',
  total: 'gesamt',
  layersHint:
    'Ein Wert hat 4 Byte. Ein MAC ist eine Multiplikation und eine Addition, also zwei FLOPs. Eine Flatten-Schicht formt ihre Eingabe nur um.',

  memory: 'Speicher beim Training',
  memoryHint:
    'Die Schätzung aus dem Lehrbuch: Alle Werte, die ein Schritt berechnet, bleiben bis zu seinem Ende erhalten.',
  parts: {
    activations: 'Bilder und Aktivierungen',
    activation_gradients: 'Gradienten der Aktivierungen',
    parameters: 'Parameter',
    parameter_gradients: 'Gradienten der Parameter',
    optimizer_slots: 'Zustand des Optimierers',
    total: 'gesamt',
  },
  allocation: (cpu, workers, gpu) =>
    `Was die Engines belegen, ohne die Bilder des Datensatzes: die CPU-Engine ${cpu} auf ${workers}${gpu ? `, die GPU-Engine ${gpu}` : ''}.`,

  fit: 'Passt es auf dieses Gerät?',
  fitsCpu: (needs, allows) => `CPU: ja. Sie braucht mit den Daten ${needs}, und ${allows} sind verfügbar.`,
  fitsGpu: (needs, largest, size, allows) =>
    `WebGPU: ja, wenn die Grafikkarte ${needs} frei hat. Der größte Puffer (${largest}) hat ${size}; dieser Adapter erlaubt ${allows}.`,
  failsCpu: (needs, allows) => `CPU: nein. Sie braucht mit den Daten ${needs}, aber nur ${allows} sind verfügbar.`,
  failsGpu: (largest, needs, allows) =>
    `WebGPU: nein. Ein Puffer (${largest}) braucht ${needs}, und dieser Adapter erlaubt ${allows}.`,
  smaller: (batch) => `Ein Batch von ${batch} würde passen.`,
  tooLarge: 'Ein kleinerer Batch allein hilft nicht: Das Netz ist zu groß.',
  noGpu: 'WebGPU ist in diesem Browser aus.',

  time: 'Wie lange dauert es?',
  clock: '1. Befehle ÷ Takt',
  clockHint: 'Eine Multiplikation je Takt und Kern und sonst keine Kosten, wie in den Quellen.',
  fields: { clock_ghz: 'Takt, GHz', cores: 'Kerne', images: 'Bilder', epochs: 'Epochen' },
  perImage: 'Ein Bild, vorwärts',
  forward: 'Alle Epochen, nur vorwärts',
  both: 'Vorwärts und rückwärts (das Dreifache)',
  imagesMissing: 'Gib die Zahl der Bilder je Epoche ein.',
  measured: '2. Hier gemessen und hochgerechnet',
  measuredHint: 'Trainiert jetzt einige Schritte auf diesem Gerät. Der Fehler ist die halbe Spanne von fünf Messungen.',
  measure: 'Jetzt messen',
  measuring: 'Messe…',
  step: (batch) => `Ein Schritt mit ${plural(batch, 'Bild', 'Bildern')}`,
  epoch: (steps) => `Eine Epoche (${plural(steps, 'Schritt', 'Schritte')})`,
  run: 'Der ganze Lauf',
  on: 'Gemessen auf',
  measuredNoise: (batch) =>
    `Trainiert dieses Netz einige echte Schritte lang mit ${plural(batch, 'zufälligen Bild', 'zufälligen Bildern')} (die Geschwindigkeit hängt nicht davon ab, was sie zeigen) und rechnet hoch. Bis zum Ende lässt es sich hier nicht trainieren, aber ein Schritt lässt sich messen. Das dauert bis zu einer halben Minute.`,
  profile: 'Gerät',
  profileOwn: 'meine eigenen Zahlen',
  memoryOf: (bytes, batch, isTooMuch) =>
    `Das Training in Batches von ${batch} braucht ${bytes}, ${isTooMuch ? 'mehr als es hat' : 'und das passt'}.`,
  times: 'Wie lange dauert es? Zwei veröffentlichte Antworten und unsere',
  timesHint:
    'Der erste Weg nimmt die 1 049 751 Werte, die ein Durchlauf im Speicher hält, als Zahl der Befehle, der zweite die 1 135 256 096 Multiplikationen eines Durchlaufs. Sie unterscheiden sich um das Tausendfache, weil ein Wert einmal gespeichert, aber aus bis zu Tausenden von Produkten berechnet wird: Eine Faltung benutzt jedes Gewicht an jeder Stelle. Der zweite liegt näher an einer Messung; ein Trainingsschritt kommt mit dem Rückwärtsdurchlauf hinzu, etwa doppelt so viel Arbeit wie der Vorwärtsdurchlauf.',
  timesOf: {
    what: 'Größe',
    formula: 'Wie',
    values: 'Nach Werten',
    multiplications: 'Nach Multiplikationen',
    here: 'Hier gezählt',
    measured: 'hier gemessen: ein Bild eines Trainingsschritts',
    measuredHow: (batch) => `ein Schritt mit ${plural(batch, 'zufälligen Bild', 'zufälligen Bildern')} ÷ ${batch}.`,
  },
  busy: 'Stoppe oder beende erst den Lauf, denn er würde die Messung verfälschen.',
  roofline: '3. Roofline',
  rooflineHint:
    'Die kürzeste mögliche Zeit: Jede Schicht ist durch Rechnen oder durch Speicherzugriffe begrenzt, je nachdem, was bei den hier gemessenen Raten länger dauert.',
  rates: 'Raten dieses Geräts',
  rate: (gflops, gb) => `${gflops} GFLOP/s, ${gb} GB/s`,
  rateHint: 'Rechnen: die 3 × 3-Faltung der Engine; Speicher: Kopieren',
  ridge: 'Knickpunkt, Operationen je Byte',
  best: (batch) => `Bestenfalls, ein Schritt mit ${plural(batch, 'Bild', 'Bildern')}`,
  bestRun: 'Bestenfalls, der ganze Lauf',
  waiting: 'Durch Speicher begrenzte Schichten',
  of: (some, all) => `${some} von ${all}`,
  reached: 'Erreicht, als Anteil am Bestwert',
  plusMinus: (value, error) => `${value} ± ${error}`,

  sources: 'Zahlen aus zwei Quellen',
  sourcesHint: 'Die erste Quelle stimmt durchweg. Wo die zweite abweicht, sagt die Anmerkung, warum.',
  sourceColumns: {
    what: 'Größe',
    here: 'Hier gezählt',
    first: 'Erste Quelle',
    second: 'Zweite Quelle',
    why: 'Warum',
  },

  separable: 'Tiefenweise separierbare Faltung, durchgerechnet',
  separableHint:
    'Eine D × D-Faltung von M auf N Kanäle, und dieselbe in zwei Teilen: erst tiefenweise (depthwise), dann punktweise (pointwise).',
  dmn: { d: 'D, Kernelgröße', m: 'M, Eingabekanäle', n: 'N, Ausgabekanäle' },
  ordinary: 'Gewöhnlich',
  separated: 'Separierbar',
  multiplications: 'Multiplikationen je Ausgabepixel',
  parameters: 'Parameter',
  ratio: 'Anteil: 1 / N + 1 / D²',
  less: (times) => `${times}-mal weniger Arbeit`,
};
