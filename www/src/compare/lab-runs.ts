/** The saved runs: runs of this browser, and runs loaded from files. Pinned runs are compared. */
import type { Remote } from 'comlink';
import type { Evaluation, Experiment, SessionInfo, StepEvent } from '../base/engine';
import { download } from '../lab/download';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import { loadedRun, type SavedRun, savedRun } from '../lab/saved-run';
import type { LabWorker } from '../worker/worker';
import { allRuns, deleteRun, putRun } from './runs-store';
import { COMPARE } from './text';

/** More curves than this are hard to tell apart, so a new run is pinned only while there are fewer. */
export const MOST_PINNED = 8;

/** Above this number the oldest runs that are not pinned are deleted. */
const MOST_KEPT = 100;

/** The members of a run that saving it needs. */
interface TrainedRun {
  readonly id: string;
  readonly state: string;
  readonly experiment: Experiment | null;
  readonly info: SessionInfo | null;
  readonly step: StepEvent | null;
  readonly result: Evaluation | null;
  readonly log: { readonly epochs: readonly unknown[] };
}

export class LabRuns extends Observable {
  /** Newest first. */
  list: readonly SavedRun[] = [];

  constructor(
    private worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
  ) {
    super();
  }

  get pinned(): SavedRun[] {
    return this.list.filter((run) => run.pinned);
  }

  /** Reads the runs of earlier visits. A browser that stores nothing (for example in private mode) has none. */
  async init(): Promise<void> {
    try {
      this.list = sorted(await allRuns());
    } catch {
      this.list = [];
    }
    this.changed();
  }

  /** Saves a run as it is now, in place of an earlier state of the same run. */
  async keep(run: TrainedRun, pin = false): Promise<void> {
    const { experiment, info } = run;
    if (!experiment || !info || run.log.epochs.length === 0) return;
    try {
      const history = await this.worker.history();
      const complete = run.state === 'done';
      const imagesPerS = run.step?.images_per_s ?? null;
      const facts = { id: run.id, complete, experiment, info, history, result: run.result, imagesPerS };
      const before = this.list.find(({ id }) => id === run.id);
      const pinned = pin || (before?.pinned ?? this.pinned.length < MOST_PINNED);
      await this.#put({ ...savedRun(facts, new Date()), pinned });
    } catch (error) {
      this.messages.failure(error);
    }
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    const run = this.list.find((one) => one.id === id);
    if (run) await this.#put({ ...run, pinned });
  }

  async remove(id: string): Promise<void> {
    // Deleted first, so that a run that is no longer shown is gone even if the page is closed now.
    await deleteRun(id).catch(() => undefined);
    this.list = this.list.filter((run) => run.id !== id);
    this.changed();
  }

  /** Loads run files that this page or the command line has saved. */
  async load(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      try {
        const text = await file.text();
        await this.worker.checkRun(text);
        // The command line's history has no date, so the file's date is used.
        await this.#put(loadedRun(text, new Date(file.lastModified)));
      } catch (error) {
        this.messages.failure(error, file.name);
      }
    }
  }

  save(run: SavedRun): void {
    const name = `${run.experiment.name}-seed-${run.seed}.run.json`;
    download(name, 'application/json', `${JSON.stringify(run)}\n`);
  }

  async #put(run: SavedRun): Promise<void> {
    // Stored first, so that a run that is shown is not lost if the page is closed now.
    const isKept = await putRun(run).then(
      () => true,
      () => false,
    );
    this.list = sorted([run, ...this.list.filter(({ id }) => id !== run.id)]);
    this.changed();
    if (!isKept) this.messages.notice(COMPARE.notKept);
    const old = this.list.slice(MOST_KEPT).filter(({ pinned }) => !pinned);
    for (const { id } of old) await this.remove(id);
  }
}

const sorted = (runs: SavedRun[]): SavedRun[] => runs.sort((a, b) => b.saved_at.localeCompare(a.saved_at));
