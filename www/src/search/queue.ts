/** The queue of a sweep's runs: one after another, paused and continued, also after a reload. */
import type { Sweep, SweepOutcome, SweepResults } from '../base/engine';
import type { Lab } from '../lab/lab';
import { sentence } from '../lab/messages';
import { Observable } from '../lab/observable';
import { newId } from '../lab/saved-run';
import { callback } from '../worker/client';
import type { RunMessage } from '../worker/protocol';
import { forgetSweep, loadSweep, type StoredSweep, storeSweep } from './store';
import { SEARCH } from './text';
import { Trainer } from './trainer';

export class SweepQueue extends Observable {
  state: 'none' | 'running' | 'pausing' | 'paused' | 'done' = 'none';
  plan: Sweep | null = null;
  results: SweepResults | null = null;
  /** The share of the current run that is done. */
  share = 0;
  #stored: StoredSweep | null = null;
  #trainer: Trainer;
  /** Milliseconds of this visit's training, and the runs that they were for. */
  #worked = { ms: 0, runs: 0 };
  #since = 0;
  /** The document of a new sweep is being read. */
  #isBeginning = false;

  constructor(private lab: Lab) {
    super();
    this.#trainer = new Trainer(lab, () => {
      this.state = this.plan ? 'paused' : 'none';
      lab.messages.error(SEARCH.crash);
      this.changed();
    });
  }

  get text(): string {
    return this.#stored?.text ?? '';
  }

  get outcomes(): readonly SweepOutcome[] {
    return this.#stored?.outcomes ?? [];
  }

  /** Seconds left, from the runs of this visit; null while unknown. */
  get secondsLeft(): number | null {
    if (!this.plan || this.state !== 'running') return null;
    const ms = this.#worked.ms + performance.now() - this.#since;
    const runs = this.#worked.runs + this.share;
    if (runs < 0.2) return null;
    return ((this.plan.runs.length - this.outcomes.length - this.share) * ms) / runs / 1000;
  }

  /** Reads the sweep of an earlier visit. One that was running goes on. */
  async open(): Promise<void> {
    const stored = await loadSweep().catch(() => null);
    if (!stored || this.plan) return;
    try {
      this.plan = await this.lab.worker.sweepPlan(stored.text);
    } catch (error) {
      // It stays stored until another one begins: this page may be of another version, or a file of it may not have been loaded.
      this.lab.messages.error(SEARCH.notRead(sentence(error)));
      return;
    }
    this.#stored = stored;
    this.state = stored.outcomes.length === this.plan.runs.length ? 'done' : 'paused';
    await this.#read();
    if (stored.running && this.state === 'paused') void this.resume();
    this.changed();
  }

  /** Begins a sweep, unless there is one. Throws what is wrong with the document, and then changes nothing. */
  async begin(text: string): Promise<void> {
    if (this.#isBeginning || this.plan) return;
    this.#isBeginning = true;
    try {
      this.plan = await this.lab.worker.sweepPlan(text);
    } finally {
      this.#isBeginning = false;
    }
    this.results = null;
    this.#worked = { ms: 0, runs: 0 };
    this.#stored = { key: 'sweep', id: newId(), text, outcomes: [], running: true };
    await this.resume();
  }

  /** The current run stores its state and goes on from there. */
  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    this.state = 'pausing';
    this.changed();
    await this.#trainer.client?.stop();
  }

  async discard(): Promise<void> {
    this.#trainer.close();
    this.state = 'none';
    this.plan = null;
    this.results = null;
    this.#stored = null;
    await forgetSweep().catch(() => undefined);
    this.changed();
  }

  async resume(): Promise<void> {
    if (this.state === 'running' || !this.plan || !this.#stored) return;
    if (this.lab.run.active) {
      this.state = 'paused';
      this.lab.messages.error(SEARCH.busy);
      this.changed();
      return;
    }
    this.state = 'running';
    this.share = 0;
    this.changed();
    try {
      await this.#train(this.#stored, this.plan);
    } catch (error) {
      this.lab.messages.failure(error);
      if (this.plan) this.state = 'paused';
    }
    if (this.state !== 'running') this.#trainer.close();
    await this.#store();
    this.changed();
  }

  async #train(stored: StoredSweep, plan: Sweep): Promise<void> {
    await this.#store();
    while (this.state === 'running') {
      const run = plan.runs[stored.outcomes.length];
      if (!run) {
        this.state = 'done';
        return;
      }
      this.#since = performance.now();
      const client = await this.#trainer.with(run.experiment);
      // The button may have been pressed while the data loaded.
      if (this.#isPausing) break;
      const sweep = { id: stored.id, text: stored.text, before: stored.outcomes };
      const outcome = await client.sweepRun(
        sweep,
        run,
        callback((message: RunMessage) => this.#follow(message)),
      );
      // The sweep may have been discarded in the meantime.
      if (this.#stored !== stored) return;
      if (!outcome) {
        this.state = 'paused';
        return;
      }
      this.#worked = { ms: this.#worked.ms + performance.now() - this.#since, runs: this.#worked.runs + 1 };
      stored.outcomes = [...stored.outcomes, outcome];
      this.share = 0;
      await this.#store();
      await this.#read();
    }
    // The button was pressed before a run began, or in one that came to its end.
    if (this.#isPausing) this.state = 'paused';
  }

  /** Read anew: the button may have been pressed while a run trained. */
  get #isPausing(): boolean {
    return this.state === 'pausing';
  }

  #follow(message: RunMessage): void {
    // The worker could not stop a run that it had not made yet.
    if (message.type === 'state' && message.state === 'running' && this.#isPausing) void this.#trainer.client?.stop();
    if (message.type !== 'events') return;
    const step = message.events.findLast((event) => event.event === 'step');
    if (step?.event === 'step') this.share = step.step / step.total_steps;
    this.changed();
  }

  async #read(): Promise<void> {
    const { text, outcomes } = this;
    this.results = await this.lab.worker.sweepResults(text, [...outcomes]);
    this.changed();
  }

  async #store(): Promise<void> {
    if (!this.#stored) return;
    const running = this.state === 'running';
    await storeSweep({ ...this.#stored, running }).catch(() => this.lab.messages.notice(SEARCH.notKept));
  }
}

const queues = new WeakMap<Lab, SweepQueue>();

/** The queue of a lab. It goes on while other views are shown. */
export function queueOf(lab: Lab): SweepQueue {
  let queue = queues.get(lab);
  if (!queue) {
    queue = new SweepQueue(lab);
    queues.set(lab, queue);
    void queue.open();
  }
  return queue;
}
