/** Predictions of the whole test set, and filters to find images in it. */

/** One entry per test image. */
export interface TestPredictions {
  labels: Uint8Array;
  predicted: Uint8Array;
  /** The probability of the predicted class. */
  confidence: Float32Array;
}

/** Decodes the engine's three values per image: true class, predicted class, and the probability of the predicted class. */
export function decode(flat: Float32Array): TestPredictions {
  const count = flat.length / 3;
  const every = (offset: number) => Float32Array.from({ length: count }, (_, i) => flat[3 * i + offset] ?? 0);
  return { labels: Uint8Array.from(every(0)), predicted: Uint8Array.from(every(1)), confidence: every(2) };
}

export interface Filter {
  /** The true class; null for any. */
  truth: number | null;
  /** The predicted class, any wrong class, or any class. */
  prediction: number | 'wrong' | 'any';
}

/** Indices of the images that match a filter, the most confident first. */
export function find({ labels, predicted, confidence }: TestPredictions, { truth, prediction }: Filter): number[] {
  const found: number[] = [];
  for (const [i, label] of labels.entries()) {
    if (truth !== null && label !== truth) continue;
    const right =
      prediction === 'any' || (prediction === 'wrong' ? predicted[i] !== label : predicted[i] === prediction);
    if (right) found.push(i);
  }
  return found.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0) || a - b);
}
