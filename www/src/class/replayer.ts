/** Repeats runs with the engine of a worker. */
import type { Experiment, ReplayFailure, Submission } from '../base/engine';
import { LabData } from '../data/lab-data';
import { type Messages, sentence } from '../lab/messages';
import { type Connection, callback, connect } from '../worker/client';
import type { RunMessage } from '../worker/protocol';
import { CLASS } from './text';

export class Replayer {
  readonly data: LabData;
  readonly #connection: Connection;
  #boot: Promise<void> | null = null;
  /** Resolves when the worker has ended, which then gives no answer any more. */
  readonly #ended: Promise<ReplayFailure>;
  /** Whether the worker has ended, so that another one is needed. */
  isBroken = false;
  /** A pause before the run exists is the run's from its start. */
  #isPaused = false;

  constructor(
    private portable: boolean,
    private messages: Readonly<Messages>,
    private site: string,
  ) {
    let end: (failure: ReplayFailure) => void = () => undefined;
    this.#ended = new Promise((resolve) => (end = resolve));
    this.#connection = connect((why) => {
      this.isBroken = true;
      end({ diverged: false, message: why || CLASS.ended });
    });
    this.data = new LabData(this.#connection.client, messages);
  }

  /** Loads the engine and looks for the data; false if its files are missing. */
  prepare(experiment: Experiment): Promise<boolean | ReplayFailure> {
    return Promise.race([this.#ready(experiment), this.#ended]);
  }

  async #ready(experiment: Experiment): Promise<boolean> {
    this.#boot ??= this.#connection.client.boot(this.portable).then(() => this.data.init(this.site));
    await this.#boot;
    const { train, test } = experiment.dataset.limit ?? {};
    await this.data.want(experiment, 'official', train ?? null, test ?? null);
    if (this.data.ready) return true;
    if (this.data.wantsFiles) return false;
    return this.data.ensure();
  }

  /** Trains to the end. Progress is a share from 0 to 1. */
  replay(experiment: Experiment, onProgress: (share: number) => void): Promise<Submission | ReplayFailure> {
    return Promise.race([this.#train(experiment, onProgress), this.#ended]);
  }

  async #train(experiment: Experiment, onProgress: (share: number) => void): Promise<Submission | ReplayFailure> {
    const { client } = this.#connection;
    this.messages.clearErrors();
    const failure = await new Promise<ReplayFailure | null>((resolve) => {
      const hear = (message: RunMessage): void => {
        if (message.type === 'events') {
          const last = message.events.findLast((event) => event.event === 'step');
          if (last?.event === 'step') onProgress(last.step / last.total_steps);
        }
        if (message.type !== 'state') return;
        if (message.state === 'done') resolve(null);
        if (message.state === 'failed') {
          const { message: why = '', kind } = message.error ?? {};
          resolve({ diverged: kind === 'diverged', message: why });
        }
      };
      client
        .start(experiment, 'cpu', callback(hear))
        .then(() => client.train(this.#isPaused))
        .catch((error: unknown) => resolve({ diverged: false, message: sentence(error) }));
    });
    return failure ?? (await client.homework()).replay();
  }

  close(): void {
    this.#connection.close();
  }

  pause(): void {
    this.#isPaused = true;
    void this.#connection.client.pause();
  }

  resume(): void {
    this.#isPaused = false;
    void this.#connection.client.resume();
  }
}
