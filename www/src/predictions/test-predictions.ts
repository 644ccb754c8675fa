/** What the network says of the whole test set, and how to find images in it. */

/** One entry a test image. */
export interface TestPredictions {
  labels: Uint8Array;
  predicted: Uint8Array;
  /** The probability that the predicted class was given. */
  confidence: Float32Array;
}

/** The engine gives three values an image: its class, the predicted one, and the probability of that. */
export function decode(flat: Float32Array): TestPredictions {
  const count = flat.length / 3;
  const every = (offset: number) => Float32Array.from({ length: count }, (_, i) => flat[3 * i + offset] ?? 0);
  return { labels: Uint8Array.from(every(0)), predicted: Uint8Array.from(every(1)), confidence: every(2) };
}

export interface Filter {
  /** The true class; null for any. */
  truth: number | null;
  /** What the network said: a class, anything wrong, or anything at all. */
  said: number | 'wrong' | 'any';
}

/** The numbers of the images that a filter lets through, the surest first. */
export function find({ labels, predicted, confidence }: TestPredictions, { truth, said }: Filter): number[] {
  const found: number[] = [];
  for (const [i, label] of labels.entries()) {
    if (truth !== null && label !== truth) continue;
    const right = said === 'any' || (said === 'wrong' ? predicted[i] !== label : predicted[i] === said);
    if (right) found.push(i);
  }
  return found.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0) || a - b);
}
