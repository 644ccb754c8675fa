/** Experiments for tests. */
import type { Experiment } from '../../../www/src/base/engine';

export const experiment = (name: string, epochs = 5): Experiment => ({
  name,
  title: name,
  dataset: { name: 'mnist' },
  input_shape: [28, 28, 1],
  layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam' },
  epochs,
});
