/** Stores unfinished runs in the browser, so that they can be resumed after a reload, a closed tab or a crash. */

import type { Experiment } from '../base/engine';
import type { Settings } from '../base/settings';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import { newId } from '../lab/saved-run';
import type { LabClient } from '../worker/client';
import type { KeptRun, StartFrom } from '../worker/protocol';
import type { LabRun, State } from './lab-run';

/** What the page needs to restore its settings for a stored run. */
interface Setup {
  settings: Settings;
  custom: Experiment | null;
}

/** The members of the lab that kept runs need. */
interface KeptLab {
  readonly locked: boolean;
  readonly settings: Settings;
  readonly custom: Experiment | null;
  readonly experiment: Experiment | null;
  readonly title: string;
  readonly messages: Pick<Messages, 'failure'>;
  readonly run: Pick<LabRun, 'state' | 'active' | 'start' | 'subscribe'>;
  readonly worker: LabClient;
  readonly experiments: { replace(experiment: Experiment): Promise<boolean> };
  prepare(): Promise<Experiment | null>;
  set(changes: Partial<Settings>): void;
  restore(settings: Settings, custom: Experiment | null): Promise<void>;
}

export class LabKept extends Observable {
  /** The run that was discarded last, until another run begins. */
  discarded: KeptRun | null = null;
  #runs: KeptRun[] = [];
  #state: State = 'idle';
  #unsubscribe: () => void;

  /** With `isOn` false no run is stored. */
  constructor(
    private lab: KeptLab,
    private isOn: boolean,
  ) {
    super();
    this.#unsubscribe = lab.run.subscribe(() => this.#follow());
  }

  /** Stored runs that no tab is running, the latest first; in a locked lab only runs of its experiment. */
  get offers(): KeptRun[] {
    const { locked, experiment, run } = this.lab;
    if (run.active) return [];
    return locked ? this.#runs.filter((kept) => same(kept.experiment, experiment)) : this.#runs;
  }

  async open(): Promise<void> {
    if (!this.isOn) return;
    document.addEventListener('visibilitychange', this.#leaving);
    window.addEventListener('pagehide', this.#leaving);
    window.addEventListener('beforeunload', this.#leaving);
    await this.#refresh();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#leaving);
    window.removeEventListener('pagehide', this.#leaving);
    window.removeEventListener('beforeunload', this.#leaving);
    this.#unsubscribe();
  }

  start(prepare: () => Promise<Experiment | null>): Promise<boolean> {
    return this.#start(prepare, newId(), null);
  }

  async resume(run: KeptRun): Promise<void> {
    const { lab } = this;
    const { settings, custom } = run.setup as Setup;
    try {
      if (!lab.locked) await lab.restore({ ...settings, tab: 'run' }, custom);
      await this.#start(() => this.#prepare(run.experiment), run.id, 'kept');
    } catch (error) {
      // A part of the page may not have been loaded. The run stays on offer.
      lab.messages.failure(error);
    }
    await this.#refresh();
  }

  async resumeFromFile(file: File): Promise<void> {
    const { lab } = this;
    try {
      const { weightsOf } = await import('../base/bytes');
      const bytes = await weightsOf(file);
      const { experiment } = await lab.worker.checkpointInfo(bytes);
      if (!(await lab.experiments.replace(experiment))) return;
      const { train, test } = experiment.dataset.limit ?? {};
      lab.set({ train: train ?? null, test: test ?? null, tab: 'run' });
      await this.#start(() => this.#prepare(experiment), newId(), { kind: 'checkpoint', name: file.name, bytes });
    } catch (error) {
      lab.messages.failure(error, file.name);
    }
  }

  async discard(run: KeptRun): Promise<void> {
    this.discarded = run;
    await this.lab.worker.forgetRun(run.id).catch((error: unknown) => this.lab.messages.failure(error));
    await this.#refresh();
  }

  /** Stores the run again that was discarded last. */
  async undoDiscard(): Promise<void> {
    this.discarded = null;
    await this.lab.worker.restoreRun().catch((error: unknown) => this.lab.messages.failure(error));
    await this.#refresh();
  }

  #start(prepare: () => Promise<Experiment | null>, id: string, from: StartFrom): Promise<boolean> {
    const { settings, custom, title } = this.lab;
    const setup: Setup = { settings, custom };
    return this.lab.run.start(prepare, settings.engine, id, from, this.isOn ? { title, setup } : null);
  }

  /** Prepares the data of a run that is resumed. Its experiment stays as it was, even if the preset has changed. */
  async #prepare(experiment: Experiment): Promise<Experiment | null> {
    return (await this.lab.prepare()) && experiment;
  }

  /** A browser that stores nothing (for example in private mode) has no runs to resume, which is not an error. */
  async #refresh(): Promise<void> {
    this.#runs = await this.lab.worker.keptRuns().catch((): KeptRun[] => []);
    this.changed();
  }

  /**
   * Saves when the tab goes to the background, since it may be suspended or closed there without another event, and when the page is
   * left. At `beforeunload` the page still lives until the next page answers, so that the worker often has the time to write; at
   * `pagehide` it may be ended at once.
   */
  readonly #leaving = (event: Event): void => {
    const leaving = event.type !== 'visibilitychange' || document.visibilityState === 'hidden';
    if (leaving && this.lab.run.active) void this.lab.worker.save();
  };

  #follow(): void {
    const { state, active } = this.lab.run;
    if (state === this.#state) return;
    this.#state = state;
    if (active) this.discarded = null;
    if (this.isOn && !active) void this.#refresh();
  }
}

/** Compares documents as text: documents from the same engine have their keys in the same order. */
const same = (one: Experiment, other: Experiment | null): boolean => JSON.stringify(one) === JSON.stringify(other);
