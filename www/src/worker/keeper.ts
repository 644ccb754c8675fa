/** Keeps one run: every so often, and whenever somebody may be about to leave. */
import type { EngineSession, StepEvent, TrainEvent } from '../base/engine';
import { claimRun, forgetRun, type KeptCheckpoint, keepRun, loadRun } from './kept-runs';
import type { KeepAs } from './protocol';

/** The least time between two checkpoints that nobody asked for. */
const INTERVAL_MS = 5000;

/** Keeping may take one part in so many of a run's time. */
const SHARE = 25;

/** Points of the curve within the epochs that are kept; beyond it every second one goes. */
const MOST_STEPS = 1000;

export class Keeper {
  #as: KeepAs;
  #release: () => void;
  #steps: StepEvent[];
  #due = performance.now() + INTERVAL_MS;
  /** What the run goes on from; taken once. */
  #from: Uint8Array<ArrayBuffer> | null;

  private constructor(as: KeepAs, release: () => void, from: KeptCheckpoint | null) {
    this.#as = as;
    this.#release = release;
    this.#from = from?.bytes ?? null;
    this.#steps = from?.steps ?? [];
  }

  /** A keeper for a new run, or for one that is kept already, whose checkpoint it has then. */
  static async claim(as: KeepAs, kept: boolean): Promise<Keeper> {
    const release = await claimRun(as.id);
    if (!release) throw new Error('Another tab is at work on this run. Go on with it there, or close that tab.');
    try {
      const from = kept ? await loadRun(as.id) : null;
      if (kept && !from) throw new Error('This run is no longer kept in this browser. Start it again.');
      return new Keeper(as, release, from);
    } catch (error) {
      release();
      throw error;
    }
  }

  takeCheckpoint(): Uint8Array<ArrayBuffer> | null {
    const bytes = this.#from;
    this.#from = null;
    return bytes;
  }

  /** The steps up to a moment of the run, for its curve; those after it are forgotten. */
  stepsUpTo(step: number): StepEvent[] {
    this.#steps = this.#steps.filter((event) => event.step <= step);
    return this.#steps;
  }

  get due(): boolean {
    return performance.now() >= this.#due;
  }

  note(events: TrainEvent[]): void {
    for (const event of events) {
      if (event.event === 'interrupted') this.stepsUpTo(event.resumed_step);
      if (event.event !== 'step') continue;
      this.#steps.push(event);
      if (this.#steps.length > MOST_STEPS) this.#steps = this.#steps.filter((_, i) => i % 2 === 1);
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
        totalSteps: info.epochs * info.steps_per_epoch,
        savedAt: Date.now(),
      };
      await keepRun(run, { bytes, steps: this.#steps });
    } finally {
      const now = performance.now();
      this.#due = now + Math.max(INTERVAL_MS, SHARE * (now - start));
    }
  }

  /** A run that came to its end needs no checkpoint any more. */
  async done(): Promise<void> {
    await forgetRun(this.#as.id);
  }

  /** Another may go on with the run. */
  close(): void {
    this.#release();
  }
}
