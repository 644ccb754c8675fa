import { plural } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as english from '../../results/text';

export const RESULTS: Translated<typeof english.RESULTS> = {
  emptyTitle: 'Noch keine Ergebnisse',
  emptyText: 'Trainiere bis zum Ende, oder stoppe einen Lauf und werte ihn auf den Testdaten aus.',
  evaluate: 'Jetzt auf den Testdaten auswerten',
  evaluating: 'Werte aus…',
  loss: 'Testverlust',
  accuracy: 'Testgenauigkeit',
  top5: 'Top-5-Genauigkeit',
  confusion: 'Konfusionsmatrix',
  confusionHint:
    'Zeilen sind die wahren Klassen, Spalten die vorhergesagten. Klicke auf eine Zelle, um ihre Bilder zu sehen.',
  truth: 'Wahre Klasse',
  predicted: 'Vorhergesagt',
  cell: (count, truth, predicted) =>
    `${plural(count, 'Bild', 'Bilder')} von „${truth}“, vorhergesagt als „${predicted}“`,
  classes: 'Nach Klassen',
  columns: { class: 'Klasse', precision: 'Präzision', recall: 'Recall', f1: 'F1', support: 'Bilder' },
  mistakes: 'Häufigste Fehler',
  mistake: (count, truth, predicted) => `${count} × „${truth}“ vorhergesagt als „${predicted}“`,

  analysis: 'Was der Lauf zeigt',
  noValidation: 'Dieser Lauf hat keine Validierungsdaten; Überanpassung lässt sich nicht erkennen.',
  noEpoch: 'Noch ist keine Epoche fertig.',

  merged: (groups) => `Auf ${groups} zusammengefassten Klassen`,
  mergedText: (groups) =>
    `Die Konfusionsmatrix dieses Netzes, innerhalb der Gruppen ${groups} summiert: Ein Fehler zwischen zwei Klassen einer Gruppe zählt nicht mehr.`,
  mergedHere: 'Nachträglich zusammengefasst',
  mergedPlain: 'Alle Klassen',
  mergedRetrained: (title, seed) => `Auf ihnen trainiert: ${title}, Seed ${seed}`,
  mergedNone: (id) =>
    `Noch kein gespeicherter Lauf wurde auf diesen Gruppen trainiert. Trainiere „${id}“, um zu vergleichen.`,

  reportHint:
    'Eine Datei mit allem: Kurven, Verlauf, Konfusionsmatrix, Vorhersagen, Formeln, deine Beobachtungen. Der Bericht ist auf Englisch.',
  openReport: 'Bericht schreiben',
  files: 'Zahlen als Dateien',
  export: 'Export',
  runJson: 'Lauf (JSON)',
  historyCsv: 'Verlauf (CSV)',
  historyJson: 'Verlauf (JSON)',
  weights: 'Gewichte (safetensors)',
  kerasModel: 'Keras-Modell (.keras)',
  onnx: 'ONNX (.onnx)',
  pytorchWeights: 'PyTorch-Gewichte (safetensors)',
  modelsHint:
    'Das trainierte Netz als eine Datei: Keras und ONNX-Laufzeiten öffnen sie, wie sie ist; das PyTorch-Skript lädt daraus seine Gewichte.',
  keras: 'Keras-Skript',
  pytorch: 'PyTorch-Skript',
  scriptsHint:
    'Lege ein Skript und die Gewichte in einen Ordner: Es baut das Netz nach, lädt sie und gibt dieselben Wahrscheinlichkeiten.',
  notebook: 'Notebook (.ipynb)',
  notebookHint:
    'Ein Notebook für Colab oder Jupyter, ohne Gewichte: Es holt die Daten, trainiert dasselbe Netz in Keras mit denselben Hyperparametern und zeichnet die Kurven.',
  checkpoint: 'Checkpoint',
  openCheckpoint: 'Mit einer Checkpoint-Datei weitermachen…',
  load: 'Gewichte laden…',
  loadHint:
    'Eine safetensors-Datei des jetzigen Experiments, von dieser Seite oder aus einem der Skripte; oder ein Modell aus Keras (.keras, .h5, .json) oder eine ONNX-Datei dieser Seite. „Fortsetzen“ trainiert davon aus weiter.',
  loaded: (file, experiment) =>
    `${file} ist in „${experiment}“ geladen. „Fortsetzen“ trainiert von diesen Gewichten aus weiter.`,
  pauseFirst: 'Halte den Lauf erst an oder stoppe ihn.',
};

export const CLASS_CURVES: Translated<typeof english.CLASS_CURVES> = {
  title: 'Kurven je Klasse',
  hint: 'Jede Klasse gegen die übrigen, bei jeder Schwelle ihrer Wahrscheinlichkeit auf den Testdaten; und ob eine Vorhersage so oft stimmt, wie ihre Wahrscheinlichkeit sagt.',
  compute: 'Kurven berechnen',
  computing: 'Rechne…',
  emphasise: 'Klasse hervorheben',
  none: 'keine',
  precisionRecall: (mean) => `Präzision und Recall: mittlere Average Precision ${mean}`,
  roc: (mean) => `ROC: mittlere Fläche ${mean}`,
  calibration: (ece) => `Kalibrierung: erwarteter Fehler (ECE) ${ece}`,
  axes: {
    precisionRecall: { x: 'Recall', y: 'Präzision', label: 'Präzision über dem Recall, eine Kurve je Klasse' },
    roc: { x: 'Falsch-positiv-Rate', y: 'Richtig-positiv-Rate', label: 'ROC-Kurven, eine je Klasse' },
    calibration: {
      x: 'Wahrscheinlichkeit der Vorhersage',
      y: 'Anteil richtiger',
      label: 'Genauigkeit über der Wahrscheinlichkeit der Vorhersage; die gestrichelte Linie ist perfekte Kalibrierung',
    },
  },
  bin: (count, confidence, accuracy) =>
    `${plural(count, 'Bild', 'Bilder')} mit einer mittleren Wahrscheinlichkeit von ${confidence}: ${accuracy} richtig`,
  table: 'Flächen unter den Kurven je Klasse',
  columns: { class: 'Klasse', averagePrecision: 'Average Precision', auc: 'Fläche unter ROC' },
};

export const NUMBERS: Translated<typeof english.NUMBERS> = {
  title: 'Stimmen die Zahlen?',
  text: 'Schickt dieselben Trainingsbilder durch beide Engines und vergleicht jede Schicht. Dann ändert es die Gewichte ein wenig entlang jedes Gradienten und prüft, ob sich der Verlust so ändert, wie der Gradient es vorhersagt. Der Lauf bleibt unberührt.',
  check: 'Zahlen prüfen',
  checking: 'Prüfe…',
  agrees: 'Alles stimmt überein, bis auf Rundung.',
  differs: 'Es gibt Unterschiede: siehe die markierten Zeilen unten. Bitte melde sie zusammen mit dem Experiment.',
  noGpu: (why) => `Nur die CPU-Engine wurde geprüft: ${why}`,
  engines: (images, cpu, gpu) => `${images} Bilder. ${cpu}; ${gpu}.`,
  onlyCpu: (images, cpu) => `${images} Bilder. ${cpu}.`,
  layers: 'Ausgaben der Schichten',
  gradients: 'Längen der Gradienten',
  columns: {
    layer: 'Schicht',
    largest: 'Größter',
    difference: 'CPU − WebGPU',
    tensor: 'Gewichte',
    gradient: 'Gradient',
    finite: 'Aus Differenzen',
  },
  open: 'keine Zeit mehr',
  wrong: 'stimmt nicht überein',
};
