/** Names of layers, with Keras's default names, and the layers that each one reads. */
import type { LayerSpec } from '../base/engine';

/** Keras's name of the input layer. */
export const INPUT = 'input_layer';

/** The name of each layer: its own, or else `conv2d`, `conv2d_1`, … */
export function layerNames(layers: readonly LayerSpec[]): string[] {
  const counts = new Map<string, number>();
  return layers.map(({ type, name }) => {
    if (name) return name;
    const count = counts.get(type) ?? 0;
    counts.set(type, count + 1);
    return count === 0 ? type : `${type}_${count}`;
  });
}
