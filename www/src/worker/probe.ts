/** Questions about single layers: their outputs for several images, and gradients. */
import type { EngineSession, ExtendedEngine, LayerSummary } from '../base/engine';
import { type EngineOptions, loadEngine } from './load';

/** Images whose outputs of all layers are in memory at once. */
const PIECE = 8;

const lengthOf = ({ output_shape }: LayerSummary): number => output_shape.reduce((a, b) => a * b, 1);

/**
 * The outputs of one layer for several images, one image after another. Each piece is a question of its own, so that training and other
 * questions go on between them.
 */
export async function layerOutputs(
  use: <T>(act: (session: EngineSession) => Promise<T>) => Promise<T>,
  layers: readonly LayerSummary[],
  layer: number,
  pixels: Uint8Array,
  imageLength: number,
): Promise<Float32Array> {
  const lengths = layers.map(lengthOf);
  const length = lengths[layer] ?? 0;
  const before = lengths.slice(0, layer).reduce((a, b) => a + b, 0);
  const count = Math.floor(pixels.length / imageLength);
  const found = new Float32Array(count * length);
  for (let from = 0; from < count; from += PIECE) {
    const rows = Math.min(PIECE, count - from);
    const piece = pixels.slice(from * imageLength, (from + rows) * imageLength);
    const outputs = await use((session) => session.outputs(piece));
    found.set(outputs.subarray(rows * before, rows * (before + length)), from * length);
  }
  return found;
}

let extended: Promise<ExtendedEngine> | null = null;

/** The extended engine, which alone computes gradients by the input; loaded when they are first asked for. */
export function gradientEngine(options: EngineOptions): Promise<ExtendedEngine> {
  extended ??= loadEngine({ ...options, extended: true }).then(({ engine }) => engine as ExtendedEngine);
  extended.catch(() => {
    // Without a connection, for example: the next question tries again.
    extended = null;
  });
  return extended;
}
