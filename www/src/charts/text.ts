/** Texts of the curves of a run. */
import { localized } from '../base/localized';

export const CURVES = localized('CURVES', {
  noCanvas: 'this browser gives the page no canvas to draw on',
  loss: 'Loss',
  accuracy: 'Accuracy',
  rate: 'Learning rate',
  train: 'training',
  validation: 'validation',
  steps: 'steps, smoothed',
  rateKey: 'rate',
  at: (epoch: number) => `at epoch ${epoch}:`,
  atRate: (rate: string) => `at a learning rate of ${rate}:`,
  label: (metric: string, epochs: string) =>
    `Curve of the ${metric.toLowerCase()} over ${epochs}. The table of epochs gives the same figures.`,
  rateLabel: (epochs: string) => `Curve of the learning rate over ${epochs}.`,
  overfits: 'lowest validation loss',
  interrupted: 'device changed',
  changed: (rate: string) => `set to ${rate}`,
  smoothing: 'Smoothing',
  smoothingHint: 'of the curve of single steps',
  log: 'Log scale',
  table: 'The curves as a table',
  epoch: 'Epoch',
  zoomOut: 'Show all',
  zoomHint: 'Drag across a curve to zoom in; a double click shows all of it again.',
});
