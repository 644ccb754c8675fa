import { describe, expect, test } from 'vitest';
import experimentSchema from '../../../www/experiment.schema.json';
import { type Field, isOutside, type Options, read, show, withOption } from '../../../www/src/forms/fields';
import { EXPERIMENT, experimentForms, type Form, type Schema } from '../../../www/src/forms/schema';
import { FORMS } from '../../../www/src/forms/text';

/** A required option of a kind. */
const required = (kind: Field['kind']): Partial<Field> => ({ kind });
const number = (fallback: number | null) => ({ kind: 'number', fallback }) as const;
const pair = (fallback: number | null) => ({ kind: 'pair', fallback }) as const;
const yes = (fallback: boolean) => ({ kind: 'boolean', fallback }) as const;
const choice = (fallback: string, values: string[]) => ({ kind: 'choice', fallback, values }) as const;

const ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'];
const INITIALIZERS = [
  ...['glorot_uniform', 'glorot_normal', 'he_uniform', 'he_normal', 'lecun_uniform', 'lecun_normal'],
  ...['zeros', 'ones', 'pytorch_default'],
];
const monitor = choice('val_loss', ['val_loss', 'val_accuracy', 'loss', 'accuracy']);
const fill_mode = choice('reflect', ['reflect', 'constant', 'nearest']);
const padding = choice('valid', ['valid', 'same']);
const activation = choice('linear', ACTIVATIONS);
const kernel = (word: string) => ({
  activation,
  use_bias: yes(true),
  [`${word}_initializer`]: choice('glorot_uniform', INITIALIZERS),
  bias_initializer: choice('zeros', INITIALIZERS),
  [`${word}_regularizer`]: { kind: 'object', fallback: null } as const,
  [`${word}_constraint`]: { kind: 'object', fallback: null } as const,
});
const pooling = { pool_size: pair(2), strides: pair(null), padding };
const clips = { clipnorm: number(null), global_clipnorm: number(null), clipvalue: number(null) };
const moments = { beta_1: number(0.9), beta_2: number(0.999), epsilon: number(1e-7) };

/** The options that each form must have, and the options that a new part starts with. */
type Expected = Record<string, [fields: Record<string, Partial<Field>>, start?: Options]>;

const LAYERS: Expected = {
  conv2d: [
    {
      ...{ filters: required('number'), kernel_size: required('pair'), strides: pair(1), padding },
      ...kernel('kernel'),
    },
    { filters: 32, kernel_size: 3, padding: 'same', activation: 'relu' },
  ],
  depthwise_conv2d: [
    { kernel_size: required('pair'), strides: pair(1), padding, ...kernel('depthwise') },
    { kernel_size: 3, padding: 'same' },
  ],
  dense: [
    { units: required('number'), ...kernel('kernel') },
    { units: 64, activation: 'relu' },
  ],
  max_pooling2d: [pooling, { pool_size: 2 }],
  average_pooling2d: [pooling, { pool_size: 2 }],
  global_average_pooling2d: [{}],
  batch_normalization: [
    {
      ...{ momentum: number(0.99), epsilon: number(0.001), center: yes(true), scale: yes(true) },
      unbiased_moving_variance: yes(false),
    },
  ],
  dropout: [{ rate: required('number') }, { rate: 0.25 }],
  activation: [{ activation: { kind: 'choice', values: ACTIVATIONS } }, { activation: 'relu' }],
  add: [{}],
  flatten: [{}],
  zero_padding2d: [{ padding: { kind: 'json', fallback: 1 } }, { padding: 1 }],
  local_response_normalization: [{ depth_radius: number(5), bias: number(1), alpha: number(1), beta: number(0.5) }],
};

const OPTIMIZERS: Expected = {
  sgd: [
    { learning_rate: number(0.01), momentum: number(0), nesterov: yes(false), weight_decay: number(0), ...clips },
    { learning_rate: 0.01, momentum: 0.9 },
  ],
  adam: [{ learning_rate: number(0.001), ...moments, weight_decay: number(0), ...clips }, { learning_rate: 0.001 }],
  adamw: [
    { learning_rate: number(0.001), ...moments, weight_decay: number(0.004), ...clips },
    { learning_rate: 0.001 },
  ],
  rmsprop: [
    {
      ...{ learning_rate: number(0.001), rho: number(0.9), momentum: number(0), centered: yes(false) },
      ...{ epsilon: number(1e-7), weight_decay: number(0), ...clips },
    },
    { learning_rate: 0.001 },
  ],
};

const SCHEDULES: Expected = {
  inverse_time_decay: [
    { decay_rate: required('number'), decay_steps: number(1), staircase: yes(false) },
    { decay_rate: 0.5, decay_steps: 1000 },
  ],
  exponential_decay: [
    { decay_rate: required('number'), decay_steps: required('number'), staircase: yes(false) },
    { decay_rate: 0.9, decay_steps: 1000 },
  ],
  cosine_decay: [
    { decay_steps: required('number'), alpha: number(0), warmup_target: number(null), warmup_steps: number(0) },
    { decay_steps: 10_000 },
  ],
  step_decay: [{ step_size: required('number'), gamma: number(0.1) }, { step_size: 10 }],
  one_cycle: [
    {
      ...{ max_learning_rate: number(null), total_steps: number(null), pct_start: number(0.3) },
      ...{ div_factor: number(25), final_div_factor: number(10_000) },
    },
  ],
  warmup: [{ warmup_steps: required('number') }, { warmup_steps: 500 }],
  reduce_on_plateau: [
    {
      ...{ monitor, factor: number(0.1), patience: number(10), min_delta: number(1e-4), cooldown: number(0) },
      min_learning_rate: number(0),
    },
    { patience: 3 },
  ],
};

const AUGMENTATIONS: Expected = {
  random_flip: [{ mode: choice('horizontal', ['horizontal', 'vertical', 'horizontal_and_vertical']) }],
  random_crop: [{ padding: number(4) }, { padding: 4 }],
  random_translation: [
    { height_factor: required('number'), width_factor: required('number'), fill_mode },
    { height_factor: 0.1, width_factor: 0.1 },
  ],
  random_rotation: [{ factor: required('number'), fill_mode }, { factor: 0.05 }],
  random_zoom: [{ height_factor: required('number'), width_factor: number(null), fill_mode }, { height_factor: 0.1 }],
  cutout: [{ size: required('number') }, { size: 8 }],
};

function expectForm(form: Form | undefined, [fields, start = {}]: Expected[string], name: string): void {
  expect(form, name).toBeDefined();
  for (const [option, { values = [], ...like }] of Object.entries(fields)) {
    const field = form?.fields.find((field) => field.name === option);
    expect(field, `${name}: ${option}`).toMatchObject(like);
    expect(field && 'fallback' in field, `${name}: ${option} has a default`).toBe('fallback' in like);
    expect(field?.values ?? [], `${name}: ${option}`).toEqual(expect.arrayContaining([...values]));
  }
  expect(form?.start, `${name}: start`).toEqual(start);
}

const families = [
  ['layers', LAYERS],
  ['optimizer', OPTIMIZERS],
  ['learning_rate_schedule', SCHEDULES],
  ['augmentation', AUGMENTATIONS],
] as const;

const { layers, optimizer, learning_rate_schedule, augmentation, early_stopping, model_checkpoint } = EXPERIMENT;
const everyForm = Object.entries<Form>({
  ...{ ...layers, ...optimizer, ...learning_rate_schedule, ...augmentation, early_stopping, model_checkpoint },
  every_layer: { fields: EXPERIMENT.common, start: {}, help: 'Options of every layer.' },
  experiment: { fields: EXPERIMENT.numbers, start: {}, help: 'Numbers of the experiment.' },
});

describe('the forms of the schema', () => {
  test.each(families)('%s: kinds, defaults, choices and first values', (family, expected) => {
    for (const [type, one] of Object.entries(expected)) expectForm(EXPERIMENT[family][type], one, type);
  });

  test('early stopping, the checkpoint, the numbers of the experiment, the data and the options of every layer', () => {
    const stopping = { monitor, min_delta: number(0), patience: number(0), restore_best_weights: yes(false) };
    expectForm(early_stopping, [stopping, { patience: 5, restore_best_weights: true }], 'early_stopping');
    expectForm(model_checkpoint, [{ monitor }], 'model_checkpoint');
    const run = { batch_size: number(32), epochs: number(1), seed: number(0), micro_batch_size: number(null) };
    const numbers = { ...run, label_smoothing: number(null), gamma: number(null) };
    expectForm({ fields: EXPERIMENT.numbers, start: {}, help: '' }, [numbers], 'experiment');
    expect(EXPERIMENT.numbers).toHaveLength(6);
    const json: Partial<Field> = { kind: 'json', fallback: null };
    expectForm(EXPERIMENT.dataset, [{ validation: json, merge_classes: json }], 'dataset');
    expect(EXPERIMENT.common).toMatchObject([
      { name: 'name', kind: 'text', fallback: null },
      { name: 'trainable', kind: 'boolean', fallback: true },
      { name: 'inputs', kind: 'names', fallback: null },
    ]);
  });

  test('regularizers and constraints are objects, with a field for each number', () => {
    const parts = (name: string) => layers.conv2d?.fields.find((field) => field.name === name)?.parts;
    expect(parts('kernel_regularizer')).toMatchObject([
      { name: 'l1', kind: 'number', fallback: 0, range: { minimum: 0 } },
      { name: 'l2', kind: 'number', fallback: 0, range: { minimum: 0 } },
    ]);
    expect(parts('kernel_constraint')).toMatchObject([
      { name: 'max_norm', kind: 'number', range: { exclusiveMinimum: 0 } },
      { name: 'axis', kind: 'json', fallback: 0 },
    ]);
    expect(parts('kernel_constraint')?.[0]).not.toHaveProperty('fallback');
  });

  test.each(everyForm)('%s: every option has help, and a default and a first value that the field takes', (_, form) => {
    expect(form.help).not.toBe('');
    for (const field of form.fields) {
      expect(field.help, field.name).toMatch(/^[^`\n]+$/);
      if (field.fallback !== null && field.fallback !== undefined) {
        const shown = read(field, show(field, undefined));
        expect(withOption({ [field.name]: shown }, field, shown), `${field.name}: the default is left out`).toEqual({});
        expect(isOutside(field, field.fallback), field.name).toBe(false);
      }
      const first = form.start[field.name];
      expect(first === undefined && field.fallback === undefined, `${field.name}: required and not set`).toBe(false);
      expect(isOutside(field, first), field.name).toBe(false);
      if (field.kind === 'choice' && first !== undefined) expect(field.values).toContain(first);
    }
    const names = form.fields.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(form.start)));
    expect(names).not.toContain('type');
  });
});

describe('ranges', () => {
  const field = (name: string, { fields }: Form | undefined = { fields: [], start: {}, help: '' }) =>
    fields.find((field) => field.name === name) as Field;

  test('say what a field accepts', () => {
    const accepts = (field: Field) => field.range && FORMS.expected(field.range);
    expect(accepts(field('filters', layers.conv2d))).toBe('Give a whole number: at least 1.');
    expect(accepts(field('momentum', optimizer.sgd))).toBe('Give a number: at least 0, below 1.');
    expect(accepts(field('pct_start', learning_rate_schedule.one_cycle))).toBe('Give a number: above 0, below 1.');
    expect(accepts(field('kernel_size', layers.conv2d))).toBe('Give a whole number: at least 1, at most 4,096.');
    expect(accepts(field('beta', layers.local_response_normalization))).toBe('Give a number.');
  });

  test('find values outside them', () => {
    const momentum = field('momentum', optimizer.sgd);
    expect([0, 0.5, null, undefined].map((value) => isOutside(momentum, value))).toEqual([false, false, false, false]);
    expect([1, -0.1, 'many'].map((value) => isOutside(momentum, value))).toEqual([true, true, true]);
    const size = field('kernel_size', layers.conv2d);
    expect([3, [3, 5]].map((value) => isOutside(size, value))).toEqual([false, false]);
    expect([0, 1.5, [3, 0], [3, 'x']].map((value) => isOutside(size, value))).toEqual([true, true, true, true]);
  });
});

test('a type that is new in the schema has a form', () => {
  const schema = structuredClone(experimentSchema) as Schema;
  const variants = (family: Schema | undefined) => (family?.oneOf ?? []) as Schema[];
  const all = variants(schema.properties?.layers?.items);
  const { name = {}, inputs = {} } = all[0]?.properties ?? {};
  all.push({
    description: 'A layer of `tomorrow`.',
    properties: {
      ...{ type: { const: 'capsule' }, name, inputs },
      routings: { type: 'integer', minimum: 1, description: 'Rounds of `routing`.' },
      size: { $ref: '#/definitions/Pair', default: [2, 2] },
      squash: { anyOf: [{ $ref: '#/definitions/Activation' }, { type: 'null' }] },
      version: { type: 'integer', minimum: 1, maximum: 1, default: 1 },
      note: { type: ['string', 'null'] },
      tree: { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
    },
    required: ['type', 'routings'],
    examples: [{ type: 'capsule', routings: 3 }],
  });
  variants(schema.definitions?.Schedule).push({
    properties: { type: { const: 'constant' }, on: { type: 'boolean', default: true } },
  });
  const forms = experimentForms(schema);
  expect(forms.layers.capsule).toEqual({
    fields: [
      { name: 'routings', kind: 'number', range: { whole: true, minimum: 1 }, help: 'Rounds of routing.' },
      {
        name: 'size',
        kind: 'pair',
        range: { whole: true, minimum: 1, maximum: 4096 },
        help: expect.any(String),
        fallback: 2,
      },
      {
        name: 'squash',
        kind: 'choice',
        values: expect.arrayContaining(ACTIVATIONS),
        help: expect.any(String),
        fallback: null,
      },
      { name: 'note', kind: 'text', help: '', fallback: null },
      { name: 'tree', kind: 'json', help: '', fallback: null },
    ],
    start: { routings: 3 },
    help: 'A layer of tomorrow.',
  });
  expect(forms.learning_rate_schedule.constant?.fields).toMatchObject([
    { name: 'on', kind: 'boolean', fallback: true },
  ]);
  expect(forms.common.map(({ name }) => name)).toEqual(['name', 'inputs']);
});
