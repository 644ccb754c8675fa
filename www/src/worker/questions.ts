/** What may be asked of the run: its figures, its images, its files. Each question waits for the step under way. */
import * as Comlink from 'comlink';
import type {
  Engine,
  Evaluation,
  Experiment,
  Health,
  History,
  Numbers,
  Prediction,
  RateChange,
  ReportInput,
  Split,
  Submission,
} from '../base/engine';
import type { Run } from './run';
import { ToolBox } from './tools';
import type { WeightsView } from './weights';

export abstract class RunQuestions {
  protected engine!: Engine;
  protected run: Run | null = null;
  protected readonly tools = new ToolBox();

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

  /** The run as a file to hand in, HTML or else Markdown. */
  async report(experiment: Experiment, done: ReportInput['done'], html: boolean): Promise<string> {
    const input = await this.must().reportInput(experiment, done);
    return (await this.tools.get()).report(input, html);
  }

  async loadWeights(bytes: Uint8Array): Promise<void> {
    await this.must().use((session) => session.load_weights(bytes));
  }

  /** Of every test image its class, the predicted one, and the probability of that, one image after another. */
  async predictions(): Promise<Float32Array> {
    const values = await this.must().use((session) => session.predictions());
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** What every layer makes of an image, one layer after another; logits come last. */
  async outputs(pixels: Uint8Array): Promise<Float32Array> {
    const values = await this.must().use((session) => session.outputs(pixels));
    return Comlink.transfer(values, [values.buffer as ArrayBuffer]);
  }

  /** How the layers fare now, and how long it took to find out; null where the network is heavier than `light` allows. */
  async health(light?: { experiment: Experiment; macs: number }): Promise<{ health: Health; ms: number } | null> {
    if (light && this.engine.summary(light.experiment).totals.macs > light.macs) return null;
    return this.must().use(async (session) => {
      const start = performance.now();
      const health = await session.health();
      return { health, ms: performance.now() - start };
    });
  }

  /** The weights of the run's network, as images and histograms. */
  async weightsView(experiment: Experiment): Promise<WeightsView> {
    const { viewWeights } = await import('./weights');
    const file = await this.must().use((session) => session.weights());
    return viewWeights(file, this.engine.summary(experiment), experiment.input_shape);
  }

  numbers(): Promise<Numbers> {
    return this.must().use((session) => session.numbers());
  }

  async weights(): Promise<Uint8Array> {
    const bytes = await this.must().use((session) => session.weights());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  /** The finished run to hand in, report included. */
  async submission(): Promise<Submission> {
    const { done } = this.must();
    if (!done) throw new Error('Only a run that has come to its end can be handed in.');
    const submission = await this.must().use((session) => session.submission(done));
    return { ...submission, report: await this.report(submission.experiment, done, false) };
  }

  history(): Promise<History> {
    return this.must().use((session) => session.history());
  }

  async checkpoint(): Promise<Uint8Array> {
    const bytes = await this.must().use((session) => session.checkpoint());
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }

  protected must(): Run {
    if (!this.run) throw new Error('Nothing has been trained yet.');
    return this.run;
  }
}
