/** One run: its events, its controls, and its results. */
import type {
  DoneEvent,
  Evaluation,
  Experiment,
  History,
  Prediction,
  SessionInfo,
  Submission,
  TrainEvent,
} from '../base/engine';
import type { RunMessage, RunState } from '../worker/protocol';
import { openSession, type Session } from './session';
import type { ExperimentLike, Options } from './types';

export class Run implements AsyncIterable<TrainEvent> {
  /** The experiment, with the options applied. */
  readonly experiment: Experiment;
  /** The data set. */
  readonly info: SessionInfo;
  /** The last event; rejects if the run fails or is stopped. */
  readonly done: Promise<DoneEvent>;
  state: RunState = 'running';
  #session: Session;
  #events: TrainEvent[] = [];
  #ended = false;
  #failure: Error | null = null;
  #wake: (() => void)[] = [];
  #settle!: { resolve: (event: DoneEvent) => void; reject: (error: Error) => void };

  private constructor(session: Session, experiment: Experiment, info: SessionInfo) {
    this.#session = session;
    this.experiment = experiment;
    this.info = info;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // A loop over the events also receives the failure.
    this.done.catch(() => undefined);
  }

  static async start(of: ExperimentLike, options: Options): Promise<Run> {
    const session = await openSession(options);
    try {
      // Nothing is sent before `train`, and the run exists by then.
      let run: Run | undefined;
      const { experiment, info } = await session.prepare(of, options, (message) => {
        if (run) run.#receive(message);
      });
      const started = new Run(session, experiment, info);
      run = started;
      session.crashed.catch((error: Error) => started.#end(error));
      await session.client.train();
      return started;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** All events from the first one on, then new ones as they arrive. */
  async *[Symbol.asyncIterator](): AsyncIterator<TrainEvent> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#events.length && !this.#ended) await new Promise<void>((wake) => this.#wake.push(wake));
      const event = this.#events[next];
      if (event) yield event;
      else if (this.#failure) throw this.#failure;
      else return;
    }
  }

  pause(): Promise<void> {
    return this.#session.client.pause();
  }

  resume(): Promise<void> {
    return this.#session.client.resume();
  }

  stop(): Promise<void> {
    return this.#session.client.stop();
  }

  /** Evaluates the current weights on the test set. */
  evaluate(): Promise<Evaluation> {
    return this.#session.client.evaluate();
  }

  predict(index: number, split: 'train' | 'test' = 'test'): Promise<Prediction> {
    return this.#session.client.predict(split, index);
  }

  /** The current weights as a safetensors file. */
  weights(): Promise<Uint8Array> {
    return this.#session.client.weights();
  }

  history(): Promise<History> {
    return this.#session.client.history();
  }

  /** The finished run, as `convlab verify` reads it. */
  submission(): Promise<Submission> {
    return this.#session.client.submission();
  }

  /** Ends the run's workers and frees the GPU. Later calls on the run fail. */
  close(): void {
    this.#session.close();
    this.#end(new Error('The run was closed.'));
  }

  #receive(message: RunMessage): void {
    if (message.type === 'events') {
      this.#events.push(...message.events);
      const last = message.events.find((event) => event.event === 'done');
      if (last) this.#settle.resolve(last);
    } else if (message.type === 'state') {
      this.state = message.state;
      if (message.state === 'failed') this.#end(new Error(message.error?.message ?? 'The run failed.'));
      if (message.state === 'stopped') this.#settle.reject(new Error('The run was stopped.'));
      if (message.state === 'stopped' || message.state === 'done') this.#end(null);
    }
    this.#wakeAll();
  }

  #end(failure: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    if (failure) this.#settle.reject(failure);
    this.#wakeAll();
  }

  /** Resumes the loops that wait for events. */
  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
