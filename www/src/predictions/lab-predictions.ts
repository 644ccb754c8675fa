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

/** The student's own image and its prediction after a step. */
export interface Own {
  pixels: Uint8Array;
  probabilities: number[];
  step: number;
}

/** The members of the run that predictions need. */
interface PredictingRun {
  readonly experiment: Experiment | null;
  /** A new object for each run. */
  readonly log: unknown;
  readonly step: StepEvent | null;
  subscribe(listener: () => void): void;
}

const MISTAKES: Filter = { truth: null, prediction: 'wrong' };

export class LabPredictions extends Observable {
  filter: Filter = MISTAKES;
  all: TestPredictions | null = null;
  /** Indices of the images that match the filter, the most confident first. */
  found: readonly number[] = [];
  shown: { indices: number[]; images: Images } | null = null;
  busy = false;
  own: Own | null = null;
  /** The run that everything here belongs to. */
  #run: unknown;
  /** The step after which the test set was predicted. */
  #step = 0;
  /** The own image that is shown or asked for. */
  #own: Uint8Array | null = null;

  constructor(
    private worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
    private run: PredictingRun,
  ) {
    super();
    this.#run = run.log;
    run.subscribe(() => this.#follow());
  }

  /** Whether the predictions belong to an earlier state of the network. */
  get stale(): boolean {
    return this.all !== null && this.#step !== this.#now;
  }

  /** Whether the own image was predicted by an earlier state of the network. */
  get ownStale(): boolean {
    return this.own !== null && this.own.step !== this.#now;
  }

  get #now(): number {
    return this.run.step?.step ?? 0;
  }

  /** Predicts the whole test set with the current weights. */
  async predictAll(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.changed();
    await this.messages.attempt(async () => {
      const [run, step] = [this.#run, this.#now];
      const all = decode(await this.worker.predictions());
      if (run !== this.#run) return;
      [this.all, this.#step] = [all, step];
      await this.#find();
    });
    this.busy = false;
    this.changed();
  }

  async choose(filter: Filter): Promise<void> {
    this.filter = filter;
    if (this.all) await this.messages.attempt(() => this.#find());
    this.changed();
  }

  /** Shows more images. */
  async more(): Promise<void> {
    await this.messages.attempt(() => this.#load((this.shown?.indices.length ?? 0) + PAGE));
    this.changed();
  }

  async predictOwn(pixels: Uint8Array): Promise<void> {
    this.#own = pixels;
    await this.messages.attempt(async () => {
      const { experiment } = this.run;
      if (!experiment) return;
      const step = this.#now;
      const outputs = await this.worker.outputs(pixels);
      const { layers } = await this.worker.summary(experiment);
      // Another image, or another run, may have come meanwhile.
      if (pixels !== this.#own) return;
      // The last layer's outputs come last.
      const classes = layers.at(-1)?.output_shape[0] ?? 0;
      this.own = { pixels, probabilities: softmax(outputs.subarray(outputs.length - classes)), step };
    });
    this.changed();
  }

  /** Predicts the test set and the own image again where the network has changed since. */
  async renew(): Promise<void> {
    if (this.all === null || this.stale) await this.predictAll();
    if (this.own && this.ownStale) await this.predictOwn(this.own.pixels);
  }

  forgetOwn(): void {
    [this.own, this.#own] = [null, null];
    this.changed();
  }

  /** The shape that an image must have. */
  get shape(): Shape | null {
    return this.run.experiment?.input_shape ?? null;
  }

  /** Another run has other weights and perhaps other data. */
  #follow(): void {
    if (this.#run === this.run.log) return;
    this.#run = this.run.log;
    [this.filter, this.all, this.found, this.shown] = [MISTAKES, null, [], null];
    this.forgetOwn();
  }

  async #find(): Promise<void> {
    this.found = this.all ? find(this.all, this.filter) : [];
    await this.#load(PAGE);
  }

  async #load(count: number): Promise<void> {
    const { found } = this;
    const indices = found.slice(0, count);
    const images = await this.worker.images('run', 'test', indices);
    // Another filter may have been chosen meanwhile, or another run have begun.
    if (found === this.found) this.shown = { indices, images };
  }
}
