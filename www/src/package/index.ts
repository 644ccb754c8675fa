/**
 * Convlab as a library: the functions of the command line, typed. Each call starts a separate worker, so that the page never
 * blocks, and ends the worker afterwards.
 */
import type { Evaluation, Prediction, Preset, Summary } from '../base/engine';
import { Run } from './run';
import { withWorker } from './session';
import type { ExperimentLike, Options, Trained } from './types';

export type {
  DatasetInfo,
  DoneEvent,
  EngineChoice,
  EpochEvent,
  Evaluation,
  Experiment,
  History,
  HistoryEpoch,
  Prediction,
  Preset,
  SessionInfo,
  StepEvent,
  Submission,
  Summary,
  TrainEvent,
} from '../base/engine';
export type { ExperimentLike, Options, Trained } from './types';
export { Run };

/** The built-in experiments. */
export const list = (): Promise<Preset[]> => withWorker({}, ({ client }) => client.presets());

/** Layers, parameters and multiply-accumulates of an experiment; rejects an invalid experiment. */
export const summary = (experiment: ExperimentLike): Promise<Summary> =>
  withWorker({}, async (session) => session.client.summary(await session.experiment(experiment, {})));

/** Starts a run. Its events are an async iterator (`for await`), and its end is a promise (`run.done`). */
export const train = (experiment: ExperimentLike, options: Options = {}): Promise<Run> =>
  Run.start(experiment, options);

/** Evaluates saved weights on the test set: loss, accuracy and confusion matrix. */
export const evaluate = (experiment: ExperimentLike, options: Trained): Promise<Evaluation> =>
  withWorker(options, async (session) => {
    await session.load(experiment, options);
    return session.client.evaluate();
  });

/** Predicts the class probabilities of one test image with saved weights. */
export const predict = (experiment: ExperimentLike, options: Trained & { index: number }): Promise<Prediction> =>
  withWorker(options, async (session) => {
    await session.load(experiment, options);
    return session.client.predict('test', options.index);
  });

/** A Python script that rebuilds the network in another framework and loads its weights file. */
export const exportScript = (experiment: ExperimentLike, to: 'keras' | 'pytorch'): Promise<string> =>
  withWorker({}, async (session) => session.client.script(await session.experiment(experiment, {}), to));
