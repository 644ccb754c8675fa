/** A quick look at a network: what it makes of one image, what it predicts for some more, and the filters of its first layer. */
import type { EngineDataset, EngineSession, Summary } from '../base/engine';
import { softmax } from '../base/softmax';
import { images } from './data';
import { type Filters, firstFilters, readTensors } from './weights';

export interface Guess {
  index: number;
  label: number;
  predicted: number;
  /** The probability of the predicted class. */
  confidence: number;
}

export interface Glance {
  index: number;
  label: number;
  pixels: Uint8Array;
  /** The outputs of all layers for the image, concatenated in order; logits come last. */
  outputs: Float32Array;
  probabilities: number[];
  /** Predictions of further images. */
  guesses: Guess[];
  filters: Filters | null;
  /** How long it took. */
  ms: number;
}

/** The networks whose filters are read at each look: a larger one's weights take too long to copy. */
const MOST_PARAMS = 4e6;

export async function glance(
  session: EngineSession,
  dataset: EngineDataset,
  summary: Summary,
  inputShape: number[],
  [index, others]: [index: number, others: number[]],
): Promise<Glance> {
  const start = performance.now();
  const { pixels, labels } = images(dataset, 'test', [index]);
  const outputs = await session.outputs(pixels);
  const classes = summary.layers.at(-1)?.output_shape.at(-1) ?? 1;
  const guesses: Guess[] = [];
  for (const other of others) {
    const { label, predicted, probabilities } = await session.predict('test', other);
    guesses.push({ index: other, label, predicted, confidence: probabilities[predicted] ?? 0 });
  }
  const isSmall = summary.totals.params <= MOST_PARAMS;
  const filters = isSmall ? firstFilters(readTensors(await session.weights()), summary, inputShape) : null;
  return {
    index,
    label: labels[0] ?? 0,
    pixels,
    outputs,
    probabilities: softmax(outputs.subarray(outputs.length - classes)),
    guesses,
    filters,
    ms: performance.now() - start,
  };
}
