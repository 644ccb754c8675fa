/** One worker with the engine, for the duration of a call. */

import type { Experiment } from '../base/engine';
import { SYNTHETIC, syntheticFor } from '../base/synthetic';
import { pathOf } from '../ui/dropped';
import { type Connection, callback, connect } from '../worker/client';
import type { LabWorker } from '../worker/lab-worker';
import { type RunMessage, setOf } from '../worker/protocol';
import type { ExperimentLike, Options, Trained } from './types';

export interface Session {
  client: Connection['client'];
  experiment(of: ExperimentLike, options: Options): Promise<Experiment>;
  /** Data and network, with saved weights. */
  load(of: ExperimentLike, options: Trained): Promise<void>;
  /** Data and network, ready to train. */
  prepare(of: ExperimentLike, options: Options, onRun: (message: RunMessage) => void): Promise<PreparedRun>;
  close(): void;
}

export interface PreparedRun {
  experiment: Experiment;
  info: Awaited<ReturnType<LabWorker['start']>>;
}

/** Opens a session for the duration of some work. */
export async function withWorker<T>(options: Options, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(options);
  try {
    return await Promise.race([work(session), session.crashed]);
  } finally {
    session.close();
  }
}

export async function openSession(options: Options): Promise<Session & { crashed: Promise<never> }> {
  let crash!: (error: Error) => void;
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  // A crash is reported by the calls that race against this promise, so an unhandled rejection is ignored.
  crashed.catch(() => undefined);
  const { client, close } = connect(
    (why) => crash(new Error(`The engine stopped: ${why}`)),
    () => Promise.reject(new Error('The run was closed, so it answers no more.')),
  );
  try {
    await Promise.race([client.boot(options.portable ?? false), crashed]);
  } catch (error) {
    close();
    throw error;
  }
  const prepare: Session['prepare'] = async (of, options, onRun) => {
    const wanted = await experiment(of, options);
    const ready = await takeData(wanted, options);
    const info = await client.start(ready, options.engine ?? 'auto', callback(onRun));
    return { experiment: ready, info };
  };

  async function experiment(of: ExperimentLike, options: Options): Promise<Experiment> {
    const base = typeof of === 'string' ? await preset(of) : of;
    const limit = { ...base.dataset.limit };
    if (options.trainLimit !== undefined) limit.train = options.trainLimit;
    if (options.testLimit !== undefined) limit.test = options.testLimit;
    return {
      ...base,
      dataset: Object.keys(limit).length > 0 ? { ...base.dataset, limit } : base.dataset,
      ...(options.epochs !== undefined && { epochs: options.epochs }),
      ...(options.batchSize !== undefined && { batch_size: options.batchSize }),
      ...(options.seed !== undefined && { seed: options.seed }),
    };
  }

  async function preset(id: string): Promise<Experiment> {
    const presets = await client.presets();
    const found = presets.find((one) => one.id === id);
    if (found) return found.experiment;
    throw new Error(`There is no experiment “${id}”. There are: ${presets.map((one) => one.id).join(', ')}.`);
  }

  /** Loads the data in the worker; returns the experiment as it runs on this data. */
  async function takeData(wanted: Experiment, { files, urls }: Options): Promise<Experiment> {
    const { name, limit } = wanted.dataset;
    const quiet = callback(() => undefined);
    if (!files && !urls) {
      const synthetic = syntheticOf(wanted);
      const { seed, train, test } = SYNTHETIC;
      await client.synthetic(synthetic, seed, limit?.train ?? train, limit?.test ?? test, quiet);
      return { ...wanted, dataset: { ...wanted.dataset, name: synthetic } };
    }
    const set = setOf(wanted);
    const given = files?.map((file): [string, Blob] => [pathOf(file), file]);
    const result = await (given ? client.addFiles(set, given, quiet) : client.fetchFiles(set, urls ?? [], quiet));
    if (result.info) return wanted;
    const problems = result.problems.map(({ file, message }) => `${file}: ${message}`);
    throw new Error([...problems, `Still missing for ${name}: ${result.missing.join(', ')}.`].join(' '));
  }

  return {
    client,
    crashed,
    close,
    experiment,
    prepare,
    load: async (of, options) => {
      await prepare(of, options, () => undefined);
      await client.loadWeights(options.weights);
    },
  };
}

function syntheticOf(experiment: Experiment): string {
  const name = syntheticFor(experiment);
  if (name) return name;
  const { dataset, input_shape } = experiment;
  throw new Error(
    `No synthetic set has images of ${input_shape.join(' × ')}, so give the files or the urls of ${dataset.name}.`,
  );
}
