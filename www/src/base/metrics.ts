/**
 * Metrics of a run: scores of each class, the most frequent mistakes, the epoch from which it overfits. The rows of a confusion
 * matrix are the true classes, the columns the predicted ones.
 */
import type { HistoryEpoch } from './engine';

export interface ClassScore {
  /** True positives / predicted positives. Null if the class was never predicted. */
  precision: number | null;
  /** True positives / images of the class. Null if there are no images of the class. */
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

/** The most frequent pairs of true and wrongly predicted class, most frequent first. */
export function worstMistakes(confusion: number[][], limit: number): Mistake[] {
  const mistakes: Mistake[] = [];
  confusion.forEach((row, truth) => {
    row.forEach((count, predicted) => {
      if (truth !== predicted && count > 0) mistakes.push({ truth, predicted, count });
    });
  });
  return mistakes.sort((a, b) => b.count - a.count).slice(0, limit);
}

/** The epoch with the lowest validation loss; from there on the run overfits. Null without validation. */
export function bestEpoch(epochs: { epoch: number; val_loss?: number }[]): number | null {
  let best: { epoch: number; loss: number } | null = null;
  for (const { epoch, val_loss } of epochs) {
    // A loss that is NaN or infinite is never the lowest.
    if (val_loss !== undefined && Number.isFinite(val_loss) && (best === null || val_loss < best.loss))
      best = { epoch, loss: val_loss };
  }
  return best?.epoch ?? null;
}

/** Where the validation loss was lowest, and how the gap to training grew afterwards. */
export interface Overfitting {
  /** The epoch with the lowest validation loss, from 1. */
  epoch: number;
  valLoss: number;
  valAccuracy: number;
  epochsAfter: number;
  /** Validation loss minus training loss at that epoch, and at the last one. */
  lossGap: number;
  lastLossGap: number;
  /** Training accuracy minus validation accuracy, at the same two epochs. */
  accuracyGap: number;
  lastAccuracyGap: number;
}

/** Computes it from a run's epochs; null without validation. */
export function overfitting(epochs: HistoryEpoch[]): Overfitting | null {
  const best = epochs[(bestEpoch(epochs) ?? 0) - (epochs[0]?.epoch ?? 1)];
  const last = epochs.findLast((row) => row.val_loss !== undefined);
  if (best?.val_loss === undefined || last?.val_loss === undefined) return null;
  const [bestAccuracy, lastAccuracy] = [best.val_accuracy ?? Number.NaN, last.val_accuracy ?? Number.NaN];
  return {
    epoch: best.epoch,
    valLoss: best.val_loss,
    valAccuracy: bestAccuracy,
    epochsAfter: last.epoch - best.epoch,
    lossGap: best.val_loss - best.loss,
    lastLossGap: last.val_loss - last.loss,
    accuracyGap: best.accuracy - bestAccuracy,
    lastAccuracyGap: last.accuracy - lastAccuracy,
  };
}

/** The share of images on the diagonal. */
export function accuracyOf(confusion: number[][]): number {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / Math.max(1, total);
}

/** Sums up a confusion matrix within groups of classes. Null unless the groups contain each class exactly once. */
export function mergeConfusion(confusion: number[][], groups: number[][]): number[][] | null {
  const all = groups.flat().sort((a, b) => a - b);
  if (all.length !== confusion.length || all.some((label, i) => label !== i)) return null;
  const sum = (rows: number[], columns: number[]) =>
    rows.reduce((total, row) => total + columns.reduce((some, column) => some + (confusion[row]?.[column] ?? 0), 0), 0);
  return groups.map((rows) => groups.map((columns) => sum(rows, columns)));
}
