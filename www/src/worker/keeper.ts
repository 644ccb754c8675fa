/** Stores the checkpoints of one run in the browser: at intervals, and when the page may be about to close. */
import type { EngineSession, Experiment, SessionInfo, StepEvent, TrainEvent } from '../base/engine';
import { claimRun, type KeptCheckpoint, keepRun, loadRun } from './kept-runs';
import type { KeepAs } from './protocol';

/**
 * The minimum time between two periodic checkpoints. The first one is stored after the first turn, since a page may be left at any
 * time and most browsers then end its worker at once; each following interval is twice as long as the one before, up to the last one, so
 * that a long run does not wear the disk.
 */
const FIRST_INTERVAL_MS = 500;
const LAST_INTERVAL_MS = 5000;

/** The interval is at least this many times the duration of a save, so that saving takes at most 4 % of the run's time. */
const INTERVAL_PER_SAVE = 25;

/** The maximum number of stored points of the step curve. When it is exceeded, every second point is removed. */
const MAX_STEPS = 1000;

/** The steps of a run before its first one (`steps` in src/experiment/epochs.rs). */
const stepsOf = ({ epochs }: Experiment, info: SessionInfo): number =>
  Math.ceil((epochs ?? info.epochs) * info.steps_per_epoch);

export class Keeper {
  #as: KeepAs;
  #release: () => void;
  #steps: StepEvent[];
  /** The steps of the whole run, known from its first step on: its last epoch may be a part of one. */
  #totalSteps: number | null;
  #due = performance.now();
  #interval = FIRST_INTERVAL_MS;
  /** The checkpoint from which the run continues, until it is taken. */
  #checkpoint: Uint8Array<ArrayBuffer> | null;

  private constructor(as: KeepAs, release: () => void, from: KeptCheckpoint | null) {
    this.#as = as;
    this.#release = release;
    this.#checkpoint = from?.bytes ?? null;
    this.#steps = from?.steps ?? [];
    this.#totalSteps = this.#steps.at(-1)?.total_steps ?? null;
  }

  /** Creates the keeper of a new run, or of a stored run, whose checkpoint it then holds. Fails if another tab trains the run. */
  static async claim(as: KeepAs, kept: boolean): Promise<Keeper> {
    const release = await claimRun(as.id);
    if (!release) throw new Error('Another tab is training this run. Continue it there, or close that tab.');
    try {
      const from = kept ? await loadRun(as.id) : null;
      if (kept && !from) throw new Error('This run is no longer stored in this browser. Start it again.');
      return new Keeper(as, release, from);
    } catch (error) {
      release();
      throw error;
    }
  }

  takeCheckpoint(): Uint8Array<ArrayBuffer> | null {
    const bytes = this.#checkpoint;
    this.#checkpoint = null;
    return bytes;
  }

  /** The points of the step curve up to the given step. Later points are removed. */
  stepsUpTo(step: number): StepEvent[] {
    this.#steps = this.#steps.filter((event) => event.step <= step);
    return this.#steps;
  }

  /** Whether the next periodic checkpoint is due. */
  get due(): boolean {
    return performance.now() >= this.#due;
  }

  /** Adds a turn's events to the step curve. */
  record(events: TrainEvent[]): void {
    for (const event of events) {
      if (event.event === 'interrupted') this.stepsUpTo(event.resumed_step);
      if (event.event !== 'step') continue;
      this.#totalSteps = event.total_steps;
      this.#steps.push(event);
      if (this.#steps.length > MAX_STEPS) this.#steps = this.#steps.filter((_, i) => i % 2 === 1);
    }
  }

  async save(session: EngineSession): Promise<void> {
    const start = performance.now();
    try {
      const bytes = (await session.checkpoint()) as Uint8Array<ArrayBuffer>;
      const { epochs, learning_rates } = session.history();
      const info = session.info();
      const run = {
        ...this.#as,
        epoch: epochs.length,
        epochs: info.epochs,
        step: learning_rates.length,
        totalSteps: this.#totalSteps ?? stepsOf(this.#as.experiment, info),
        savedAt: Date.now(),
      };
      await keepRun(run, { bytes, steps: this.#steps });
    } finally {
      const now = performance.now();
      this.#due = now + Math.max(this.#interval, INTERVAL_PER_SAVE * (now - start));
      this.#interval = Math.min(LAST_INTERVAL_MS, 2 * this.#interval);
    }
  }

  /** Releases the lock on the run, so that another tab can continue it. */
  close(): void {
    this.#release();
  }
}
