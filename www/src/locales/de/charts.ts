import type { Translated } from '../../base/localized';
import type * as english from '../../charts/text';

export const CURVES: Translated<typeof english.CURVES> = {
  noCanvas: 'dieser Browser gibt der Seite keine Zeichenfläche (Canvas)',
  loss: 'Verlust',
  accuracy: 'Genauigkeit',
  rate: 'Lernrate',
  train: 'Training',
  validation: 'Validierung',
  steps: 'Schritte, geglättet',
  rateKey: 'Rate',
  at: (epoch) => `bei Epoche ${epoch}:`,
  atRate: (rate) => `bei einer Lernrate von ${rate}:`,
  label: (metric, epochs) =>
    `Kurve über ${epochs}, Größe: ${metric}. Die Tabelle der Epochen enthält dieselben Zahlen.`,
  rateLabel: (epochs) => `Kurve der Lernrate über ${epochs}.`,
  overfits: 'kleinster Validierungsverlust',
  interrupted: 'Gerät gewechselt',
  changed: (rate) => `auf ${rate} gesetzt`,
  smoothing: 'Glättung',
  smoothingHint: 'der Kurve einzelner Schritte',
  log: 'Log-Skala',
  table: 'Die Kurven als Tabelle',
  epoch: 'Epoche',
  zoomOut: 'Alles zeigen',
  zoomHint: 'Ziehe über eine Kurve, um hineinzuzoomen; ein Doppelklick zeigt sie wieder ganz.',
};
