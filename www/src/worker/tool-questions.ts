/** Calls of the tools, which need neither data nor a run. */

import { bytesOf, MOST } from '../base/bytes';
import type {
  Comparison,
  Cost,
  CostQuestion,
  Experiment,
  HistoryEpoch,
  LayerEdit,
  LayerSpec,
  RunFile,
  Scores,
  ScriptKind,
  Separable,
  Sweep,
  SweepOutcome,
  SweepResults,
} from '../base/engine';
import type { ImagesAndClasses } from './protocol';
import type { ReadRun } from './run-file';
import { ToolBox } from './tools';

export abstract class ToolQuestions {
  protected readonly tools = new ToolBox();

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

  /** The text of a file in UTF-8 or UTF-16, as the command line reads it. */
  async textOf(file: Blob): Promise<string> {
    const bytes = await bytesOf(file, MOST.document);
    return (await this.tools.get()).text_of(bytes);
  }

  /** The experiment for images and classes of other data. */
  async fit(experiment: Experiment, { height, width, channels, classes }: ImagesAndClasses): Promise<Experiment> {
    return (await this.tools.get()).fit(experiment, height, width, channels, classes);
  }

  /** Reads a run file; rejects one that is not a run. */
  async readRun(file: Blob): Promise<ReadRun> {
    const text = await this.textOf(file);
    (await this.tools.get()).check_run(text);
    return (await import('./run-file')).readRun(text);
  }

  /** The figures of runs side by side; the runs of a group differ in their seeds only. A large run is given as its file. */
  async compare(groups: (RunFile | Blob)[][]): Promise<Comparison> {
    const whole = async (run: RunFile | Blob) =>
      run instanceof Blob ? (JSON.parse(await run.text()) as RunFile) : run;
    const read = await Promise.all(groups.map((runs) => Promise.all(runs.map(whole))));
    return (await this.tools.get()).compare(read);
  }

  async cost(experiment: Experiment, question: CostQuestion): Promise<Cost> {
    return (await this.tools.get()).cost(experiment, question);
  }

  async separable(d: number, m: number, n: number): Promise<Separable> {
    return (await this.tools.get()).separable(d, m, n);
  }

  async script(experiment: Experiment, target: ScriptKind): Promise<string> {
    return (await this.tools.get()).script(experiment, target);
  }

  /** The runs of a sweep's document. */
  async sweepPlan(text: string): Promise<Sweep> {
    const { SweepPlan } = await this.tools.get();
    return new SweepPlan(text).describe();
  }

  async sweepResults(text: string, outcomes: SweepOutcome[]): Promise<SweepResults> {
    const { SweepPlan } = await this.tools.get();
    return new SweepPlan(text).results(outcomes);
  }

  /** The outcomes of a sweep as CSV. */
  async sweepTable(outcomes: SweepOutcome[]): Promise<string> {
    return (await this.tools.get()).sweep_table(outcomes);
  }
}
