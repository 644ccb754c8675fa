/** How long a run has been active, without pauses, and how long it still needs. */

export class Stopwatch {
  #now: () => number;
  #before = 0;
  #since: number | null = null;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  start(): void {
    this.#since ??= this.#now();
  }

  stop(): void {
    this.#before = this.seconds * 1000;
    this.#since = null;
  }

  get seconds(): number {
    const running = this.#since === null ? 0 : this.#now() - this.#since;
    return (this.#before + running) / 1000;
  }
}

/**
 * Seconds that the remaining steps will take at the pace so far. The time so far includes the work between steps (for example
 * validation), so the estimate does too. Null before the first step.
 */
export function secondsLeft(elapsed: number, step: number, totalSteps: number): number | null {
  if (step <= 0 || elapsed <= 0) return null;
  return (elapsed / step) * Math.max(0, totalSteps - step);
}
