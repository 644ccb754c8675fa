/** One training run: advances the session in short turns, so that pause, stop and questions are answered between them. */
import type {
  DoneEvent,
  Engine,
  EngineChoice,
  EngineDataset,
  EngineSession,
  Experiment,
  LanePool,
  RateChange,
  ReportInput,
  SessionInfo,
} from '../engine';
import { type Failure, failureOf } from '../failure';
import type { RunMessage, RunState } from './protocol';

/** Long enough that the turn itself costs nothing, short enough that a pause feels immediate. */
const TURN_MS = 80;

/** Test pictures that a report shows. */
const REPORT_SAMPLES = 20;

export class Run {
  #session: EngineSession;
  #send: (message: RunMessage) => void;
  #state: RunState = 'running';
  #wake: (() => void) | null = null;
  /** The session answers one call at a time: every use of it waits here for the one before. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly dataset: EngineDataset;
  readonly info: SessionInfo;
  /** The run's last words, once it has come to its end. */
  done: DoneEvent | null = null;

  private constructor(session: EngineSession, dataset: EngineDataset, send: (message: RunMessage) => void) {
    this.#session = session;
    this.#send = send;
    this.dataset = dataset;
    this.info = session.info();
  }

  static async create(
    engine: Engine,
    experiment: Experiment,
    dataset: EngineDataset,
    choice: EngineChoice,
    lanes: LanePool,
    send: (message: RunMessage) => void,
  ): Promise<Run> {
    const session = await engine.Session.create(experiment, dataset, { engine: choice }, lanes);
    return new Run(session, dataset, send);
  }

  /** Uses the session once whatever is using it now has finished. */
  use<T>(act: (session: EngineSession) => T | Promise<T>): Promise<T> {
    const result = this.#queue.then(() => act(this.#session));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Trains to the end; a run that was paused before waits for `resume`. */
  async train(): Promise<void> {
    if (this.#state !== 'paused') this.#enter('running');
    try {
      while (this.#state === 'running' || this.#state === 'paused') {
        if (this.#state === 'paused') await new Promise<void>((resolve) => (this.#wake = resolve));
        else await this.#turn(TURN_MS);
      }
    } catch (error) {
      this.#enter('failed', failureOf(error));
    }
  }

  pause(): void {
    if (this.#state === 'running') this.#enter('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#enter('running');
    this.#wake?.();
  }

  /** One training step of a paused run; at the end of an epoch, its validation. */
  async step(): Promise<void> {
    if (this.#state !== 'paused') return;
    try {
      // A piece of a validation says nothing yet.
      while (this.#state === 'paused' && !(await this.#turn(0)));
    } catch (error) {
      this.#enter('failed', failureOf(error));
    }
    if (this.#state !== 'paused') this.#wake?.();
  }

  /** From the next step on; the change as the history keeps it. */
  setLearningRate(rate: number): Promise<RateChange> {
    return this.use((session) => {
      session.set_learning_rate(rate);
      const change = session.history().events?.at(-1);
      if (!change) throw new Error('The change of the learning rate was not kept.');
      return change;
    });
  }

  stop(): void {
    if (this.#state !== 'running' && this.#state !== 'paused') return;
    this.#enter('stopped');
    this.#wake?.();
  }

  /** What a report tells besides what the page knows: the history, and the first test pictures with their predictions. */
  reportInput(experiment: Experiment, done: ReportInput['done']): Promise<ReportInput> {
    return this.use(async (session) => {
      const samples: ReportInput['samples'] = [];
      for (let index = 0; index < Math.min(REPORT_SAMPLES, this.info.test_samples); index += 1) {
        const pixels = Array.from(this.dataset.images('test', Uint32Array.of(index)));
        samples.push({ pixels, prediction: await session.predict('test', index) });
      }
      const { title } = this.dataset.info();
      return { experiment, info: this.info, data_title: title, history: session.history(), done, samples };
    });
  }

  /** Gives the engine's memory back; the run answers nothing afterwards. */
  async close(): Promise<void> {
    this.stop();
    await this.use((session) => session.free()).catch(() => undefined);
  }

  /** Whether anything happened. */
  async #turn(budgetMs: number): Promise<boolean> {
    const events = await this.use((session) => session.advance(budgetMs));
    if (events.length > 0) this.#send({ type: 'events', events });
    this.done = events.find((event) => event.event === 'done') ?? null;
    if (this.done && this.#state !== 'stopped') this.#enter('done');
    await messagesFirst();
    return events.length > 0;
  }

  #enter(state: RunState, error?: Failure): void {
    this.#state = state;
    this.#send(error === undefined ? { type: 'state', state } : { type: 'state', state, error });
  }
}

/** Lets waiting messages in (a pause, say). A timer would cost several milliseconds a turn; a message of our own does not. */
function messagesFirst(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
