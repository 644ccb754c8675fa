/** What a confusion matrix says about each class. Rows are the true class, columns the predicted one. */

export interface ClassScore {
  /** Of the pictures called this class, the share that is. Null where none was. */
  precision: number | null;
  /** Of the pictures of this class, the share that was found. Null where there are none. */
  recall: number | null;
  f1: number | null;
  support: number;
}

export function classScores(confusion: number[][]): ClassScore[] {
  const predicted = confusion.map((_, column) => confusion.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return confusion.map((row, index) => {
    const hits = row[index] ?? 0;
    const support = row.reduce((sum, count) => sum + count, 0);
    const calls = predicted[index] ?? 0;
    const precision = calls > 0 ? hits / calls : null;
    const recall = support > 0 ? hits / support : null;
    return { precision, recall, f1: support + calls > 0 ? (2 * hits) / (support + calls) : null, support };
  });
}

export interface Mistake {
  truth: number;
  predicted: number;
  count: number;
}

/** The pairs of classes most often taken for one another, most frequent first. */
export function worstMistakes(confusion: number[][], limit: number): Mistake[] {
  const mistakes: Mistake[] = [];
  confusion.forEach((row, truth) => {
    row.forEach((count, predicted) => {
      if (truth !== predicted && count > 0) mistakes.push({ truth, predicted, count });
    });
  });
  return mistakes.sort((a, b) => b.count - a.count).slice(0, limit);
}

/** The epoch of least validation loss: after it, more training only fits the training set. Null without validation. */
export function bestEpoch(epochs: { epoch: number; val_loss?: number }[]): number | null {
  let best: { epoch: number; loss: number } | null = null;
  for (const { epoch, val_loss } of epochs) {
    if (val_loss !== undefined && (best === null || val_loss < best.loss)) best = { epoch, loss: val_loss };
  }
  return best?.epoch ?? null;
}
