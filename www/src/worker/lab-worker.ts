/**
 * The worker that owns the engine, the data and the run, so that the page never blocks. Only this worker, the lanes and the decoder
 * load WebAssembly.
 */
import * as Comlink from 'comlink';
import type {
  CheckpointInfo,
  EngineChoice,
  EngineDataset,
  Experiment,
  LayerSpec,
  Preset,
  PresetHead,
  SessionInfo,
  Summary,
  SweepOutcome,
  SweepRun,
} from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import { Chooser, isCard } from './choice';
import { DataStore } from './data';
import { DataQuestions } from './data-questions';
import { Engines } from './engines';
import type { Glance } from './glance';
import { adapterDetails, probeGpu } from './gpu';
import type { Homework } from './homework';
import { Keeper } from './keeper';
import { forgetRun, isKept, listRuns, SWEEP_PREFIX } from './kept-runs';
import { Lanes } from './lanes';
import type { EngineOptions, Loaded } from './load';
import { holdLock } from './lock';
import type { DeviceRates, StepTime } from './measure';
import type { AdapterDetails, Boot, KeepAs, KeptRun, RunMessage, StartFrom, TextQuestion } from './protocol';
import type { OnLoss, Range, RangeCurve } from './range';
import { beginning, Run } from './run';
import { sweepOutcome } from './sweep';

type OnRun = ((message: RunMessage) => void) & Comlink.ProxyMarked;

export class LabWorker extends DataQuestions {
  #lanes!: Lanes;
  #chooser!: Chooser;
  #putBack: (() => Promise<void>) | null = null;
  /** The id of the latest run that is stored as it trains. */
  #started: string | null = null;

  /** With `portable` every run gives bit-identical results on every processor, but is slower. */
  async boot(portable: boolean): Promise<Boot> {
    const loading = Engines.load(portable, (loaded, options) => this.#useExtended(loaded, options));
    // Both at once: a failure that comes before the other's answer is still this call's.
    const [engines, gpu] = await Promise.all([loading, probeGpu()]);
    this.engines = engines;
    const { engine, build } = this.engines.current;
    this.#chooser = new Chooser(isCard(gpu));
    const lanes = engine.lane_count(navigator.hardwareConcurrency);
    this.#lanes = new Lanes(lanes, this.engines.options, engine.compiled_code());
    this.data = new DataStore(engine, (dataset) => this.release(dataset));
    return { build, gpu, cores: navigator.hardwareConcurrency };
  }

  /** The engine's memory, in bytes. WebAssembly memory never shrinks; it is reused. */
  heapBytes(): number {
    return this.engines.current.memory.buffer.byteLength;
  }

  #useExtended({ engine }: Loaded, options: EngineOptions): void {
    this.#lanes.close();
    this.#lanes = new Lanes(this.#lanes.lanes, options, engine.compiled_code());
    this.data.adopt(engine);
  }

  adapterDetails(): Promise<AdapterDetails | null> {
    return adapterDetails();
  }

  /** Holds a lock until this worker ends; resolves with false if locks are denied. */
  holdLock(name: string): Promise<boolean> {
    return holdLock(name);
  }

  /** The built-in experiments without their documents, except that of the first one. */
  async presetList(): Promise<{ heads: PresetHead[]; first: Experiment }> {
    return (await import('./preset-list')).presetList;
  }

  async presets(): Promise<Preset[]> {
    return (await import('./presets')).presets;
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

  /** Assignments and the check of submissions. */
  async homework(): Promise<Homework & Comlink.ProxyMarked> {
    const { Homework } = await import('./homework');
    return Comlink.proxy(new Homework(this.tools, () => this.must()));
  }

  /** Measures the time of a training step. */
  async measureStep(experiment: Experiment, choice: EngineChoice): Promise<StepTime> {
    const { measureStep } = await import('./measure');
    const use = this.#chooser.use(choice, experiment);
    return this.engines.ask((engine) => measureStep(engine, experiment, use, this.#lanes));
  }

  /** Trains one run of a sweep on the CPU engine to its end, and on from its checkpoint; null if it was interrupted. */
  async sweepRun(
    sweep: { id: string; text: string; before: SweepOutcome[] },
    run: SweepRun,
    onRun: OnRun,
  ): Promise<SweepOutcome | null> {
    const { SweepPlan } = await this.tools.get();
    const plan = new SweepPlan(sweep.text);
    const id = `${SWEEP_PREFIX}${sweep.id} ${run.run}`;
    const { experiment } = run;
    const as: KeepAs = { id, title: '', experiment, engine: 'cpu', setup: null };
    if (await isKept(id).catch(() => false)) {
      // A checkpoint of another version is refused; the run then begins again.
      await this.start(experiment, 'cpu', onRun, as, 'kept').catch(() => this.start(experiment, 'cpu', onRun, as));
    } else await this.start(experiment, 'cpu', onRun, as);
    const trained = this.must();
    trained.isHopeless = (epochs) => plan.is_hopeless(epochs, sweep.before);
    await trained.train();
    return sweepOutcome(plan, run.run, trained, () => forgetRun(id));
  }

  /** The learning-rate range test: one step at each rate. */
  async rangeTest(experiment: Experiment, range: Range, onLoss: OnLoss): Promise<RangeCurve> {
    const { trainRange } = await import('./range');
    const tools = await this.tools.get();
    return this.engines.ask((engine) =>
      trainRange(engine, tools, experiment, this.current, this.#lanes, range, onLoss),
    );
  }

  /** Measures the highest rates of an engine on this device. */
  async measureRates(kind: 'cpu' | 'gpu', software: boolean): Promise<DeviceRates> {
    const { measureRates } = await import('./measure');
    return measureRates(this.engine, kind, software, this.#lanes);
  }

  /** The summary of an experiment that is being edited: an error in it is returned, not thrown. */
  async check(experiment: Experiment): Promise<{ summary: Summary } | { failure: Failure }> {
    try {
      return { summary: await this.summary(experiment) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  /** Compiles the WebGPU pipelines ahead. Errors are ignored here, since the run itself reports them. */
  async warmUp(experiment: Experiment): Promise<void> {
    await this.engines.ask((engine) => engine.warm_up(experiment)).catch(() => undefined);
  }

  /** A quick look at the network of an experiment before its training, on the current set. */
  async untrained(experiment: Experiment, index: number, others: number[]): Promise<Glance> {
    const { glance } = await import('./glance');
    const summary = await this.summary(experiment);
    const dataset = this.current;
    const use = { engine: 'cpu' } as const;
    const session = await this.engines.ask((engine) => engine.Session.create(experiment, this.current, use, undefined));
    try {
      return await glance(session, dataset, summary, experiment.input_shape, [index, others]);
    } finally {
      session.free();
    }
  }

  async start(
    experiment: Experiment,
    choice: EngineChoice,
    onRun: OnRun,
    as: KeepAs | null = null,
    from: StartFrom = null,
  ): Promise<SessionInfo> {
    const former = this.run;
    const keeper = as && (await this.#keeper(as, from));
    const begin = beginning(from, keeper?.takeCheckpoint() ?? null);
    try {
      // The previous run stays until the new one exists, so that a rejected experiment loses nothing.
      const use = this.#chooser.use(choice, experiment);
      this.run = await this.engines.ask((engine) =>
        Run.create(engine, experiment, this.current, use, this.#lanes, onRun, keeper, begin),
      );
      this.#started = as?.id ?? this.#started;
      if (use === 'gpu-first') this.run.onCpuFaster = () => this.#chooser.cpuIsFaster(experiment);
    } catch (error) {
      keeper?.close();
      throw error;
    }
    await former?.close();
    if (former) this.release(former.dataset);
    return this.run.info;
  }

  /** The current run releases its lock before the new one claims the same stored run. */
  async #keeper(as: KeepAs, from: StartFrom): Promise<Keeper> {
    if (from === 'kept') await this.run?.end();
    return Keeper.claim(as, from === 'kept');
  }

  async keptRuns(): Promise<KeptRun[]> {
    await this.run?.released;
    const runs = await listRuns();
    return this.run?.done ? runs.filter(({ id }) => id !== this.#started) : runs;
  }

  /** The page has stored a finished run. Until then its checkpoint is kept, since the page may be left at that moment. */
  async finishedIsStored(id: string): Promise<void> {
    if (this.#started !== null) await forgetRun(id).catch(() => undefined);
  }

  async forgetRun(id: string): Promise<void> {
    this.#putBack = await forgetRun(id);
  }

  /** Stores the run again that was forgotten last. */
  async restoreRun(): Promise<void> {
    await this.#putBack?.();
    this.#putBack = null;
  }

  /** Stores the run as it is now; called when the page may be about to close. */
  async save(): Promise<void> {
    await this.run?.save();
  }

  checkpointInfo(bytes: Uint8Array): Promise<CheckpointInfo> {
    return this.engines.ask((engine) => engine.checkpoint_info(bytes));
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

  protected release(dataset: EngineDataset): void {
    const isUsed = dataset === this.run?.dataset || dataset === this.beforeRun?.dataset;
    if (!this.data.holds(dataset) && !isUsed) dataset.free();
  }
}

Comlink.expose(new LabWorker());
