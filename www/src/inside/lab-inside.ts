/**
 * The inside of a network: health of its layers over time, its weights, and its activations for one image. The network is the run's;
 * before there is a run it is that of the selected experiment, with its random weights.
 */
import type { Remote } from 'comlink';
import type { DatasetInfo, Experiment, Health, SessionInfo, Summary } from '../base/engine';
import { sentence } from '../lab/messages';
import { Observable } from '../lab/observable';
import type { LabWorker } from '../worker/lab-worker';
import type { WeightsView } from '../worker/weights';

/** Health samples may take this share of the run's time, plus an allowance at its start. */
const SHARE = 0.02;
const ALLOWANCE_MS = 500;

/** Networks with more multiply-accumulates than this are not sampled before their first step, unless the student asks. */
const HEAVY_MACS = 1e8;

export interface Look {
  /** The index of the test image, or null for the student's own image. */
  index: number | null;
  pixels: Uint8Array;
  /** The outputs of all layers, concatenated in order. */
  outputs: Float32Array;
  /** The weights that gave them, where they are asked for. */
  weights: Uint8Array | null;
  /** The step of these weights. */
  step: number;
}

/** A test image by its index, or with null the student's own. */
interface Wanted {
  index: number | null;
  own?: Uint8Array | undefined;
}
const FIRST: Wanted = { index: 0 };

/** The network that is looked into. */
export interface Subject {
  experiment: Experiment;
  /** A new object for each run, and for each untrained network. */
  info: SessionInfo;
}

/** The members of the run that looking inside needs. */
interface InspectedRun {
  readonly experiment: Experiment | null;
  /** A new object for each run. */
  readonly info: SessionInfo | null;
  readonly log: { readonly epochs: readonly unknown[] };
  readonly seconds: number;
  subscribe(listener: () => void): void;
}

/** What the worker is asked for. */
type Question = 'sample' | 'weights' | 'look' | 'summary' | 'untrained';

export class LabInside extends Observable {
  /** The summary of the network. */
  summary: Summary | null = null;
  samples: readonly Health[] = [];
  weights: (WeightsView & { step: number }) | null = null;
  look: Look | null = null;
  busy = false;
  /** The untrained network is so large that the student is asked before it is looked into. */
  isHeavy = false;
  #untrained: Subject | null = null;
  /** The experiment's summary and the data that the untrained network was made for. */
  #selected: unknown[] = [];
  #of: unknown = null;
  #epochs = 0;
  #sampling: Promise<void> = Promise.resolve();
  #spentMs = 0;
  #watched = false;
  /** Whether a look needs the weights, too. */
  #explains = false;
  /** Why the last request of a kind failed. */
  #problems = new Map<Question, string>();
  /** The image asked for last; answers about earlier ones may come later. */
  #wanted: Wanted = FIRST;

  constructor(
    private worker: Remote<LabWorker>,
    private run: InspectedRun,
  ) {
    super();
    run.subscribe(() => this.#follow());
  }

  /** Why a request failed; empty if the last one of each kind did not. */
  get problem(): string {
    return [...this.#problems.values()][0] ?? '';
  }

  /** The network that is looked into, once the worker has it. */
  get subject(): Subject | null {
    const { experiment, info } = this.run;
    return info ? experiment && { experiment, info } : this.#untrained;
  }

  /** While the view is shown, each sample also updates the weights and the activations. */
  watch(on: boolean): void {
    this.#watched = on;
  }

  /** The time of a sample in epochs. */
  epochOf(sample: Health): number {
    return sample.step / (this.run.info?.steps_per_epoch || 1);
  }

  /** Takes a sample now, and updates the weights and the activations. */
  async refresh(): Promise<void> {
    await this.sample();
    await this.#view();
  }

  /** Takes a sample after those that are already requested. */
  sample(): Promise<void> {
    this.#sampling = this.#sampling.then(() => this.#sample());
    return this.#sampling;
  }

  async #sample(light?: { experiment: Experiment; macs: number }): Promise<void> {
    const of = this.#of;
    await this.#attempt('sample', async () => {
      const found = await this.worker.health(light);
      if (!found || of !== this.#of) return;
      this.#spentMs += found.ms;
      this.samples = [...this.samples.filter(({ step }) => step !== found.health.step), found.health];
    });
    this.changed();
  }

  /** Shows the activations for a test image, or with null for the student's own image. */
  async lookAt(index: number | null, own?: Uint8Array): Promise<void> {
    const of = this.#of;
    const wanted: Wanted = { index, own };
    this.#wanted = wanted;
    await this.#attempt('look', async () => {
      const pixels = own ?? (await this.worker.images('inspected', 'test', [index ?? 0])).pixels;
      // The worker receives a copy; the page keeps this one to show it.
      const look = await this.worker.look(pixels, this.#explains);
      if (wanted === this.#wanted && of === this.#of) this.look = { index, pixels, ...look };
    });
    this.changed();
  }

  /** From now on a look has the weights that gave it: the run may have trained on since the last one. */
  async explain(): Promise<void> {
    this.#explains = true;
    if (!this.look?.weights) await this.lookAt(this.#wanted.index, this.#wanted.own);
  }

  /**
   * Looks into the network of an experiment before its training, once for each experiment and set. A large network is looked into only
   * if `isAsked`.
   */
  async inspect(experiment: Experiment, summary: Summary, data: DatasetInfo, isAsked = false): Promise<void> {
    const selected = [summary, data];
    const isSame = selected.every((one, i) => one === this.#selected[i]);
    if (this.run.info || (isSame && !(isAsked && this.isHeavy))) return;
    this.#selected = selected;
    const of = {};
    this.#begin(of);
    this.isHeavy = !isAsked && summary.totals.macs > HEAVY_MACS;
    this.changed();
    if (this.isHeavy) return;
    // After the samples of the network before.
    this.#sampling = this.#sampling.then(() => this.#attempt('untrained', () => this.#prepare(of, experiment)));
    await this.#sampling;
    if (of === this.#of && this.#untrained) await this.refresh();
    this.changed();
  }

  async #prepare(of: unknown, experiment: Experiment): Promise<void> {
    if (of !== this.#of) return;
    const [info, summary] = await Promise.all([this.worker.inspect(experiment), this.worker.summary(experiment)]);
    if (of !== this.#of) return;
    this.#untrained = { experiment, info };
    this.summary = summary;
  }

  async #view(): Promise<void> {
    const { experiment } = this.subject ?? {};
    if (!experiment || this.busy) return;
    this.busy = true;
    this.changed();
    const of = this.#of;
    await this.#attempt('weights', async () => {
      const weights = await this.worker.weightsView(experiment);
      if (of === this.#of) this.weights = weights;
    });
    // Another network has come meanwhile, which is looked into by a call of its own.
    if (of !== this.#of) return;
    await this.lookAt(this.#wanted.index, this.#wanted.own);
    if (of === this.#of) this.busy = false;
    this.changed();
  }

  /** Starts again for a new run, and takes a sample after each epoch as long as that is cheap. */
  #follow(): void {
    const { run } = this;
    if (run.info && run.info !== this.#of) this.#beginRun();
    const epochs = run.log.epochs.length;
    if (epochs === this.#epochs) return;
    this.#epochs = epochs;
    if (epochs === 0 || this.#problems.has('sample')) return;
    if (this.#spentMs > ALLOWANCE_MS + SHARE * 1000 * run.seconds) return;
    void this.sample().then(() => (this.#watched ? this.#view() : undefined));
  }

  #begin(of: unknown): void {
    this.#of = of;
    this.#epochs = this.run.log.epochs.length;
    this.#spentMs = 0;
    this.#untrained = null;
    this.busy = false;
    this.summary = null;
    this.samples = [];
    this.weights = null;
    this.look = null;
    this.#explains = false;
    this.#wanted = FIRST;
    this.#problems.clear();
  }

  #beginRun(): void {
    const { experiment, info } = this.run;
    // From here on the worker's answers are about the run.
    if (this.#selected.length > 0) void this.worker.endInspection();
    this.#selected = [];
    this.isHeavy = false;
    this.#begin(info);
    if (!experiment) return;
    const of = this.#of;
    // The worker answers in order, so this is answered before the first step.
    this.#sampling = this.#sample({ experiment, macs: HEAVY_MACS });
    void this.#attempt('summary', async () => {
      const summary = await this.worker.summary(experiment);
      if (of === this.#of) this.summary = summary;
      this.changed();
    });
  }

  async #attempt(what: Question, act: () => Promise<void>): Promise<void> {
    const of = this.#of;
    try {
      await act();
      this.#problems.delete(what);
    } catch (error) {
      // What failed for an earlier run says nothing about this one.
      if (of === this.#of) this.#problems.set(what, sentence(error));
    }
  }
}
