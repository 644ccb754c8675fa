import { expect, test } from 'vitest';
import { type Explained, explain } from '../../../www/src/inside/arithmetic';
import { attacked, covered, coverOf, enlarged, fallen, gradCam, saliency } from '../../../www/src/inside/attribution';

const tensor = (values: number[], shape: number[]) => ({ values: Float32Array.from(values), shape });
const layer = (of: Partial<Explained>): Explained => ({
  spec: { type: 'conv2d' },
  inputs: [],
  output: tensor([], [1]),
  kernel: null,
  bias: null,
  logits: null,
  ...of,
});

/** 3 × 3 with two channels: 1 … 9 and ten times that. */
const IMAGE = tensor(Array.from({ length: 9 }, (_, i) => [i + 1, 10 * (i + 1)]).flat(), [3, 3, 2]);

test('a convolution is the sum of window × kernel, plus bias, through the activation', () => {
  const conv = layer({
    spec: { type: 'conv2d', kernel_size: 2, activation: 'relu' },
    inputs: [IMAGE],
    output: tensor(new Array(8).fill(0), [2, 2, 2]),
    // Of the first output channel: 1, -1, 0, 2 on the first input channel and 0.1 on the second; of the second -1 everywhere.
    kernel: tensor([1, -1, 0.1, -1, -1, -1, 0.1, -1, 0, -1, 0.1, -1, 2, -1, 0.1, -1], [2, 2, 2, 2]),
    bias: tensor([0.5, 1], [2]),
  });
  const first = explain(conv, [0, 1, 0]);
  expect(first.windows.map(({ values }) => values)).toEqual([
    [2, 3, 5, 6],
    [20, 30, 50, 60],
  ]);
  expect(first.windows[0]?.sum).toBe(2 - 3 + 12);
  expect(first.before).toBeCloseTo(11 + 16 + 0.5);
  expect(first.value).toBeCloseTo(27.5);
  expect(explain(conv, [0, 1, 1])).toMatchObject({ before: -16 - 160 + 1, value: 0, bias: 1 });
});

test('padding, strides and dilation place the window as Keras does', () => {
  const same = layer({
    spec: { type: 'conv2d', padding: 'same', strides: 2 },
    inputs: [IMAGE],
    output: tensor(new Array(4).fill(0), [2, 2, 1]),
    kernel: tensor(new Array(18).fill(1), [3, 3, 2, 1]),
  });
  expect(explain(same, [0, 0, 0]).windows[0]?.values).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    1,
    2,
    Number.NaN,
    4,
    5,
  ]);
  expect(explain(same, [1, 1, 0]).before).toBe(11 * (5 + 6 + 8 + 9));
  const dilated = {
    ...same,
    spec: { type: 'conv2d', dilation_rate: 2 },
    kernel: tensor(new Array(8).fill(1), [2, 2, 2, 1]),
    output: tensor([0], [1, 1, 1]),
  };
  expect(explain(dilated, [0, 0, 0]).windows[0]?.values).toEqual([1, 3, 7, 9]);
});

test('depthwise convolutions and groups use their own channels', () => {
  const depthwise = layer({
    spec: { type: 'depthwise_conv2d' },
    inputs: [IMAGE],
    output: tensor(new Array(36).fill(0), [3, 3, 4]),
    kernel: tensor([1, 2, 3, 4], [1, 1, 2, 2]),
  });
  expect([0, 1, 2, 3].map((c) => explain(depthwise, [0, 0, c]).value)).toEqual([1, 2, 30, 40]);
  const groups = { ...depthwise, spec: { type: 'conv2d', groups: 2 }, kernel: tensor([1, 2, 3, 4], [1, 1, 1, 4]) };
  expect([0, 1, 2, 3].map((c) => explain(groups, [0, 0, c]).value)).toEqual([1, 2, 30, 40]);
});

test('pooling takes the largest value or the mean of the window, without the padding', () => {
  const pool = (type: string, options: object, shape: number[]) =>
    layer({ spec: { type, ...options }, inputs: [IMAGE], output: tensor(new Array(8).fill(0), shape) });
  expect(explain(pool('max_pooling2d', { strides: 1 }, [2, 2, 2]), [1, 1, 0])).toMatchObject({ kind: 'max', value: 9 });
  expect(explain(pool('average_pooling2d', { padding: 'same' }, [2, 2, 2]), [1, 1, 0])).toMatchObject({
    kind: 'mean',
    value: 9,
  });
  expect(explain(pool('global_average_pooling2d', {}, [2]), [1]).value).toBe(50);
});

test('a dense layer ends in a softmax over all logits', () => {
  const logits = Float32Array.from([2, 0]);
  const dense = layer({
    spec: { type: 'dense', activation: 'softmax' },
    inputs: [tensor([1, 2], [2])],
    output: tensor([0.88, 0.12], [2]),
    kernel: tensor([1, -1, 0.5, 0.5], [2, 2]),
    bias: tensor([0, 0], [2]),
    logits,
  });
  const found = explain(dense, [0]);
  expect(found.before).toBe(2);
  expect(found.value).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 1), 6);
});

test('maps of what a prediction depends on', () => {
  expect([...saliency(Float32Array.from([1, -3, 0.5, 0]), [1, 2, 2])]).toEqual([3, 0.5]);
  // Two channels: the first speaks for the class, the second against it.
  const maps = Float32Array.from([1, 5, 2, 1]);
  expect([...gradCam(maps, Float32Array.from([1, -1, 3, -1]), [1, 2, 2])]).toEqual([0, 3]);
  expect([...enlarged(Float32Array.from([0, 4]), [1, 2], [1, 4])]).toEqual([0, 1, 3, 4]);
  expect([...fallen(0.9, [0.9, 0.4, 1])].map((one) => Number(one.toFixed(3)))).toEqual([0, 0.5, 0]);
});

test('the grey square covers every pixel once at least', () => {
  const shape = [10, 8, 3] as const;
  const cover = coverOf(shape);
  const images = covered(new Uint8Array(240), shape, cover);
  expect(images.length).toBe(240 * cover.rows * cover.columns);
  for (let i = 0; i < 240; i += 1) {
    let times = 0;
    for (let at = i; at < images.length; at += 240) times += Number(images[at] === 128);
    expect(times, `value ${i}`).toBeGreaterThan(0);
  }
});

test('the noise follows the sign of the gradient and stays an image', () => {
  expect([...attacked(Uint8Array.from([10, 250, 5, 7]), Float32Array.from([2, 0.1, -9, 0]), 8)]).toEqual([
    18, 255, 0, 7,
  ]);
});
