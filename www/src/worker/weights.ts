/** Converts saved weights for display: histograms of each tensor, and the first layer's filters as images. */
import type { Summary } from '../base/engine';

export interface Tensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** Reads a safetensors file of float32: the header's length in eight bytes, the header as JSON, the values. */
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
    // A copy, because the values may be unaligned.
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
  /** The count of values in each of equally wide bins from least to most. */
  bins: number[];
}

export function histogram({ name, values }: Tensor, binCount: number): Histogram {
  let [least, most, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    squares += value * value;
  }
  const count = values.length;
  const mean = sum / count;
  const bins = new Array<number>(binCount).fill(0);
  const width = (most - least) / binCount;
  for (const value of values) {
    const at = width > 0 ? Math.min(binCount - 1, Math.floor((value - least) / width)) : binCount >> 1;
    bins[at] = (bins[at] ?? 0) + 1;
  }
  return { name, count, least, most, mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), bins };
}

/** Small images of one size, values of any sign. */
export interface Filters {
  layer: string;
  height: number;
  width: number;
  /** 3 for a colour filter, else 1. */
  channels: number;
  images: Float32Array[];
}

/** The filters of the first layer with a kernel; null if they do not have the shape of an image. */
export function firstFilters(tensors: Tensor[], { layers }: Summary, inputShape: number[]): Filters | null {
  const layer = layers.find(({ name }) => tensors.some((tensor) => tensor.name === `${name}.kernel`));
  const kernel = tensors.find(({ name }) => name === `${layer?.name}.kernel`);
  if (!layer || !kernel) return null;
  const [height = 1, width = 1, depth = 1] = kernel.shape.length === 4 ? kernel.shape : inputShape;
  const count = kernel.shape.at(-1) ?? 1;
  if (layer.type === 'depthwise_conv2d') {
    return { layer: layer.name, height, width, channels: 1, images: columns(kernel.values, depth) };
  }
  // A dense layer's weights have the shape of the image if the image is its input.
  if (height * width * depth * count !== kernel.values.length) return null;
  const all = columns(kernel.values, count);
  if (depth === 1 || depth === 3) return { layer: layer.name, height, width, channels: depth, images: all };
  return { layer: layer.name, height, width, channels: 1, images: all.map((one) => means(one, depth)) };
}

/** The columns of a row-major matrix. */
function columns(values: Float32Array, count: number): Float32Array[] {
  const rows = values.length / count;
  return Array.from({ length: count }, (_, column) =>
    Float32Array.from({ length: rows }, (_, row) => values[row * count + column] ?? 0),
  );
}

/** The mean of each group of `size` consecutive values. */
function means(values: Float32Array, size: number): Float32Array {
  return Float32Array.from({ length: values.length / size }, (_, i) => {
    const part = values.subarray(i * size, (i + 1) * size);
    return part.reduce((a, b) => a + b, 0) / size;
  });
}

/** The weights of a network, as displayed by the page. */
export interface WeightsView {
  histograms: Histogram[];
  filters: Filters | null;
}

const BINS = 40;

export function viewWeights(file: Uint8Array, summary: Summary, inputShape: number[]): WeightsView {
  const tensors = readTensors(file);
  const histograms = tensors.filter(({ values }) => values.length > 1).map((tensor) => histogram(tensor, BINS));
  // The file is sorted by name; the page shows the order of the layers.
  const position = (name: string) => summary.layers.findIndex((layer) => name.startsWith(`${layer.name}.`));
  histograms.sort((a, b) => position(a.name) - position(b.name));
  return { histograms, filters: firstFilters(tensors, summary, inputShape) };
}
