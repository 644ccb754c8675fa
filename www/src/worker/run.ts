/** One training run: advances the session in short turns, so that pause, stop and questions are answered between them. */
import type {
  DoneEvent,
  Engine,
  EngineDataset,
  EngineSession,
  Experiment,
  LanePool,
  ReportInput,
  SessionInfo,
} from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import type { UsedEngine } from './choice';
import type { Keeper } from './keeper';
import type { GoOn, RunMessage, RunState } from './protocol';
import { storageProblem } from './storage';

/** Long enough that the turn itself costs nothing, short enough that a pause feels immediate. */
const TURN_MS = 80;

/** A run is under way for so long before the CPU may contest it: by then its speed is known. */
const CONTEST_MS = 2000;

/** Test images that a report shows. */
const REPORT_SAMPLES = 20;

/** What is done to a session before the run has it: a checkpoint, or weights, may be refused. */
type Begin = (session: EngineSession) => Promise<void>;

/** `kept` is the checkpoint of a run that goes on. */
export function beginning(from: GoOn, kept: Uint8Array | null): Begin | null {
  if (from === null || from === 'kept') return kept && ((session) => session.resume(kept));
  const { kind, bytes } = from;
  return kind === 'checkpoint' ? (session) => session.resume(bytes) : (session) => session.load_weights(bytes);
}

export class Run {
  #session: EngineSession;
  #send: (message: RunMessage) => void;
  #state: RunState = 'running';
  #wake: (() => void) | null = null;
  /** The session answers one call at a time: every use of it waits here for the one before. */
  #queue: Promise<unknown> = Promise.resolve();
  #keeper: Keeper | null;
  #saving: Promise<void> | null = null;
  #keepFailed = false;
  #released: Promise<void> = Promise.resolve();
  /** Where the run began on a graphics card unmeasured the CPU contests it, once: called if it is faster. */
  onCpuWon: (() => void) | null = null;
  readonly dataset: EngineDataset;
  readonly info: SessionInfo;
  /** The run's last words, once it has come to its end. */
  done: DoneEvent | null = null;

  private constructor(
    session: EngineSession,
    dataset: EngineDataset,
    send: (message: RunMessage) => void,
    keeper: Keeper | null,
  ) {
    this.#session = session;
    this.#send = send;
    this.#keeper = keeper;
    this.dataset = dataset;
    this.info = session.info();
  }

  static async create(
    engine: Engine,
    experiment: Experiment,
    dataset: EngineDataset,
    choice: UsedEngine,
    lanes: LanePool,
    send: (message: RunMessage) => void,
    keeper: Keeper | null = null,
    begin: Begin | null = null,
  ): Promise<Run> {
    const session = await engine.Session.create(experiment, dataset, { engine: choice }, lanes);
    try {
      await begin?.(session);
    } catch (error) {
      session.free();
      throw error;
    }
    return new Run(session, dataset, send, keeper);
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
      await this.#replay();
      const contest = performance.now() + CONTEST_MS;
      while (this.#state === 'running' || this.#state === 'paused') {
        if (this.#state === 'paused') await new Promise<void>((resolve) => (this.#wake = resolve));
        else await this.#turn(TURN_MS);
        if (performance.now() > contest) await this.#contest();
      }
    } catch (error) {
      this.#enter('failed', failureOf(error));
    }
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#enter('paused');
    void this.save();
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

  stop(): void {
    if (this.#state !== 'running' && this.#state !== 'paused') return;
    this.#enter('stopped');
    this.#wake?.();
  }

  /** Keeps the run as it is now, to be gone on with another time. Whoever asks while one is under way waits for that. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  /** Ends the run; when this resolves another may go on with it. The session still answers. */
  async letGo(): Promise<void> {
    this.stop();
    await this.released;
  }

  /** A run at rest is kept as it is, or forgotten where it came to its end; resolves when that is done. */
  get released(): Promise<void> {
    return this.#released;
  }

  /** What a report tells besides what the page knows: the history, and the first test images with their predictions. */
  reportInput(experiment: Experiment, done: ReportInput['done']): Promise<ReportInput> {
    return this.use(async (session) => {
      const samples: ReportInput['samples'] = [];
      for (let index = 0; index < Math.min(REPORT_SAMPLES, this.info.test_samples); index += 1) {
        const pixels = Array.from(this.dataset.images('test', Uint32Array.of(index)));
        samples.push({ pixels, prediction: await session.predict('test', index) });
      }
      const { title } = this.dataset.info();
      return {
        experiment,
        info: this.info,
        data_title: title,
        system: navigator.userAgent,
        history: session.history(),
        done,
        samples,
      };
    });
  }

  /** Gives the engine's memory back; the run answers nothing afterwards. */
  async close(): Promise<void> {
    await this.letGo();
    await this.use((session) => session.free()).catch(() => undefined);
  }

  /** Whether anything happened. */
  async #turn(budgetMs: number): Promise<boolean> {
    const [events, bestEpoch] = await this.use(
      async (session) => [await session.advance(budgetMs), session.best_epoch() ?? null] as const,
    );
    this.#keeper?.note(events);
    if (events.length > 0) this.#send({ type: 'events', events, bestEpoch });
    this.done = events.find((event) => event.event === 'done') ?? null;
    if (this.done && this.#state !== 'stopped') this.#enter('done');
    else if (this.#state === 'running' && this.#keeper?.due) void this.save();
    await messagesFirst();
    return events.length > 0;
  }

  /** Once: the CPU trains for a moment, and goes on with the run where it is faster; the next turn tells. */
  async #contest(): Promise<void> {
    const { onCpuWon } = this;
    if (this.#state !== 'running' || !onCpuWon) return;
    this.onCpuWon = null;
    if (await this.use((session) => session.contest())) onCpuWon();
  }

  async #save(): Promise<void> {
    const keeper = this.#keeper;
    if (!keeper || this.#state === 'done' || this.#state === 'failed') return;
    try {
      await this.use((session) => keeper.save(session));
      this.#keepFailed = false;
    } catch (error) {
      // Said once: the run itself goes on.
      if (!this.#keepFailed) this.#send({ type: 'not-kept', why: storageProblem(error) });
      this.#keepFailed = true;
    }
  }

  /** What had happened before, where this run goes on with another: its curve and its table begin where they were. */
  async #replay(): Promise<void> {
    const [history, bestEpoch] = await this.use(
      (session) => [session.history(), session.best_epoch() ?? null] as const,
    );
    const done = history.learning_rates.length;
    const steps = this.#keeper?.stepsUpTo(done) ?? [];
    if (done > 0) this.#send({ type: 'earlier', history, steps, bestEpoch });
  }

  async #release(): Promise<void> {
    const keeper = this.#keeper;
    if (!keeper) return;
    if (this.#state === 'stopped') await this.save();
    await this.#saving;
    if (this.#state === 'done') await keeper.done().catch(() => undefined);
    keeper.close();
    this.#keeper = null;
  }

  #enter(state: RunState, error?: Failure): void {
    this.#state = state;
    if (state !== 'running' && state !== 'paused') this.#released = this.#release();
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
