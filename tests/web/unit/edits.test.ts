import { describe, expect, test } from 'vitest';
import type { Experiment, LayerSpec } from '../../../www/src/base/engine';
import { setPart } from '../../../www/src/forms/edits';
import { type Field, read, show, withOption, withPart } from '../../../www/src/forms/fields';
import { EXPERIMENT } from '../../../www/src/forms/schema';
import { Undo } from '../../../www/src/model/undo';

const net = (...layers: LayerSpec[]): Experiment => ({
  name: 'test',
  dataset: { name: 'mnist' },
  input_shape: [28, 28, 1],
  layers,
  loss: 'sparse_categorical_crossentropy',
  optimizer: { type: 'adam' },
});

describe('edits', () => {
  test('parts are set and removed', () => {
    const set = setPart(net(), 'early_stopping', { patience: 5 });
    expect(set.early_stopping).toEqual({ patience: 5 });
    expect(setPart(set, 'early_stopping', undefined)).not.toHaveProperty('early_stopping');
  });
});

describe('fields', () => {
  const pair: Field = { name: 'kernel_size', kind: 'pair' };
  const strides: Field = { name: 'strides', kind: 'pair', fallback: 1 };

  test('format values', () => {
    expect(show(pair, [3, 3])).toBe('3');
    expect(show(pair, [3, 5])).toBe('3, 5');
    expect(show(strides, undefined)).toBe('1');
    expect(show({ name: 'inputs', kind: 'names' }, ['a', 'b'])).toBe('a, b');
    expect(show({ name: 'v', kind: 'json' }, { split: 0.2 })).toBe('{"split":0.2}');
  });

  test('parse values, and keep invalid ones for the engine to report', () => {
    expect(read(pair, '3 x 5')).toEqual([3, 5]);
    expect(read(pair, '3,')).toBe(3);
    expect(read({ name: 'units', kind: 'number' }, '1e-3')).toBe(0.001);
    expect(read({ name: 'units', kind: 'number' }, 'many')).toBe('many');
    expect(read({ name: 'v', kind: 'json' }, '{"split": 0.2}')).toEqual({ split: 0.2 });
    expect(read({ name: 'v', kind: 'json' }, 'test')).toBe('test');
    expect(read(pair, '  ')).toBeUndefined();
  });

  test('options with the default value are omitted', () => {
    expect(withOption({ strides: 2, filters: 4 }, strides, 1)).toEqual({ filters: 4 });
    expect(withOption({ filters: 4 }, strides, 2)).toEqual({ filters: 4, strides: 2 });
    expect(withOption({ filters: 4 }, { name: 'filters', kind: 'number' }, undefined)).toEqual({});
  });

  test('regularizers and constraints are edited field by field', () => {
    const option = (name: string) => EXPERIMENT.layers.conv2d?.fields.find((field) => field.name === name) as Field;
    const penalty = option('kernel_regularizer');
    const [l1, l2] = penalty.parts as [Field, Field];
    expect(withPart(penalty, undefined, l2, '0.001')).toEqual({ l2: 0.001 });
    expect(withPart(penalty, { l2: 0.001 }, l1, '0.1')).toEqual({ l2: 0.001, l1: 0.1 });
    expect(withPart(penalty, { l2: 0.001 }, l2, '')).toBeUndefined();
    const bound = option('kernel_constraint');
    const [norm, axis] = bound.parts as [Field, Field];
    expect(withPart(bound, undefined, norm, '3')).toEqual({ max_norm: 3 });
    expect(withPart(bound, { max_norm: 3 }, axis, '[0, 1, 2]')).toEqual({ max_norm: 3, axis: [0, 1, 2] });
    expect(withPart(bound, { max_norm: 3 }, norm, '')).toBeUndefined();
  });
});

test('the fields can show every initial value of the tables', () => {
  const { layers, optimizer, learning_rate_schedule, augmentation, early_stopping } = EXPERIMENT;
  const forms = { ...layers, ...optimizer, ...learning_rate_schedule, ...augmentation, early_stopping };
  for (const [name, { fields, start }] of Object.entries(forms)) {
    for (const option of Object.keys(start)) {
      expect(
        fields.some((field) => field.name === option),
        `${name}: ${option}`,
      ).toBe(true);
    }
  }
});

describe('undo', () => {
  test('goes back and forward, and a change clears the redo steps', () => {
    const undo = new Undo<string>();
    undo.push('a');
    undo.push('b');
    expect(undo.undo('c')).toBe('b');
    expect(undo.undo('b')).toBe('a');
    expect(undo.undo('a')).toBeNull();
    expect(undo.redo('a')).toBe('b');
    undo.push('b');
    expect(undo.canRedo).toBe(false);
    expect(undo.undo('d')).toBe('b');
  });

  test('consecutive changes of one kind are one step', () => {
    const undo = new Undo<string>();
    undo.push('a', 'typing');
    undo.push('b', 'typing');
    undo.push('c', 'other');
    expect(undo.undo('d')).toBe('c');
    expect(undo.undo('c')).toBe('a');
    expect(undo.canUndo).toBe(false);
  });
});
