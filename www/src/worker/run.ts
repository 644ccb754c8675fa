/** One training run. It advances the session in short turns, so that calls (pause, stop, predictions) are answered between them. */
import type {
  DoneEvent,
  Engine,
  EngineDataset,
  EngineSession,
  Experiment,
  HistoryEpoch,
  LanePool,
  ReportInput,
  SessionInfo,
  TrainEvent,
} from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import type { UsedEngine } from './choice';
import type { Keeper } from './keeper';
import type { RunMessage, RunState, StartFrom } from './protocol';
import { storageProblem } from './storage';

/** Long enough that the overhead of a turn is negligible, short enough that a pause takes effect immediately. */
const TURN_MS = 80;

/** The CPU engine is compared with the GPU engine after this time, when the speed of the run is known. */
const CONTEST_MS = 2000;

/** Test images that a report shows. */
const REPORT_SAMPLES = 20;

/** Loads a checkpoint or weights into a new session. The session may reject them. */
type Begin = (session: EngineSession) => Promise<void>;

/** `kept` is the stored checkpoint of a run that is continued. */
export function beginning(from: StartFrom, kept: Uint8Array | null): Begin | null {
  if (from === null || from === 'kept') return kept && ((session) => session.resume(kept));
  const { kind, bytes } = from;
  return kind === 'checkpoint' ? (session) => session.resume(bytes) : (session) => session.load_weights(bytes);
}

export class Run {
  #session: EngineSession;
  #send: (message: RunMessage) => void;
  #state: RunState = 'running';
  #wake: (() => void) | null = null;
  /** The session can execute one call at a time, so each call waits for the previous one. */
  #queue: Promise<unknown> = Promise.resolve();
  #keeper: Keeper | null;
  #saving: Promise<void> | null = null;
  #keepFailed = false;
  #released: Promise<void> = Promise.resolve();
  /** Set if the run starts on a graphics card whose speed is unknown. The engines are then compared once; called if the CPU is faster. */
  onCpuFaster: (() => void) | null = null;
  /** Asked after each epoch of a sweep's run: whether to stop it, because runs before it were better. */
  isHopeless: ((epochs: HistoryEpoch[]) => boolean) | null = null;
  /** Whether it was stopped for that reason. */
  hopeless = false;
  /** The error that ended the run. */
  error: unknown = null;
  readonly dataset: EngineDataset;
  readonly info: SessionInfo;
  /** The last event of a finished run. */
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

  /** Calls `act` with the session as soon as earlier calls have finished. */
  use<T>(act: (session: EngineSession) => T | Promise<T>): Promise<T> {
    const result = this.#queue.then(() => act(this.#session));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Trains to the end. A run that is already paused waits for `resume`. */
  async train(): Promise<void> {
    if (this.#state !== 'paused') this.#enter('running');
    try {
      await this.#replay();
      const contest = performance.now() + CONTEST_MS;
      while (this.#state === 'running' || this.#state === 'paused') {
        if (this.#state === 'paused') await this.#rest();
        else await this.#turn(TURN_MS);
        if (performance.now() > contest) await this.#contest();
      }
    } catch (error) {
      this.error = error;
      this.#enter('failed', failureOf(error));
    }
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#enter('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#enter('running');
    this.#wake?.();
  }

  /** Executes one training step of a paused run, or at the end of an epoch its validation. */
  async step(): Promise<void> {
    if (this.#state !== 'paused') return;
    try {
      // Part of a validation yields no event.
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

  /** Stores a checkpoint, so that the run can be continued later. A call during a save waits for that save. */
  save(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  /** Ends the run. When this resolves, another tab can continue it. The session can still be used. */
  async end(): Promise<void> {
    this.stop();
    await this.released;
  }

  /** Resolves when the run's checkpoint is stored (after a stop) or removed (after the end) and its lock is released. */
  get released(): Promise<void> {
    return this.#released;
  }

  /** The input of a report: the history, and the first test images with their predictions. */
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

  /** Ends the run and frees the session. The run cannot be used afterwards. */
  async close(): Promise<void> {
    await this.end();
    await this.use((session) => session.free()).catch(() => undefined);
  }

  /** Waits until the run goes on, with a checkpoint of where it rests: one that was under way at the pause may be older. */
  async #rest(): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    await this.save();
    await woken;
  }

  /** Advances the session by one turn; returns whether there were events. */
  async #turn(budgetMs: number): Promise<boolean> {
    const events: TrainEvent[] = [];
    const end = performance.now() + budgetMs;
    try {
      // A call ends with the epoch, and short epochs share a turn.
      do events.push(...(await this.use((session) => session.advance(Math.max(end - performance.now(), 0)))));
      while (
        events.at(-1)?.event === 'epoch' &&
        !(await this.#givesUp()) &&
        performance.now() < end &&
        this.#state === 'running'
      );
    } finally {
      // After an error these are the events before it.
      await this.#tell(events);
    }
    this.done = events.find((event) => event.event === 'done') ?? null;
    if (this.done && this.#state !== 'stopped') this.#enter('done');
    else if (this.hopeless && this.#state !== 'stopped') this.#enter('stopped');
    else if (this.#state === 'running' && this.#keeper?.due) void this.save();
    await pendingMessages();
    return events.length > 0;
  }

  /** After an epoch: whether the sweep gives the run up. */
  async #givesUp(): Promise<boolean> {
    const { isHopeless } = this;
    if (isHopeless) this.hopeless = await this.use((session) => isHopeless(session.history().epochs));
    return this.hopeless;
  }

  async #tell(events: TrainEvent[]): Promise<void> {
    if (events.length === 0) return;
    this.#keeper?.record(events);
    this.#send({ type: 'events', events, bestEpoch: await this.use((session) => session.best_epoch() ?? null) });
  }

  /** Compares the engines once: the CPU trains for a moment and takes the run over if it is faster. */
  async #contest(): Promise<void> {
    const { onCpuFaster } = this;
    if (this.#state !== 'running' || !onCpuFaster) return;
    this.onCpuFaster = null;
    if (await this.use((session) => session.contest())) onCpuFaster();
  }

  async #save(): Promise<void> {
    const keeper = this.#keeper;
    if (!keeper || this.#state === 'done' || this.#state === 'failed') return;
    try {
      await this.use((session) => keeper.save(session));
      this.#keepFailed = false;
    } catch (error) {
      // Reported once, since the run continues.
      if (!this.#keepFailed) this.#send({ type: 'not-kept', why: storageProblem(error) });
      this.#keepFailed = true;
    }
  }

  /** Sends the history of a run that is continued, so that its curves and its table are complete. */
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
    keeper.close();
    this.#keeper = null;
  }

  #enter(state: RunState, error?: Failure): void {
    this.#state = state;
    if (state !== 'running' && state !== 'paused') this.#released = this.#release();
    this.#send(error === undefined ? { type: 'state', state } : { type: 'state', state, error });
  }
}

/**
 * Lets the worker handle pending messages, such as a pause. A message to itself is used instead of a timer, which browsers delay by
 * several milliseconds.
 */
function pendingMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
