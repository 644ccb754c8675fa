/**
 * Convlab as a library: the functions of the command line, typed. Each call starts a separate worker, so that the page never
 * blocks, and ends the worker afterwards.
 */
import { bytesOf, MOST } from '../base/bytes';
import type { Evaluation, ImportedHead, ModelKind, Prediction, Preset, Summary } from '../base/engine';
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
  ImportedHead,
  ModelKind,
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

/**
 * A trained network as a file that other tools open: a `.keras` file, ONNX, or a `state_dict` for PyTorch; or a notebook that trains
 * it in Keras, which needs no weights.
 */
export const exportModel = (
  experiment: ExperimentLike,
  options: { weights: Uint8Array; to: ModelKind } | { to: 'notebook' },
): Promise<Uint8Array> =>
  withWorker({}, async (session) => {
    const document = await session.experiment(experiment, {});
    if (options.to === 'notebook') return new TextEncoder().encode(await session.client.script(document, 'notebook'));
    return session.client.exportModel(document, options.weights, options.to);
  });

/**
 * Reads a model of another program: an experiment, and weights where the file has some. `experiment` is the network of a file that
 * has weights only. What is not supported is listed in `unsupported`.
 */
export const importModel = (
  file: File,
  experiment?: ExperimentLike,
): Promise<ImportedHead & { weights: Uint8Array | null }> =>
  withWorker({}, async (session) => {
    const basis = experiment === undefined ? undefined : await session.experiment(experiment, {});
    const model = await session.client.importModel(file.name, await bytesOf(file, MOST.model), basis);
    if ('failure' in model) throw new Error(model.failure.message);
    return { ...model.head, weights: model.weights };
  });

/** A Python script that rebuilds the network in another framework and loads its weights file. */
export const exportScript = (experiment: ExperimentLike, to: 'keras' | 'pytorch'): Promise<string> =>
  withWorker({}, async (session) => session.client.script(await session.experiment(experiment, {}), to));
