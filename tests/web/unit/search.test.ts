import { expect, test } from 'vitest';
import type { Experiment } from '../../../www/src/base/engine';
import { axisOf } from '../../../www/src/search/axis';
import { fieldsOf, parseValues } from '../../../www/src/search/fields';

const EXPERIMENT: Experiment = {
  name: 'n',
  dataset: { name: 'mnist', validation: { split: 0.2 } },
  input_shape: [28, 28, 1],
  layers: [
    { type: 'conv2d', filters: 8, kernel_size: [3, 3], activation: 'relu' },
    { type: 'dense', units: 10, name: 'out', kernel_regularizer: { l2: 0.001 } },
  ],
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam', learning_rate: 0.001 },
  seed: 3,
};

test('every number, word and switch of an experiment is a field', () => {
  const fields = fieldsOf(EXPERIMENT, ['conv2d', 'out']);
  expect(fields.get('optimizer.learning_rate')).toBe(0.001);
  expect(fields.get('optimizer.type')).toBe('adam');
  expect(fields.get('dataset.validation.split')).toBe(0.2);
  expect(fields.get('layers.conv2d.kernel_size')).toEqual([3, 3]);
  expect(fields.get('layers.out.kernel_regularizer.l2')).toBe(0.001);
  expect([...fields.keys()].filter((path) => /^(name|seed|dataset\.name)$/.test(path))).toEqual([]);
});

test('values are numbers, switches, lists or words', () => {
  expect(parseValues('0.1, 1e-3, same, true, [3, 5]')).toEqual([0.1, 0.001, 'same', true, [3, 5]]);
  expect(parseValues(' , ')).toEqual([]);
});

test('an axis is linear, logarithmic or a list of choices', () => {
  expect(axisOf('batch', [16, 32, 64]).shares).toEqual([0, 1 / 3, 1]);
  const rates = axisOf('rate', [0.001, 0.01, 0.1]);
  expect(rates.shares.map((share) => share.toFixed(6))).toEqual(['0.000000', '0.500000', '1.000000']);
  expect(rates.ticks.map(({ text }) => text)).toEqual(['0.001', '0.01', '0.1']);
  expect(axisOf('same', [5, 5]).shares).toEqual([0.5, 0.5]);
  expect(axisOf('kind', ['sgd', 'adam', 'sgd'])).toEqual({
    name: 'kind',
    shares: [1, 0, 1],
    ticks: [
      { share: 0, text: 'adam' },
      { share: 1, text: 'sgd' },
    ],
  });
});
