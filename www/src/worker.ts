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
  History,
  Prediction,
  Preset,
  RateChange,
  ReportInput,
  Separable,
  SessionInfo,
  Split,
  Summary,
} from './engine';
import { DataStore, type Pictures, pictures } from './worker/data';
import { siteFiles } from './worker/fetch';
import { probeGpu } from './worker/gpu';
import { Lanes } from './worker/lanes';
import { loadEngine } from './worker/load';
import { type DeviceRates, measureRates, measureStep, type StepTime } from './worker/measure';
import type { Boot, FilesResult, Progress, RunMessage, SetId, StoredSet } from './worker/protocol';
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
  readonly #lanes = new Lanes(navigator.hardwareConcurrency);

  async boot(): Promise<Boot> {
    const [{ engine, build }, gpu] = await Promise.all([loadEngine(), probeGpu()]);
    this.#engine = engine;
    this.#data = new DataStore(engine, (dataset) => this.#release(dataset));
    return { build, gpu, cores: navigator.hardwareConcurrency };
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

  async weights(): Promise<Uint8Array> {
    const bytes = await this.#must().use((session) => session.weights());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
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
