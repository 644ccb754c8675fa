/** Predictions of the whole test set, the selected ones with their images, and the prediction of the student's own image. */
import type { Remote } from 'comlink';
import type { Experiment, StepEvent } from '../base/engine';
import { softmax } from '../base/softmax';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import type { Images } from '../worker/data';
import type { LabWorker } from '../worker/lab-worker';
import type { Shape } from './fit';
import { decode, type Filter, find, type TestPredictions } from './test-predictions';

/** Images shown at a time. */
export const PAGE = 24;

/** The student's own image and its prediction. */
export interface Own {
  pixels: Uint8Array;
  probabilities: number[];
}

/** The members of the run that predictions need. */
interface PredictingRun {
  readonly experiment: Experiment | null;
  /** A new object for each run. */
  readonly info: unknown;
  readonly step: StepEvent | null;
}

export class LabPredictions extends Observable {
  filter: Filter = { truth: null, prediction: 'wrong' };
  all: TestPredictions | null = null;
  /** Indices of the images that match the filter, the most confident first. */
  found: readonly number[] = [];
  shown: { indices: number[]; images: Images } | null = null;
  busy = false;
  own: Own | null = null;
  /** The run and its step that the predictions belong to. */
  #of: { run: unknown; step: number } | null = null;

  constructor(
    private worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
    private run: PredictingRun,
  ) {
    super();
  }

  /** Whether the predictions belong to an earlier state of the network or to another run. */
  get stale(): boolean {
    return this.all !== null && (this.#of?.run !== this.run.info || this.#of?.step !== this.#step);
  }

  get #step(): number {
    return this.run.step?.step ?? 0;
  }

  /** Predicts the whole test set with the current weights. */
  async predictAll(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.changed();
    await this.messages.attempt(async () => {
      const of = { run: this.run.info, step: this.#step };
      this.all = decode(await this.worker.predictions());
      this.#of = of;
      await this.#find();
    });
    this.busy = false;
    this.changed();
  }

  async choose(filter: Filter): Promise<void> {
    this.filter = filter;
    if (this.all && !this.stale) await this.messages.attempt(() => this.#find());
    this.changed();
  }

  /** Shows more images. */
  async more(): Promise<void> {
    await this.messages.attempt(() => this.#load((this.shown?.indices.length ?? 0) + PAGE));
    this.changed();
  }

  async predictOwn(pixels: Uint8Array): Promise<void> {
    await this.messages.attempt(async () => {
      const { experiment } = this.run;
      if (!experiment) return;
      const outputs = await this.worker.outputs(pixels);
      const { layers } = await this.worker.summary(experiment);
      // The last layer's outputs come last.
      const classes = layers.at(-1)?.output_shape[0] ?? 0;
      this.own = { pixels, probabilities: softmax(outputs.subarray(outputs.length - classes)) };
    });
    this.changed();
  }

  forgetOwn(): void {
    this.own = null;
    this.changed();
  }

  /** The shape that an image must have. */
  get shape(): Shape | null {
    return this.run.experiment?.input_shape ?? null;
  }

  async #find(): Promise<void> {
    this.found = this.all ? find(this.all, this.filter) : [];
    await this.#load(PAGE);
  }

  async #load(count: number): Promise<void> {
    const indices = this.found.slice(0, count);
    this.shown = { indices, images: await this.worker.images('run', 'test', indices) };
  }
}
