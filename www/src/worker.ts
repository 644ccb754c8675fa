/**
 * The worker: owns the engine, the data and the run, so that the page never waits for any of them. WebAssembly is loaded
 * here and in the lanes beside it, nowhere else.
 */
import * as Comlink from 'comlink';
import type {
  Cost,
  CostQuestion,
  DatasetInfo,
  Engine,
  EngineChoice,
  EngineDataset,
  Evaluation,
  Experiment,
  Health,
  History,
  Prediction,
  Preset,
  RateChange,
  ReportInput,
  Separable,
  SessionInfo,
  Split,
  Submission,
  Summary,
} from './engine';
import { type Failure, failureOf } from './failure';
import { viewWeights, type WeightsView } from './inside/weights';
import { DataStore, type Pictures, type PixelCounts, pictures, pixelCounts } from './worker/data';
import { siteFiles } from './worker/fetch';
import { adapterDetails, probeGpu } from './worker/gpu';
import { Lanes } from './worker/lanes';
import { loadEngine } from './worker/load';
import { type DeviceRates, measureRates, measureStep, type StepTime } from './worker/measure';
import type { AdapterDetails, Boot, FilesResult, Progress, RunMessage, SetId, StoredSet } from './worker/protocol';
import { Run } from './worker/run';
import { forget, listStored } from './worker/storage';
import { ToolBox } from './worker/tools';

type OnProgress = ((progress: Progress) => void) & Comlink.ProxyMarked;
type OnRun = ((message: RunMessage) => void) & Comlink.ProxyMarked;

export class LabWorker {
  #engine!: Engine;
  #data!: DataStore;
  #run: Run | null = null;
  readonly #tools = new ToolBox();
  #lanes!: Lanes;

  /** With `portable` every run gives the same bits on every processor, at some cost in speed. */
  async boot(portable: boolean): Promise<Boot> {
    const [{ engine, build }, gpu] = await Promise.all([loadEngine(portable), probeGpu()]);
    this.#engine = engine;
    this.#lanes = new Lanes(navigator.hardwareConcurrency, portable);
    this.#data = new DataStore(engine, (dataset) => this.#release(dataset));
    return { build, gpu, cores: navigator.hardwareConcurrency };
  }

  adapterDetails(): Promise<AdapterDetails | null> {
    return adapterDetails();
  }

  presets(): Preset[] {
    return this.#engine.list();
  }

  summary(experiment: Experiment): Summary {
    return this.#engine.summary(experiment);
  }

  async cost(experiment: Experiment, question: CostQuestion): Promise<Cost> {
    return (await this.#tools.get()).cost(experiment, question);
  }

  async separable(d: number, m: number, n: number): Promise<Separable> {
    return (await this.#tools.get()).separable(d, m, n);
  }

  async script(experiment: Experiment, target: 'keras' | 'pytorch'): Promise<string> {
    return (await this.#tools.get()).script(experiment, target);
  }

  /** Times a training step of a network here and now. */
  measureStep(experiment: Experiment, choice: EngineChoice): Promise<StepTime> {
    return measureStep(this.#engine, experiment, choice, this.#lanes);
  }

  /** What an engine reaches on this device at best. */
  measureRates(kind: 'cpu' | 'gpu', software: boolean): Promise<DeviceRates> {
    return measureRates(this.#engine, kind, software, this.#lanes);
  }

  /** The same for an experiment that is being edited: what is wrong with it is an answer, not an accident. */
  check(experiment: Experiment): { summary: Summary } | { failure: Failure } {
    try {
      return { summary: this.#engine.summary(experiment) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  stored(): Promise<StoredSet[]> {
    return listStored();
  }

  siteFiles(base: string): Promise<Record<string, string[]>> {
    return siteFiles(base);
  }

  addFiles(set: SetId, files: File[], onProgress: OnProgress): Promise<FilesResult> {
    return this.#data.addFiles(
      set,
      files.map((file): [string, Blob] => [file.name, file]),
      calm(onProgress),
      true,
    );
  }

  fetchFiles(set: SetId, urls: string[], onProgress: OnProgress): Promise<FilesResult> {
    return this.#data.fetchFiles(set, urls, calm(onProgress));
  }

  recall(set: SetId, onProgress: OnProgress): Promise<FilesResult | null> {
    return this.#data.recall(set, calm(onProgress));
  }

  synthetic(name: string, seed: number, train: number, test: number, onProgress: OnProgress): DatasetInfo {
    return this.#data.synthetic(name, seed, train, test, calm(onProgress));
  }

  forget(name: string): Promise<void> {
    return forget(name);
  }

  /** Pictures of the set on show, or of the one the run trains on. */
  pictures(of: 'data' | 'run', split: Split, indices: number[]): Pictures {
    const dataset = of === 'run' ? this.#run?.dataset : this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const result = pictures(dataset, split, indices);
    return Comlink.transfer(result, [result.pixels.buffer as ArrayBuffer, result.labels.buffer as ArrayBuffer]);
  }

  pixelCounts(): PixelCounts {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    return pixelCounts(dataset);
  }

  async start(experiment: Experiment, choice: EngineChoice, onRun: OnRun): Promise<SessionInfo> {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const former = this.#run;
    // The former run is kept until the new one exists: a refused experiment costs nothing.
    const run = await Run.create(this.#engine, experiment, dataset, choice, this.#lanes, onRun);
    this.#run = run;
    await former?.close();
    if (former) this.#release(former.dataset);
    return run.info;
  }

  /** Starts the steps of the run made by `start`, once the page has shown what runs it. */
  train(paused = false): void {
    if (paused) this.#run?.pause();
    void this.#run?.train();
  }

  pause(): void {
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.resume();
  }

  /** One training step, while the run is paused. */
  async step(): Promise<void> {
    await this.#run?.step();
  }

  setLearningRate(rate: number): Promise<RateChange> {
    return this.#must().setLearningRate(rate);
  }

  stop(): void {
    this.#run?.stop();
  }

  evaluate(): Promise<Evaluation> {
    return this.#must().use((session) => session.evaluate());
  }

  predict(split: Split, index: number): Promise<Prediction> {
    return this.#must().use((session) => session.predict(split, index));
  }

  /** The run as a file to hand in, HTML or else Markdown. */
  async report(experiment: Experiment, done: ReportInput['done'], html: boolean): Promise<string> {
    const input = await this.#must().reportInput(experiment, done);
    return (await this.#tools.get()).report(input, html);
  }

  async loadWeights(bytes: Uint8Array): Promise<void> {
    await this.#must().use((session) => session.load_weights(bytes));
  }

  /** Of every test picture its class, the predicted one, and the probability of that, one picture after another. */
  async predictions(): Promise<Float32Array> {
    const values = await this.#must().use((session) => session.predictions());
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** What every layer makes of a picture, one layer after another; logits come last. */
  async outputs(pixels: Uint8Array): Promise<Float32Array> {
    const values = await this.#must().use((session) => session.outputs(pixels));
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** How the layers fare now, and how long it took to find out; null where the network is heavier than it may be. */
  async health(light?: { experiment: Experiment; macs: number }): Promise<{ health: Health; ms: number } | null> {
    if (light && this.#engine.summary(light.experiment).totals.macs > light.macs) return null;
    return this.#must().use(async (session) => {
      const start = performance.now();
      const health = await session.health();
      return { health, ms: performance.now() - start };
    });
  }

  /** The weights of the run's network, as pictures and histograms. */
  async weightsView(experiment: Experiment): Promise<WeightsView> {
    const file = await this.#must().use((session) => session.weights());
    return viewWeights(file, this.#engine.summary(experiment), experiment.input_shape);
  }

  /** Training pictures of the set on show, as an experiment's augmentation shows them in an epoch. */
  augmented(experiment: Experiment, epoch: number, indices: number[]): Uint8Array {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const pixels = dataset.augmented(experiment, epoch, Uint32Array.from(indices));
    return Comlink.transfer(pixels, [pixels.buffer as ArrayBuffer]);
  }

  async weights(): Promise<Uint8Array> {
    const bytes = await this.#must().use((session) => session.weights());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  /** The finished run to hand in, report included. */
  async submission(): Promise<Submission> {
    const run = this.#must();
    const { done } = run;
    if (!done) throw new Error('Only a run that has come to its end can be handed in.');
    const submission = await run.use((session) => session.submission(done));
    return { ...submission, report: await this.report(submission.experiment, done, false) };
  }

  history(): Promise<History> {
    return this.#must().use((session) => session.history());
  }

  #must(): Run {
    if (!this.#run) throw new Error('Nothing has been trained yet.');
    return this.#run;
  }

  #release(dataset: EngineDataset): void {
    if (!this.#data.holds(dataset) && dataset !== this.#run?.dataset) dataset.free();
  }
}

/** Progress at most ten times a second, and always the end of a file. */
function calm(onProgress: OnProgress): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < 100 && progress.done < progress.total) return;
    last = now;
    onProgress(progress);
  };
}

Comlink.expose(new LabWorker());
