/**
 * Takes quick looks at the network while an element shows them: one before the run, then again and again as long as that takes little of
 * the run's time, and one at each pause and at the end.
 */
import type { Lab } from '../lab/lab';
import type { Glance } from '../worker/glance';

/** The share of a run's time that looks may take. */
export const SHARE = 0.02;
/** The shortest time between two looks. */
const LEAST_MS = 500;
/** Networks with more multiply-accumulates are not looked at before their run. */
export const HEAVY_MACS = 2e8;
/** Further images whose predictions are shown. */
export const DOZEN = 12;

/** The time from the end of a look to the next one, so that looks take their share. */
export const pauseAfter = (ms: number): number => Math.max(LEAST_MS, ms / SHARE - ms);

export class Glances {
  glance: Glance | null = null;
  /** Completed epochs at the look, or null before the run. */
  epochs: number | null = null;
  /** The test image that is looked at. */
  index = 0;
  #busy = false;
  #stale = false;
  #seen: unknown[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The element is not on the page. */
  #closed = false;

  constructor(
    private lab: () => Lab,
    private changed: () => void,
  ) {}

  /** The network is too large to be looked at before its run. */
  get isHeavy(): boolean {
    return (this.lab().summary?.totals.macs ?? 0) > HEAVY_MACS;
  }

  open(): void {
    this.#closed = false;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  choose(index: number): void {
    this.index = index;
    this.#seen = [];
    this.follow();
  }

  /** Looks if there is something new to see. Called at each change of the lab. */
  follow(): void {
    if (this.#closed) return;
    const { run, summary, data, specError } = this.lab();
    if (run.state === 'preparing' || this.#busy) {
      this.#stale = true;
      return;
    }
    if (run.state === 'running') {
      // The timer decides; hidden pages do not look.
      this.#timer ??= setTimeout(() => void this.#look(), LEAST_MS);
      return;
    }
    this.#stop();
    const seen = run.info ? [run.info, run.state, run.step?.step, this.index] : [summary, data.info, this.index];
    if (seen.every((one, i) => one === this.#seen[i])) return;
    if (!run.info && (!summary || specError || !data.ready || this.isHeavy)) return;
    this.#seen = seen;
    void this.#look();
  }

  async #look(): Promise<void> {
    const { run, data, experiment, worker } = this.lab();
    if (this.#busy || document.hidden) {
      // A hidden page looks when it is shown again.
      this.#seen = [];
      this.#again(LEAST_MS);
      return;
    }
    this.#busy = true;
    this.#stale = false;
    const count = run.info?.test_samples ?? data.info?.test ?? 0;
    const others = Array.from({ length: Math.min(DOZEN, count) }, (_, i) => i);
    const index = Math.min(this.index, Math.max(0, count - 1));
    try {
      if (run.info && run.experiment) {
        const epochs = (run.step?.step ?? 0) / run.info.steps_per_epoch;
        const glance = await worker.glance(run.experiment, index, others);
        [this.glance, this.epochs] = [glance, epochs];
      } else if (experiment) {
        [this.glance, this.epochs] = [await worker.untrained(experiment, index, others), null];
      }
    } catch {
      // The picture is an addition: a start reports what is wrong, and the last picture stays.
    }
    this.#busy = false;
    this.#again(pauseAfter(this.glance?.ms ?? 0));
    this.changed();
    if (this.#stale) this.follow();
  }

  #again(ms: number): void {
    this.#stop();
    // A look may end after the element was closed.
    if (!this.#closed && this.lab().run.state === 'running') this.#timer = setTimeout(() => void this.#look(), ms);
  }
}
