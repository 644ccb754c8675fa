/** How one value of a layer's output comes about: the window of its input, the weights, the sum, the activation. */
import type { LayerSpec } from '../base/engine';
import { softmax } from '../base/softmax';

/** A tensor of one image: its values and its shape, channels last. */
export interface Values {
  values: Float32Array;
  shape: readonly number[];
}

/** The part of the sum that comes from one input channel. Positions outside the image are NaN. */
export interface Window {
  channel: number;
  height: number;
  width: number;
  values: number[];
  /** Null for a pooling layer. */
  weights: number[] | null;
  sum: number;
}

export type Kind = 'sum' | 'max' | 'mean' | 'none';

export interface Arithmetic {
  kind: Kind;
  /** In the order of the channels. */
  windows: Window[];
  bias: number | null;
  /** Before the activation. */
  before: number;
  activation: string;
  /** The value that follows. Equal to the engine's, up to rounding. */
  value: number;
  /** The inputs of a final softmax. */
  logits: number[] | null;
}

/** A layer with all that its arithmetic needs. */
export interface Explained {
  spec: LayerSpec;
  inputs: Values[];
  output: Values;
  kernel: Values | null;
  bias: Values | null;
  /** The logits, if this is the last layer and ends in softmax. */
  logits: Float32Array | null;
}

const pair = (value: unknown, otherwise: [number, number]): [number, number] => {
  if (typeof value === 'number') return [value, value];
  return Array.isArray(value) && value.length === 2 ? [Number(value[0]), Number(value[1])] : otherwise;
};

/** Rows or columns before the image that padding adds. */
function padded(padding: unknown, input: number, output: number, kernel: number, stride: number): number {
  if (padding !== 'same') return 0;
  return Math.max(0, (output - 1) * stride + kernel - input) >> 1;
}

const ACTIVATIONS: Record<string, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

export const nameOf = (activation: unknown): string =>
  typeof activation === 'string' ? activation : ((activation as { type?: string } | null)?.type ?? 'linear');

/** The windows of an image under a position, for a range of channels. */
function windowsOf(
  { values, shape }: Values,
  [top, left]: [number, number],
  [height, width]: [number, number],
  [down, across]: [number, number],
  channels: [from: number, to: number],
): Window[] {
  const [rows = 1, columns = 1, depth = 1] = shape;
  return Array.from({ length: channels[1] - channels[0] }, (_, i) => {
    const channel = channels[0] + i;
    const found = Array.from({ length: height * width }, (_, at) => {
      const y = top + Math.floor(at / width) * down;
      const x = left + (at % width) * across;
      const isInside = y >= 0 && y < rows && x >= 0 && x < columns;
      return isInside ? (values[(y * columns + x) * depth + channel] ?? 0) : Number.NaN;
    });
    return { channel, height, width, values: found, weights: null, sum: 0 };
  });
}

function placed(layer: Explained, [y, x]: readonly number[], kernel: [number, number], stride: [number, number]) {
  const { spec, inputs, output } = layer;
  const dilation = pair(spec.dilation_rate, [1, 1]);
  const corner = [y ?? 0, x ?? 0].map((at, axis) => {
    const span = ((kernel[axis] ?? 1) - 1) * (dilation[axis] ?? 1) + 1;
    const [input, out] = [inputs[0]?.shape[axis] ?? 1, output.shape[axis] ?? 1];
    return at * (stride[axis] ?? 1) - padded(spec.padding, input, out, span, stride[axis] ?? 1);
  });
  return { corner: [corner[0] ?? 0, corner[1] ?? 0] as [number, number], dilation };
}

function weighted(layer: Explained, at: readonly number[]): Window[] {
  const { spec, inputs, kernel, output } = layer;
  const [input] = inputs;
  if (!input || !kernel) return [];
  const c = at.at(-1) ?? 0;
  const count = output.shape.at(-1) ?? 1;
  if (kernel.shape.length === 2) {
    const weights = Array.from(input.values, (_, i) => kernel.values[i * count + c] ?? 0);
    return [{ channel: 0, height: 1, width: input.values.length, values: [...input.values], weights, sum: 0 }];
  }
  const [height = 1, width = 1, depth = 1, last = 1] = kernel.shape;
  const isDepthwise = spec.type === 'depthwise_conv2d';
  const groups = typeof spec.groups === 'number' ? spec.groups : 1;
  const first = isDepthwise ? Math.floor(c / last) : Math.floor(c / (count / groups)) * depth;
  const { corner, dilation } = placed(layer, at, [height, width], pair(spec.strides, [1, 1]));
  const windows = windowsOf(input, corner, [height, width], dilation, [first, first + (isDepthwise ? 1 : depth)]);
  for (const [i, window] of windows.entries()) {
    const row = isDepthwise ? first : i;
    const column = isDepthwise ? c % last : c;
    window.weights = window.values.map((_, k) => kernel.values[(k * depth + row) * last + column] ?? 0);
  }
  return windows;
}

function pooled(layer: Explained, at: readonly number[]): Window[] {
  const { spec, inputs } = layer;
  const [input] = inputs;
  if (!input) return [];
  const c = at.at(-1) ?? 0;
  const all: [number, number] = [input.shape[0] ?? 1, input.shape[1] ?? 1];
  if (spec.type.startsWith('global')) return windowsOf(input, [0, 0], all, [1, 1], [c, c + 1]);
  const size = pair(spec.pool_size, [2, 2]);
  const { corner, dilation } = placed(layer, at, size, pair(spec.strides, size));
  return windowsOf(input, corner, size, dilation, [c, c + 1]);
}

const isThere = (value: number): boolean => !Number.isNaN(value);

/** The arithmetic of the value at a position (row, column, channel), or (unit) of a flat output. */
export function explain(layer: Explained, at: readonly number[]): Arithmetic {
  const { spec, output, bias, logits } = layer;
  const index = at.reduce((sum, one, axis) => sum * (output.shape[axis] ?? 1) + one, 0);
  const engine = output.values[index] ?? Number.NaN;
  const activation = nameOf(spec.activation);
  const none = {
    kind: 'none' as const,
    windows: [],
    bias: null,
    before: engine,
    activation: 'linear',
    value: engine,
    logits: null,
  };
  if (/pooling2d$/.test(spec.type)) {
    const windows = pooled(layer, at);
    const values = (windows[0]?.values ?? []).filter(isThere);
    const kind = spec.type.includes('max') ? 'max' : 'mean';
    const value = kind === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length;
    return { ...none, kind, windows, before: value, value };
  }
  if (!/^(conv2d|depthwise_conv2d|dense)$/.test(spec.type) || !layer.kernel) return none;
  const windows = weighted(layer, at);
  for (const window of windows)
    window.sum = window.values.reduce((sum, x, i) => sum + (isThere(x) ? x * (window.weights?.[i] ?? 0) : 0), 0);
  const shift = bias ? (bias.values[at.at(-1) ?? 0] ?? 0) : null;
  const before = windows.reduce((sum, window) => sum + window.sum, shift ?? 0);
  if (logits) {
    const value = softmax(logits)[at.at(-1) ?? 0] ?? Number.NaN;
    return { kind: 'sum', windows, bias: shift, before, activation: 'softmax', value, logits: [...logits] };
  }
  const value = ACTIVATIONS[activation]?.(before) ?? engine;
  return { kind: 'sum', windows, bias: shift, before, activation, value, logits: null };
}
