/**
 * The worker that owns the engine, the data and the run, so that the page never blocks. Only this worker, the lanes and the decoder
 * load WebAssembly.
 */
import * as Comlink from 'comlink';
import type {
  CheckpointInfo,
  Comparison,
  Cost,
  CostQuestion,
  DatasetInfo,
  EngineChoice,
  EngineDataset,
  Experiment,
  HistoryEpoch,
  LayerEdit,
  LayerSpec,
  Preset,
  RunFile,
  Scores,
  Separable,
  SessionInfo,
  Split,
  Summary,
} from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import { Chooser, isCard } from './choice';
import { DataStore, type Images, images, type PixelCounts, pixelCounts } from './data';
import { siteFiles } from './fetch';
import { adapterDetails, probeGpu } from './gpu';
import { Keeper } from './keeper';
import { forgetRun, listRuns } from './kept-runs';
import { Lanes } from './lanes';
import { loadEngine } from './load';
import type { DeviceRates, StepTime } from './measure';
import type {
  AdapterDetails,
  Boot,
  FilesResult,
  KeepAs,
  KeptRun,
  Progress,
  RunMessage,
  SetId,
  ShownProgress,
  StartFrom,
  StoredSet,
  TextQuestion,
} from './protocol';
import { RunQuestions } from './questions';
import { beginning, Run } from './run';
import { forget, listStored } from './storage';

type OnProgress = ((progress: ShownProgress) => void) & Comlink.ProxyMarked;
type OnRun = ((message: RunMessage) => void) & Comlink.ProxyMarked;

export class LabWorker extends RunQuestions {
  #data!: DataStore;
  #lanes!: Lanes;
  #memory!: WebAssembly.Memory;
  #chooser!: Chooser;

  /** With `portable` every run gives bit-identical results on every processor, but is slower. */
  async boot(portable: boolean): Promise<Boot> {
    const [{ engine, build, memory }, gpu] = await Promise.all([loadEngine(portable), probeGpu()]);
    this.engine = engine;
    this.#chooser = new Chooser(isCard(gpu));
    this.#memory = memory;
    this.#lanes = new Lanes(engine.lane_count(navigator.hardwareConcurrency), portable);
    this.#data = new DataStore(engine, (dataset) => this.#release(dataset));
    return { build, gpu, cores: navigator.hardwareConcurrency };
  }

  /** The engine's memory, in bytes. WebAssembly memory never shrinks; it is reused. */
  heapBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  adapterDetails(): Promise<AdapterDetails | null> {
    return adapterDetails();
  }

  /** Holds a lock until this worker ends; resolves with false if locks are denied. */
  holdLock(name: string): Promise<boolean> {
    return new Promise((held) => {
      const forever = () => {
        held(true);
        return new Promise<never>(() => undefined);
      };
      navigator.locks.request(name, forever).catch(() => held(false));
    });
  }

  async presets(): Promise<Preset[]> {
    return (await import('./presets')).presets;
  }

  summary(experiment: Experiment): Summary {
    return this.engine.summary(experiment);
  }

  texts(questions: TextQuestion[]): string[] {
    const { bytes_text, duration_text, class_name } = this.engine;
    return questions.map(({ kind, of }) => {
      if (kind === 'class') return class_name(of);
      return kind === 'bytes' ? bytes_text(of) : duration_text(of);
    });
  }

  /** The name of each layer, valid or not. */
  layerNames(layers: LayerSpec[]): string[] {
    return this.engine.layer_names(layers);
  }

  async editLayers(layers: LayerSpec[], edit: LayerEdit): Promise<LayerSpec[]> {
    return (await this.tools.get()).edit_layers(layers, edit);
  }

  /** The summary as Keras prints it. */
  async summaryText(experiment: Experiment): Promise<string> {
    return (await this.tools.get()).summary_text(experiment);
  }

  async scores(confusion: number[][], mostMistakes: number): Promise<Scores> {
    return (await this.tools.get()).scores(confusion, mostMistakes);
  }

  /** The accuracy after a confusion matrix is summed up within groups of classes. */
  async mergedAccuracy(confusion: number[][], groups: number[][]): Promise<number> {
    return (await this.tools.get()).merged_accuracy(confusion, groups);
  }

  /** Where a run overfits, in words; null without validation. */
  async overfittingText(epochs: HistoryEpoch[], isOver: boolean): Promise<string | null> {
    return (await this.tools.get()).overfitting_text(epochs, isOver) ?? null;
  }

  async historyCsv(epochs: HistoryEpoch[]): Promise<string> {
    return (await this.tools.get()).history_csv(epochs);
  }

  /** Rejects a file that is not a run. */
  async checkRun(text: string): Promise<void> {
    (await this.tools.get()).check_run(text);
  }

  /** The figures of runs side by side; the runs of a group differ in their seeds only. */
  async compare(groups: RunFile[][]): Promise<Comparison> {
    return (await this.tools.get()).compare(groups);
  }

  async cost(experiment: Experiment, question: CostQuestion): Promise<Cost> {
    return (await this.tools.get()).cost(experiment, question);
  }

  async separable(d: number, m: number, n: number): Promise<Separable> {
    return (await this.tools.get()).separable(d, m, n);
  }

  async script(experiment: Experiment, target: 'keras' | 'pytorch'): Promise<string> {
    return (await this.tools.get()).script(experiment, target);
  }

  /** Measures the time of a training step. */
  async measureStep(experiment: Experiment, choice: EngineChoice): Promise<StepTime> {
    const { measureStep } = await import('./measure');
    return measureStep(this.engine, experiment, this.#chooser.use(choice, experiment), this.#lanes);
  }

  /** Measures the highest rates of an engine on this device. */
  async measureRates(kind: 'cpu' | 'gpu', software: boolean): Promise<DeviceRates> {
    const { measureRates } = await import('./measure');
    return measureRates(this.engine, kind, software, this.#lanes);
  }

  /** The summary of an experiment that is being edited: an error in it is returned, not thrown. */
  check(experiment: Experiment): { summary: Summary } | { failure: Failure } {
    try {
      return { summary: this.engine.summary(experiment) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  /** Compiles the WebGPU pipelines ahead. Errors are ignored here, since the run itself reports them. */
  async warmUp(experiment: Experiment): Promise<void> {
    await this.engine.warm_up(experiment).catch(() => undefined);
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
      this.#throttle(onProgress),
      true,
    );
  }

  fetchFiles(set: SetId, urls: string[], onProgress: OnProgress): Promise<FilesResult> {
    return this.#data.fetchFiles(set, urls, this.#throttle(onProgress));
  }

  recall(set: SetId, onProgress: OnProgress): Promise<FilesResult | null> {
    return this.#data.recall(set, this.#throttle(onProgress));
  }

  synthetic(name: string, seed: number, train: number, test: number, onProgress: OnProgress): DatasetInfo {
    return this.#data.synthetic(name, seed, train, test, this.#throttle(onProgress));
  }

  forget(name: string): Promise<void> {
    return forget(name);
  }

  /** Images of the current set, or of the set that the run trains on. */
  images(of: 'data' | 'run', split: Split, indices: number[]): Images {
    const dataset = of === 'run' ? this.run?.dataset : this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const result = images(dataset, split, indices);
    return Comlink.transfer(result, [result.pixels.buffer as ArrayBuffer, result.labels.buffer as ArrayBuffer]);
  }

  pixelCounts(): PixelCounts {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    return pixelCounts(dataset);
  }

  async start(
    experiment: Experiment,
    choice: EngineChoice,
    onRun: OnRun,
    as: KeepAs | null = null,
    from: StartFrom = null,
  ): Promise<SessionInfo> {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const former = this.run;
    const keeper = as && (await this.#keeper(as, from));
    const begin = beginning(from, keeper?.takeCheckpoint() ?? null);
    try {
      // The previous run stays until the new one exists, so that a rejected experiment loses nothing.
      const engine = this.#chooser.use(choice, experiment);
      this.run = await Run.create(this.engine, experiment, dataset, engine, this.#lanes, onRun, keeper, begin);
      if (engine === 'gpu-first') this.run.onCpuFaster = () => this.#chooser.cpuIsFaster(experiment);
    } catch (error) {
      keeper?.close();
      throw error;
    }
    await former?.close();
    if (former) this.#release(former.dataset);
    return this.run.info;
  }

  /** The current run releases its lock before the new one claims the same stored run. */
  async #keeper(as: KeepAs, from: StartFrom): Promise<Keeper> {
    if (from === 'kept') await this.run?.end();
    return Keeper.claim(as, from === 'kept');
  }

  async keptRuns(): Promise<KeptRun[]> {
    await this.run?.released;
    return listRuns();
  }

  forgetRun(id: string): Promise<void> {
    return forgetRun(id);
  }

  /** Stores the run as it is now; called when the page may be about to close. */
  async save(): Promise<void> {
    await this.run?.save();
  }

  checkpointInfo(bytes: Uint8Array): CheckpointInfo {
    return this.engine.checkpoint_info(bytes);
  }

  /** Starts the steps of the run made by `start`, once the page has shown its device. */
  train(paused = false): void {
    if (paused) this.run?.pause();
    void this.run?.train();
  }

  pause(): void {
    this.run?.pause();
  }

  resume(): void {
    this.run?.resume();
  }

  /** One training step, while the run is paused. */
  async step(): Promise<void> {
    await this.run?.step();
  }

  stop(): void {
    this.run?.stop();
  }

  /** Training images of the current set with an experiment's augmentation, as in the given epoch. */
  augmented(experiment: Experiment, epoch: number, indices: number[]): Uint8Array {
    const dataset = this.#data.current;
    if (!dataset) throw new Error('There is no data set yet.');
    const pixels = dataset.augmented(experiment, epoch, Uint32Array.from(indices));
    return Comlink.transfer(pixels, [pixels.buffer as ArrayBuffer]);
  }

  /** Reports progress at most ten times a second, and always the end of a file. */
  #throttle(onProgress: OnProgress): (progress: Progress) => void {
    const { bytes_text } = this.engine;
    let last = 0;
    return (progress) => {
      const now = performance.now();
      const { phase, done, total } = progress;
      if (now - last < 100 && done < total) return;
      last = now;
      const bytes = phase === 'generate' ? null : { done: bytes_text(done), total: bytes_text(total) };
      onProgress({ ...progress, bytes });
    };
  }

  #release(dataset: EngineDataset): void {
    if (!this.#data.holds(dataset) && dataset !== this.run?.dataset) dataset.free();
  }
}

Comlink.expose(new LabWorker());
