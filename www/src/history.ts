/** The record of a run as it arrives: the curves' points and the table's rows. No page, no chart: only columns of numbers. */
import type { EpochEvent, HistoryEpoch, StepEvent } from './engine';

/** Columns for a chart: x in epochs, the running mean a step, then training and validation an epoch. */
export type CurveColumns = [x: number[], step: Column, train: Column, validation: Column];
type Column = (number | null)[];
export type Metric = 'loss' | 'accuracy';

interface Point {
  x: number;
  step: { loss: number; accuracy: number } | null;
  epoch: EpochEvent | null;
}

/** Beyond this many points every second step point goes: the curve's shape stays, and drawing it stays cheap. */
const MAX_STEP_POINTS = 4000;

export class RunLog {
  readonly epochs: EpochEvent[] = [];
  #points: Point[] = [];
  #stepPoints = 0;

  addStep(event: StepEvent): void {
    const x = event.epoch - 1 + event.step_in_epoch / event.steps_per_epoch;
    this.#points.push({ x, step: { loss: event.loss, accuracy: event.accuracy }, epoch: null });
    this.#stepPoints += 1;
    if (this.#stepPoints > MAX_STEP_POINTS) this.#thin();
  }

  addEpoch(event: EpochEvent): void {
    this.epochs.push(event);
    this.#points.push({ x: event.epoch, step: null, epoch: event });
  }

  get length(): number {
    return this.#points.length;
  }

  columns(metric: Metric): CurveColumns {
    const x: number[] = [];
    const step: Column = [];
    const train: Column = [];
    const validation: Column = [];
    for (const point of this.#points) {
      x.push(point.x);
      step.push(finite(point.step?.[metric]));
      train.push(finite(point.epoch?.[metric]));
      validation.push(finite(point.epoch?.[`val_${metric}`]));
    }
    return [x, step, train, validation];
  }

  #thin(): void {
    let seen = 0;
    this.#points = this.#points.filter((point) => point.step === null || seen++ % 2 === 1);
    this.#stepPoints = Math.floor(this.#stepPoints / 2);
  }
}

/** A diverged loss (NaN, infinity) is a gap in the curve, never a broken axis. */
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

const CSV_COLUMNS = ['epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'learning_rate', 'seconds'] as const;

/** The epoch table as a spreadsheet reads it, with Keras's names; what a run did not measure stays empty. */
export function historyCsv(epochs: HistoryEpoch[]): string {
  const rows = epochs.map((row) => CSV_COLUMNS.map((name) => row[name] ?? '').join(','));
  return `${[CSV_COLUMNS.join(','), ...rows].join('\n')}\n`;
}
