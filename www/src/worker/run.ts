/** One training run: advances the session in short turns, so that pause, stop and questions are answered between them. */
import type { Engine, EngineChoice, EngineDataset, EngineSession, Experiment, LanePool, SessionInfo } from '../engine';
import { type Failure, failureOf } from '../failure';
import type { RunMessage, RunState } from './protocol';

/** Long enough that the turn itself costs nothing, short enough that a pause feels immediate. */
const TURN_MS = 80;

export class Run {
  #session: EngineSession;
  #send: (message: RunMessage) => void;
  #state: RunState = 'running';
  #wake: (() => void) | null = null;
  /** The session answers one call at a time: every use of it waits here for the one before. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly dataset: EngineDataset;
  readonly info: SessionInfo;

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

  async train(): Promise<void> {
    this.#enter('running');
    try {
      while (this.#state === 'running' || this.#state === 'paused') {
        if (this.#state === 'paused') await new Promise<void>((resolve) => (this.#wake = resolve));
        else await this.#turn();
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

  stop(): void {
    if (this.#state !== 'running' && this.#state !== 'paused') return;
    this.#enter('stopped');
    this.#wake?.();
  }

  /** Gives the engine's memory back; the run answers nothing afterwards. */
  async close(): Promise<void> {
    this.stop();
    await this.use((session) => session.free()).catch(() => undefined);
  }

  async #turn(): Promise<void> {
    const events = await this.use((session) => session.advance(TURN_MS));
    if (events.length > 0) this.#send({ type: 'events', events });
    if (events.some((event) => event.event === 'done') && this.#state !== 'stopped') this.#enter('done');
    await messagesFirst();
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
