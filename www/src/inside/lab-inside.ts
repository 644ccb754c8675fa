/** A look inside the network of a run: samples of how its layers fare, its weights, and what it makes of an image. */
import type { Remote } from 'comlink';
import type { Experiment, Health, SessionInfo, Summary } from '../engine';
import { sentence } from '../lab/messages';
import { Observable } from '../lab/observable';
import type { LabWorker } from '../worker';
import type { WeightsView } from '../worker/weights';

/** Samples may take this share of a run, and this many milliseconds before that counts. */
const SHARE = 0.02;
const ALLOWANCE_MS = 500;

/** A network this heavy is not held up before its first step. */
const HEAVY_MACS = 1e8;

export interface Look {
  /** Whose image: a test image's number, or null for the student's own. */
  index: number | null;
  pixels: Uint8Array;
  /** Every layer's output, one after another. */
  outputs: Float32Array;
}

/** The members of the run that looking inside needs. */
interface InspectedRun {
  readonly experiment: Experiment | null;
  /** Another object for another run. */
  readonly info: SessionInfo | null;
  readonly log: { readonly epochs: readonly unknown[] };
  readonly seconds: number;
  subscribe(listener: () => void): void;
}

export class LabInside extends Observable {
  /** Of the run's network. */
  summary: Summary | null = null;
  samples: readonly Health[] = [];
  weights: WeightsView | null = null;
  look: Look | null = null;
  /** Why there is nothing to see, where there is not. */
  problem = '';
  busy = false;
  #of: unknown = null;
  #epochs = 0;
  #sampling: Promise<void> = Promise.resolve();
  #spentMs = 0;
  #watched = false;

  constructor(
    private worker: Remote<LabWorker>,
    private run: InspectedRun,
  ) {
    super();
    run.subscribe(() => this.#follow());
  }

  /** While the view is shown, each sample also updates the weights and the activations. */
  watch(on: boolean): void {
    this.#watched = on;
  }

  /** How far a sample was in the run, in epochs. */
  epochOf(sample: Health): number {
    return sample.step / (this.run.info?.steps_per_epoch || 1);
  }

  /** Samples now, and shows the weights and an image as they are now. */
  async refresh(): Promise<void> {
    await this.sample();
    await this.#view();
  }

  /** One sample after another, each as soon as it may. */
  sample(): Promise<void> {
    this.#sampling = this.#sampling.then(() => this.#sample());
    return this.#sampling;
  }

  async #sample(light?: { experiment: Experiment; macs: number }): Promise<void> {
    const of = this.#of;
    await this.#attempt(async () => {
      const found = await this.worker.health(light);
      if (!found || of !== this.#of) return;
      this.#spentMs += found.ms;
      this.samples = [...this.samples.filter(({ step }) => step !== found.health.step), found.health];
    });
    this.changed();
  }

  /** Looks at a test image, or with null at the student's own. */
  async lookAt(index: number | null, own?: Uint8Array): Promise<void> {
    await this.#attempt(async () => {
      const pixels = own ?? (await this.worker.images('run', 'test', [index ?? 0])).pixels;
      // The worker is given a copy; the page goes on showing this one.
      this.look = { index, pixels, outputs: await this.worker.outputs(pixels) };
    });
    this.changed();
  }

  async #view(): Promise<void> {
    const { experiment } = this.run;
    if (!experiment || this.busy) return;
    this.busy = true;
    this.changed();
    await this.#attempt(async () => {
      this.weights = await this.worker.weightsView(experiment);
      await this.lookAt(this.look?.index ?? 0, this.look?.index === null ? this.look.pixels : undefined);
    });
    this.busy = false;
    this.changed();
  }

  /** Another run is another network; after each epoch a sample, as long as that stays cheap. */
  #follow(): void {
    const { run } = this;
    if (run.info !== this.#of) this.#begin();
    const epochs = run.log.epochs.length;
    if (epochs === this.#epochs) return;
    this.#epochs = epochs;
    if (epochs === 0 || this.problem !== '') return;
    if (this.#spentMs > ALLOWANCE_MS + SHARE * 1000 * run.seconds) return;
    void this.sample().then(() => (this.#watched ? this.#view() : undefined));
  }

  #begin(): void {
    const { run } = this;
    this.#of = run.info;
    this.#epochs = run.log.epochs.length;
    this.#spentMs = 0;
    this.summary = null;
    this.samples = [];
    this.weights = null;
    this.look = null;
    this.problem = '';
    const { experiment } = run;
    if (!experiment) return;
    const of = this.#of;
    // Asked for before the first step, so answered before it.
    this.#sampling = this.#sample({ experiment, macs: HEAVY_MACS });
    void this.#attempt(async () => {
      const summary = await this.worker.summary(experiment);
      if (of === this.#of) this.summary = summary;
      this.changed();
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.problem = sentence(error);
    }
  }
}
