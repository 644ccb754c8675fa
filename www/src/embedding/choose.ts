/** What is laid out: which layer's values, and which images. */
import type { LayerSummary } from '../base/engine';

/** With more values than this, of all images together, a projection takes minutes. */
const MOST_VALUES = 8e6;

/** Layers that compute the scores of the classes, or a part of the scores, from what is hidden. */
const DECIDES = /^(dense|conv2d|depthwise_conv2d|separable_conv2d|conv2d_transpose)$/;
/** Layers that return their input unchanged at inference. */
const SAME = /^(dropout|spatial_dropout2d|gaussian_noise|identity)$/;

/**
 * The index of the last hidden layer: the one whose output the classifying layer reads. What follows that layer (an activation, a
 * pooling, a normalization) is not hidden any more: its values are scores of the classes, too.
 */
export function lastHidden(layers: readonly Pick<LayerSummary, 'name' | 'type' | 'inputs'>[]): number {
  const indexOf = (name: string | undefined) => layers.findIndex((layer) => layer.name === name);
  const classifier = layers.findLast(({ type }) => DECIDES.test(type));
  let at = indexOf(classifier?.inputs[0]);
  while (SAME.test(layers[at]?.type ?? '')) {
    const before = indexOf(layers[at]?.inputs[0]);
    if (before < 0) break;
    at = before;
  }
  // A network with one layer has no hidden one.
  return at >= 0 ? at : 0;
}

/** `count` of `total` images at equal distances: a test set may be sorted by class. */
export const spread = (count: number, total: number): number[] =>
  Array.from({ length: Math.min(count, total) }, (_, i) => Math.floor((i * total) / Math.min(count, total)));

/** As many of the images as are projected within a minute, with that many values each. */
export const affordable = (count: number, size: number): number =>
  Math.max(1, Math.min(count, Math.floor(MOST_VALUES / Math.max(1, size))));
