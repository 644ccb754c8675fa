/** Weights as they are saved, made into what a person can look at: histograms, and the first layer's filters as images. */
import type { Summary } from '../base/engine';

export interface Tensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** The tensors of a safetensors file of float32: eight bytes of length, that many of JSON, the values. */
export function readTensors(file: Uint8Array): Tensor[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return tensors.map(([name, { shape, data_offsets }]) => {
    const [from, to] = data_offsets.map((offset) => 8 + length + offset);
    // A copy, since the values need not lie at a multiple of four bytes.
    return { name, shape, values: new Float32Array(file.slice(from, to).buffer) };
  });
}

export interface Histogram {
  name: string;
  count: number;
  least: number;
  most: number;
  mean: number;
  deviation: number;
  /** How many values lie in each of the equal parts from least to most. */
  bins: number[];
}

export function histogram({ name, values }: Tensor, parts: number): Histogram {
  let [least, most, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    squares += value * value;
  }
  const count = values.length;
  const mean = sum / count;
  const bins = new Array<number>(parts).fill(0);
  const width = (most - least) / parts;
  for (const value of values) {
    const at = width > 0 ? Math.min(parts - 1, Math.floor((value - least) / width)) : parts >> 1;
    bins[at] = (bins[at] ?? 0) + 1;
  }
  return { name, count, least, most, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), bins };
}

/** Small images of one size, values of any sign. */
export interface Filters {
  layer: string;
  height: number;
  width: number;
  /** 3 where the filter sees colours, else 1. */
  channels: number;
  images: Float32Array[];
}

/** What the first layer with a kernel looks for; null where that is nothing that can be drawn over the image. */
export function firstFilters(tensors: Tensor[], { layers }: Summary, inputShape: number[]): Filters | null {
  const layer = layers.find(({ name }) => tensors.some((tensor) => tensor.name === `${name}.kernel`));
  const kernel = tensors.find(({ name }) => name === `${layer?.name}.kernel`);
  if (!layer || !kernel) return null;
  const [height = 1, width = 1, depth = 1] = kernel.shape.length === 4 ? kernel.shape : inputShape;
  const count = kernel.shape.at(-1) ?? 1;
  if (layer.type === 'depthwise_conv2d') {
    return { layer: layer.name, height, width, channels: 1, images: columns(kernel.values, depth) };
  }
  // A dense layer's weights lie over the whole image, if that is what it reads.
  if (height * width * depth * count !== kernel.values.length) return null;
  const all = columns(kernel.values, count);
  if (depth === 1 || depth === 3) return { layer: layer.name, height, width, channels: depth, images: all };
  return { layer: layer.name, height, width, channels: 1, images: all.map((one) => means(one, depth)) };
}

/** The columns of a matrix of rows. */
function columns(values: Float32Array, count: number): Float32Array[] {
  const rows = values.length / count;
  return Array.from({ length: count }, (_, column) =>
    Float32Array.from({ length: rows }, (_, row) => values[row * count + column] ?? 0),
  );
}

/** The mean of each run of so many values. */
function means(values: Float32Array, run: number): Float32Array {
  return Float32Array.from({ length: values.length / run }, (_, i) => {
    const part = values.subarray(i * run, (i + 1) * run);
    return part.reduce((a, b) => a + b, 0) / run;
  });
}

/** The weights of a network, as the page shows them. */
export interface WeightsView {
  histograms: Histogram[];
  filters: Filters | null;
}

const PARTS = 40;

export function viewWeights(file: Uint8Array, summary: Summary, inputShape: number[]): WeightsView {
  const tensors = readTensors(file);
  const histograms = tensors.filter(({ values }) => values.length > 1).map((tensor) => histogram(tensor, PARTS));
  // In the order of the layers, not of the file.
  const place = (name: string) => summary.layers.findIndex((layer) => name.startsWith(`${layer.name}.`));
  histograms.sort((a, b) => place(a.name) - place(b.name));
  return { histograms, filters: firstFilters(tensors, summary, inputShape) };
}
