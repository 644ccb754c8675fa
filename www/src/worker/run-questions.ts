/** What may be asked of the run: its figures, its images, its files. Each question waits for the step under way. */
import * as Comlink from 'comlink';
import type {
  ComparisonInput,
  Curves,
  EngineSession,
  Evaluation,
  Experiment,
  ExtendedEngine,
  Health,
  History,
  ModelKind,
  Numbers,
  Prediction,
  RateChange,
  ReportInput,
  Split,
  Submission,
  Summary,
} from '../base/engine';
import type { Failure } from '../base/failure';
import type { Engines } from './engines';
import type { ImportedModel } from './formats';
import type { Glance } from './glance';
import type { Run } from './run';
import { ToolQuestions } from './tool-questions';
import type { Inspected, Untrained } from './untrained';
import type { WeightsView } from './weights';

/** The steps after which something was looked at. */
interface AtStep {
  step: number;
}

/** The outputs of all layers for an image, and the weights that gave them. */
interface LayersAt extends AtStep {
  outputs: Float32Array;
  weights: Uint8Array | null;
}

const stepOf = (session: EngineSession): number => session.history().learning_rates.length;

export abstract class RunQuestions extends ToolQuestions {
  protected engines!: Engines;
  protected run: Run | null = null;
  /** Looked into in place of a run, before there is one. */
  protected beforeRun: Untrained | null = null;

  summary(experiment: Experiment): Promise<Summary> {
    return this.engines.ask((engine) => engine.summary(experiment));
  }

  evaluate(): Promise<Evaluation> {
    return this.must().use((session) => session.evaluate());
  }

  /** From the next step on; the change as the history keeps it. */
  setLearningRate(rate: number): Promise<RateChange> {
    return this.must().use((session) => {
      session.set_learning_rate(rate);
      const change = session.history().events?.at(-1);
      if (!change) throw new Error('The change of the learning rate was not kept.');
      return change;
    });
  }

  predict(split: Split, index: number): Promise<Prediction> {
    return this.must().use((session) => session.predict(split, index));
  }

  /** The data of a report of the run. */
  reportInput(experiment: Experiment, done: ReportInput['done']): Promise<ReportInput> {
    return this.must().reportInput(experiment, done);
  }

  /** A report as HTML or else Markdown. */
  async reportOf(input: ReportInput, html: boolean): Promise<string> {
    return (await this.tools.get()).report(input, html);
  }

  async comparisonReport(input: ComparisonInput, html: boolean): Promise<string> {
    return (await this.tools.get()).comparison_report(input, html);
  }

  async loadWeights(bytes: Uint8Array): Promise<void> {
    await this.must().use((session) => session.load_weights(bytes));
  }

  /** Of every test image its class, the predicted one, and the probability of that, one image after another. */
  async predictions(): Promise<Float32Array> {
    const values = await this.must().use((session) => session.predictions());
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** The outputs of one layer for several images, one image after another; those of the last layer are logits. */
  async layerOutputs(experiment: Experiment, layer: number, pixels: Uint8Array): Promise<Float32Array> {
    const { layerOutputs } = await import('./probe');
    const { layers } = await this.summary(experiment);
    const size = experiment.input_shape.reduce((a, b) => a * b, 1);
    const inspected = this.inspected();
    const values = await layerOutputs((act) => inspected.use(act), layers, layer, pixels, size);
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /**
   * The gradients of the logit of a class, or of the loss with it as the true one, by the input and by every layer's output, for one image
   * and the current weights.
   */
  async gradients(experiment: Experiment, pixels: Uint8Array, of: number, ofLoss: boolean): Promise<Float32Array> {
    const engine = await this.#gradientEngine();
    const weights = await this.inspected().use((session) => session.weights());
    const values = engine.gradients(experiment, weights, pixels, of, ofLoss);
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** The gradient by the input alone, computed by the engine that trains; by the CPU if a device fails. */
  async inputGradient(experiment: Experiment, pixels: Uint8Array, of: number, ofLoss: boolean): Promise<Float32Array> {
    const engine = await this.#gradientEngine();
    // No step is computed on the device meanwhile.
    const onDevice = await this.inspected().use(async (session) => {
      if (session.info().engine !== 'gpu') return null;
      return engine.input_gradient(experiment, await session.weights(), pixels, of, ofLoss).catch(() => null);
    });
    if (!onDevice) return (await this.gradients(experiment, pixels, of, ofLoss)).slice(0, pixels.length);
    return Comlink.transfer(onDevice, [onDevice.buffer as ArrayBuffer]);
  }

  async #gradientEngine(): Promise<ExtendedEngine> {
    const { gradientEngine } = await import('./probe');
    const { current, options } = this.engines;
    return options.extended ? (current.engine as ExtendedEngine) : gradientEngine(options);
  }

  /** Precision–recall and ROC curves of each class on the test set, and the calibration. */
  async curves(classes: number): Promise<Curves> {
    const rows = await this.must().use((session) => session.predictions(true));
    return (await this.tools.get()).curves(rows, classes);
  }

  /** What every layer makes of an image, one layer after another; logits come last. */
  async outputs(pixels: Uint8Array): Promise<Float32Array> {
    const values = await this.must().use((session) => session.outputs(pixels));
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** What every layer makes of an image, with the step of the weights that it is made with, and these where they are asked for. */
  async look(pixels: Uint8Array, withWeights: boolean): Promise<LayersAt> {
    const look = await this.inspected().use(async (session) => ({
      outputs: await session.outputs(pixels),
      weights: withWeights ? await session.weights() : null,
      step: stepOf(session),
    }));
    return Comlink.transfer(look, [look.outputs.buffer as ArrayBuffer]);
  }

  /** A quick look at the run's network as it is now. */
  async glance(experiment: Experiment, index: number, others: number[]): Promise<Glance> {
    const { glance } = await import('./glance');
    const summary = await this.summary(experiment);
    const run = this.must();
    return run.use((session) => glance(session, run.dataset, summary, experiment.input_shape, [index, others]));
  }

  /** How the layers fare now, and how long it took to find out; null where the network is heavier than `light` allows. */
  async health(light?: { experiment: Experiment; macs: number }): Promise<{ health: Health; ms: number } | null> {
    if (light && (await this.summary(light.experiment)).totals.macs > light.macs) return null;
    return this.inspected().use(async (session) => {
      const start = performance.now();
      const health = await session.health();
      return { health, ms: performance.now() - start };
    });
  }

  /** The weights of the network that is looked into, as images and histograms. */
  async weightsView(experiment: Experiment): Promise<WeightsView & AtStep> {
    const { viewWeights } = await import('./weights');
    const [file, step] = await this.inspected().use(
      async (session) => [await session.weights(), stepOf(session)] as const,
    );
    return { ...viewWeights(file, await this.summary(experiment), experiment.input_shape), step };
  }

  numbers(): Promise<Numbers> {
    return this.must().use((session) => session.numbers());
  }

  async weights(): Promise<Uint8Array> {
    const bytes = await this.must().use((session) => session.weights());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  /** The run's network as a file that other tools open. */
  async modelFile(experiment: Experiment, kind: ModelKind): Promise<Uint8Array> {
    const weights = await this.must().use((session) => session.weights());
    return this.exportModel(experiment, weights, kind);
  }

  async exportModel(experiment: Experiment, weights: Uint8Array, kind: ModelKind): Promise<Uint8Array> {
    const { exportModel } = await import('./formats');
    return exportModel(experiment, weights, kind);
  }

  /** Reads a model of another program; `basis` is the experiment of a file that has weights only. */
  async importModel(
    name: string,
    bytes: Uint8Array,
    basis: Experiment | undefined,
  ): Promise<ImportedModel | { failure: Failure }> {
    const { importModel } = await import('./formats');
    return importModel(name, bytes, basis);
  }

  /** The finished run to hand in, report included. */
  async submission(): Promise<Submission> {
    const { done } = this.must();
    if (!done) throw new Error('Only a run that has come to its end can be handed in.');
    const submission = await this.must().use((session) => session.submission(done));
    return { ...submission, report: await this.reportOf(await this.reportInput(submission.experiment, done), false) };
  }

  history(): Promise<History> {
    return this.must().use((session) => session.history());
  }

  async checkpoint(): Promise<Uint8Array> {
    const bytes = await this.must().use((session) => session.checkpoint());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  protected inspected(): Inspected {
    return this.beforeRun ?? this.must();
  }

  protected must(): Run {
    if (!this.run) throw new Error('Nothing has been trained yet.');
    return this.run;
  }
}
