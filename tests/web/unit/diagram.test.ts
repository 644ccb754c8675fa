import { describe, expect, test } from 'vitest';
import type { LayerSummary, Summary } from '../../../www/src/base/engine';
import { layOut } from '../../../www/src/model/diagram';

function summary(...layers: [name: string, type: string, ...inputs: string[]][]): Summary {
  const totals = { params: 0, trainable: 0, non_trainable: 0, macs: 0, flops: 0, activation_bytes: 0, param_bytes: 0 };
  const layer = ([name, type, ...inputs]: [string, string, ...string[]]): LayerSummary => {
    return {
      name,
      type,
      class_name: '',
      shape_text: '',
      inputs,
      output_shape: [8, 8, 4],
      params: 1,
      macs: 1,
      flops: 2,
      activation_bytes: 1,
    };
  };
  return { input_text: '', layers: layers.map(layer), totals };
}

const places = (drawn: ReturnType<typeof layOut>) =>
  Object.fromEntries(drawn.blocks.map(({ name, column, row }) => [name, [column, row]]));

describe('the diagram of a network', () => {
  test('a chain is one row; layers that do not change the shape are part of the previous block', () => {
    const drawn = layOut(
      summary(
        ['conv2d', 'conv2d', 'input_layer'],
        ['bn', 'batch_normalization', 'conv2d'],
        ['relu', 'activation', 'bn'],
        ['pool', 'max_pooling2d', 'relu'],
      ),
      [9, 9, 1],
    );
    expect(places(drawn)).toEqual({ input_layer: [0, 0], conv2d: [1, 0], pool: [2, 0] });
    expect(drawn.blocks[1]?.also.map(({ name }) => name)).toEqual(['bn', 'relu']);
    expect(drawn.edges).toEqual([
      { from: 0, to: 1, skips: false },
      { from: 1, to: 2, skips: false },
    ]);
  });

  test('a skip connection passes above the blocks of its row', () => {
    const drawn = layOut(
      summary(
        ['stem', 'conv2d', 'input_layer'],
        ['a', 'conv2d', 'stem'],
        ['b', 'conv2d', 'a'],
        ['add', 'add', 'b', 'stem'],
      ),
      [9, 9, 1],
    );
    expect([drawn.rows, drawn.columns]).toEqual([1, 5]);
    expect(drawn.edges.filter(({ skips }) => skips)).toEqual([{ from: 1, to: 4, skips: true }]);
  });

  test('a branch with layers has a separate row', () => {
    const drawn = layOut(
      summary(
        ['stem', 'conv2d', 'input_layer'],
        ['a', 'conv2d', 'stem'],
        ['b', 'conv2d', 'a'],
        ['c', 'conv2d', 'b'],
        ['side', 'conv2d', 'stem'],
        ['side_bn', 'batch_normalization', 'side'],
        ['side_2', 'conv2d', 'side_bn'],
        ['add', 'add', 'c', 'side_2'],
      ),
      [9, 9, 1],
    );
    expect(places(drawn)).toMatchObject({ c: [4, 0], side: [2, 1], side_2: [3, 1], add: [5, 0] });
    expect(drawn.rows).toBe(2);
    expect(drawn.edges).toHaveLength(8);
  });

  test('three branches are one below another', () => {
    const drawn = layOut(
      summary(
        ['x', 'conv2d', 'input_layer'],
        ['y', 'conv2d', 'input_layer'],
        ['z', 'conv2d', 'input_layer'],
        ['add', 'add', 'x', 'y', 'z'],
      ),
      [9, 9, 1],
    );
    const rows = ['x', 'y', 'z'].map((name) => places(drawn)[name]?.[1]);
    expect([...rows].sort()).toEqual([0, 1, 2]);
  });
});
