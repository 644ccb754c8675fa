/**
 * The layers, optimizers and other parts with their options, in Keras's names and with Keras's defaults, for the editor's forms.
 */
import type { Field, Options } from './fields';

const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'] as const;
const INITIALIZERS = [
  'glorot_uniform',
  'glorot_normal',
  'he_uniform',
  'he_normal',
  'lecun_uniform',
  'lecun_normal',
  'pytorch_default',
  'zeros',
  'ones',
] as const;
const MONITORS = ['val_loss', 'val_accuracy', 'loss', 'accuracy'] as const;
const FILLS = ['reflect', 'constant', 'nearest'] as const;

const number = (name: string, fallback?: number | null): Field => ({ name, kind: 'number', fallback });
const pair = (name: string, fallback?: number | null): Field => ({ name, kind: 'pair', fallback });
const yes = (name: string, fallback: boolean): Field => ({ name, kind: 'boolean', fallback });
const choice = (name: string, values: readonly string[], fallback = values[0]): Field => ({
  name,
  kind: 'choice',
  values,
  fallback,
});
const padding = choice('padding', ['valid', 'same']);
const activation = choice('activation', ACTIVATIONS);
const kernel = (word: string): Field[] => [
  choice(`${word}_initializer`, INITIALIZERS),
  { name: `${word}_regularizer`, kind: 'penalty', fallback: null },
  { name: `${word}_constraint`, kind: 'bound', fallback: null },
];
const bias = choice('bias_initializer', INITIALIZERS, 'zeros');
const pool = [pair('pool_size', 2), pair('strides', null), padding];

export interface Entry {
  fields: readonly Field[];
  /** The options that a new one starts with. */
  start: Options;
}

export const LAYERS: Record<string, Entry> = {
  conv2d: {
    fields: [
      number('filters'),
      pair('kernel_size'),
      pair('strides', 1),
      padding,
      activation,
      yes('use_bias', true),
      ...kernel('kernel'),
      bias,
    ],
    start: { filters: 32, kernel_size: 3, padding: 'same', activation: 'relu' },
  },
  depthwise_conv2d: {
    fields: [
      pair('kernel_size'),
      pair('strides', 1),
      padding,
      activation,
      yes('use_bias', true),
      ...kernel('depthwise'),
      bias,
    ],
    start: { kernel_size: 3, padding: 'same' },
  },
  dense: {
    fields: [number('units'), activation, yes('use_bias', true), ...kernel('kernel'), bias],
    start: { units: 64, activation: 'relu' },
  },
  max_pooling2d: { fields: pool, start: { pool_size: 2 } },
  average_pooling2d: { fields: pool, start: { pool_size: 2 } },
  global_average_pooling2d: { fields: [], start: {} },
  batch_normalization: {
    fields: [
      number('momentum', 0.99),
      number('epsilon', 0.001),
      yes('center', true),
      yes('scale', true),
      yes('unbiased_moving_variance', false),
    ],
    start: {},
  },
  dropout: { fields: [number('rate')], start: { rate: 0.25 } },
  activation: { fields: [choice('activation', ACTIVATIONS, undefined)], start: { activation: 'relu' } },
  add: { fields: [], start: {} },
  flatten: { fields: [], start: {} },
  zero_padding2d: { fields: [{ name: 'padding', kind: 'json', fallback: 1 }], start: { padding: 1 } },
  local_response_normalization: {
    fields: [number('depth_radius', 5), number('bias', 1), number('alpha', 1), number('beta', 0.5)],
    start: {},
  },
};

const clips = [number('clipnorm', null), number('global_clipnorm', null), number('clipvalue', null)];
const moments = [number('beta_1', 0.9), number('beta_2', 0.999), number('epsilon', 1e-7)];

export const OPTIMIZERS: Record<string, Entry> = {
  sgd: {
    fields: [
      number('learning_rate', 0.01),
      number('momentum', 0),
      yes('nesterov', false),
      number('weight_decay', null),
      ...clips,
    ],
    start: { learning_rate: 0.01, momentum: 0.9 },
  },
  adam: {
    fields: [number('learning_rate', 0.001), ...moments, number('weight_decay', null), ...clips],
    start: { learning_rate: 0.001 },
  },
  adamw: {
    fields: [number('learning_rate', 0.001), ...moments, number('weight_decay', 0.004), ...clips],
    start: { learning_rate: 0.001 },
  },
  rmsprop: {
    fields: [
      number('learning_rate', 0.001),
      number('rho', 0.9),
      number('momentum', 0),
      yes('centered', false),
      number('epsilon', 1e-7),
      number('weight_decay', null),
      ...clips,
    ],
    start: { learning_rate: 0.001 },
  },
};

export const SCHEDULES: Record<string, Entry> = {
  inverse_time_decay: {
    fields: [number('decay_rate'), number('decay_steps', 1), yes('staircase', false)],
    start: { decay_rate: 0.5, decay_steps: 1000 },
  },
  exponential_decay: {
    fields: [number('decay_rate'), number('decay_steps'), yes('staircase', false)],
    start: { decay_rate: 0.9, decay_steps: 1000 },
  },
  cosine_decay: {
    fields: [number('decay_steps'), number('alpha', 0), number('warmup_target', null), number('warmup_steps', 0)],
    start: { decay_steps: 10_000 },
  },
  step_decay: { fields: [number('step_size'), number('gamma', 0.1)], start: { step_size: 10 } },
  one_cycle: {
    fields: [
      number('max_learning_rate', null),
      number('total_steps', null),
      number('pct_start', 0.3),
      number('div_factor', 25),
      number('final_div_factor', 10_000),
    ],
    start: {},
  },
  warmup: { fields: [number('warmup_steps')], start: { warmup_steps: 500 } },
  reduce_on_plateau: {
    fields: [
      choice('monitor', MONITORS),
      number('factor', 0.1),
      number('patience', 10),
      number('min_delta', 1e-4),
      number('cooldown', 0),
      number('min_learning_rate', 0),
    ],
    start: { patience: 3 },
  },
};

const fill = choice('fill_mode', FILLS);

export const AUGMENTATIONS: Record<string, Entry> = {
  random_flip: {
    fields: [choice('mode', ['horizontal', 'vertical', 'horizontal_and_vertical'])],
    start: {},
  },
  random_crop: { fields: [number('padding', 4)], start: { padding: 4 } },
  random_translation: {
    fields: [number('height_factor'), number('width_factor'), fill],
    start: { height_factor: 0.1, width_factor: 0.1 },
  },
  random_rotation: { fields: [number('factor'), fill], start: { factor: 0.05 } },
  random_zoom: {
    fields: [number('height_factor'), number('width_factor', null), fill],
    start: { height_factor: 0.1 },
  },
  cutout: { fields: [number('size')], start: { size: 8 } },
};

export const EARLY_STOPPING: Entry = {
  fields: [
    choice('monitor', MONITORS),
    number('min_delta', 0),
    number('patience', 0),
    yes('restore_best_weights', false),
  ],
  start: { patience: 5, restore_best_weights: true },
};

/** Options of keeping the weights of the best epoch. */
export const MODEL_CHECKPOINT: Entry = { fields: [choice('monitor', MONITORS)], start: {} };

/** Numbers of the experiment itself. */
export const TRAINING: readonly Field[] = [
  number('batch_size', 32),
  number('epochs', 1),
  number('seed', 0),
  number('micro_batch_size', null),
];
