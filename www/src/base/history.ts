/** The log of a run: the points of its curves and the rows of its table, as columns of numbers. */
import type { Column } from './columns';
import type { EpochEvent, History, HistoryEpoch, InterruptedEvent, StepEvent } from './engine';

/** Columns for a chart: x in epochs, the figures of the steps, then training and validation per epoch. */
export interface CurveColumns {
  x: number[];
  step: Column;
  train: Column;
  validation: Column;
}
export type Metric = 'loss' | 'accuracy';

interface StepPoint {
  loss: number;
  accuracy: number;
  rate: number;
}

interface Point {
  x: number;
  step: StepPoint | null;
  epoch: EpochEvent | null;
}

/** Above this number every second step point is dropped, which keeps the curve's shape and makes drawing cheap. */
const MAX_STEP_POINTS = 4000;

export class RunLog {
  readonly epochs: EpochEvent[] = [];
  /** The epoch with the lowest validation loss; null without validation. */
  bestEpoch: number | null = null;
  /** Where the device failed, in epochs, and the message about it. */
  interruptions: { x: number; message: string }[] = [];
  #points: Point[] = [];
  #stepPoints = 0;
  #last: StepEvent | null = null;

  addStep(event: StepEvent): void {
    const x = event.epoch - 1 + event.step_in_epoch / event.steps_per_epoch;
    const step = {
      loss: this.#since(event, 'loss'),
      accuracy: this.#since(event, 'accuracy'),
      rate: event.learning_rate,
    };
    this.#points.push({ x, step, epoch: null });
    this.#last = event;
    this.#stepPoints += 1;
    if (this.#stepPoints > MAX_STEP_POINTS) this.#thin();
  }

  addEpoch(event: EpochEvent): void {
    this.epochs.push(event);
    this.#points.push({ x: event.epoch, step: null, epoch: event });
  }

  /** Restores the log of a run that is resumed, so that its curve continues. */
  restore(
    epochs: HistoryEpoch[],
    steps: StepEvent[],
    interruptions: NonNullable<History['interruptions']>,
    stepsPerEpoch: number,
  ): void {
    // Both are in the order of the run.
    let next = 0;
    const addStepsUpTo = (epoch: number): void => {
      for (let step = steps[next]; step && step.epoch <= epoch; step = steps[++next]) this.addStep(step);
    };
    for (const row of epochs) {
      addStepsUpTo(row.epoch);
      this.addEpoch({ event: 'epoch', ...row });
    }
    addStepsUpTo(Number.POSITIVE_INFINITY);
    this.interruptions = interruptions.map(({ step, repeated, message }) => ({
      x: (step - repeated) / stepsPerEpoch,
      message,
    }));
  }

  /** Goes back to the snapshot that the run continues from; the steps after it are repeated. */
  interrupt({ epoch, step_in_epoch, steps_per_epoch, message }: InterruptedEvent): void {
    const x = epoch - 1 + step_in_epoch / steps_per_epoch;
    this.#points = this.#points.filter((point) => point.x <= x);
    this.#stepPoints = this.#points.filter((point) => point.step !== null).length;
    this.epochs.splice(0, this.epochs.length, ...this.epochs.filter((row) => row.epoch < epoch));
    this.interruptions.push({ x, message });
  }

  get length(): number {
    return this.#points.length;
  }

  columns(metric: Metric): CurveColumns {
    const columns: CurveColumns = { x: [], step: [], train: [], validation: [] };
    for (const { x, step, epoch } of this.#points) {
      columns.x.push(x);
      columns.step.push(finite(step?.[metric]));
      columns.train.push(finite(epoch?.[metric]));
      columns.validation.push(finite(epoch?.[`val_${metric}`]));
    }
    return columns;
  }

  rates(): { x: number[]; rate: Column } {
    const steps = this.#points.filter(({ step }) => step !== null);
    return { x: steps.map(({ x }) => x), rate: steps.map(({ step }) => finite(step?.rate)) };
  }

  /** The mean over the steps since the previous event, since events carry the mean over the whole epoch so far. */
  #since(event: StepEvent, metric: Metric): number {
    const last = this.#last;
    if (!last || last.epoch !== event.epoch || last.step_in_epoch >= event.step_in_epoch) return event[metric];
    const before = last.step_in_epoch;
    return (event[metric] * event.step_in_epoch - last[metric] * before) / (event.step_in_epoch - before);
  }

  #thin(): void {
    let seen = 0;
    this.#points = this.#points.filter((point) => point.step === null || seen++ % 2 === 1);
    this.#stepPoints = Math.floor(this.#stepPoints / 2);
  }
}

/** A diverged loss (NaN, infinity) is a gap in the curve, so that the axis stays finite. */
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;
