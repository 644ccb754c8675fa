/** The queue of a sweep's runs: one after another, paused and continued, also after a reload. */
import type { Sweep, SweepOutcome, SweepResults } from '../base/engine';
import type { Lab } from '../lab/lab';
import { sentence } from '../lab/messages';
import { Observable } from '../lab/observable';
import { newId } from '../lab/saved-run';
import { LAB } from '../lab/text';
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
  /** The sweep that was discarded last, so that it can be restored. */
  removed: StoredSweep | null = null;
  #stored: StoredSweep | null = null;
  #trainer: Trainer;
  /** Milliseconds of this visit's training, and the runs that they were for. */
  #worked = { ms: 0, runs: 0 };
  /** When the current run began here, and its share then: one that goes on has been trained in part before. */
  #since = { ms: 0, share: 0, isKnown: false };
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
    const ms = this.#worked.ms + performance.now() - this.#since.ms;
    const runs = this.#worked.runs + this.share - this.#since.share;
    if (runs < 0.2) return null;
    return ((this.plan.runs.length - this.outcomes.length - this.share) * ms) / runs / 1000;
  }

  /** Reads the sweep of an earlier visit. */
  async open(): Promise<void> {
    const stored = await loadSweep().catch(() => null);
    if (stored && !this.plan) await this.#take(stored);
  }

  /** Shows a stored sweep. One that was running goes on. */
  async #take(stored: StoredSweep): Promise<void> {
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
    this.removed = null;
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
    const running = this.state === 'running';
    this.removed = this.#stored && { ...this.#stored, running };
    this.state = 'none';
    this.plan = null;
    this.results = null;
    this.#stored = null;
    this.#worked = { ms: 0, runs: 0 };
    await forgetSweep().catch(() => this.lab.messages.error(LAB.notDeleted(SEARCH.sweep.title)));
    this.changed();
  }

  /** Takes back that the sweep was discarded. */
  async restore(): Promise<void> {
    const { removed } = this;
    if (!removed || this.plan || this.#isBeginning) return;
    this.#isBeginning = true;
    await this.#take(removed);
    this.#isBeginning = false;
    if (!this.plan) return;
    this.removed = null;
    await this.#store();
    this.changed();
  }

  async resume(): Promise<void> {
    const stored = this.#stored;
    if (this.state === 'running' || !this.plan || !stored) return;
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
      await this.#train(stored, this.plan);
    } catch (error) {
      if (this.#stored !== stored) return;
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
      this.#since = { ms: performance.now(), share: 0, isKnown: false };
      const client = await this.#trainer.with(run.experiment);
      // The sweep may have been discarded, or the button pressed, while the data loaded.
      if (this.#stored !== stored) return;
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
      const { ms, share } = this.#since;
      this.#worked = { ms: this.#worked.ms + performance.now() - ms, runs: this.#worked.runs + 1 - share };
      this.#since = { ms: performance.now(), share: 0, isKnown: false };
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
    if (step?.event === 'step') {
      this.share = step.step / step.total_steps;
      if (!this.#since.isKnown) this.#since = { ms: performance.now(), share: this.share, isKnown: true };
    }
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
