/** The saved runs: runs of this browser, and runs loaded from files. Pinned runs are compared. */
import type { Remote } from 'comlink';
import type { Evaluation, Experiment, SessionInfo, StepEvent } from '../base/engine';
import { COMPARISON, keepComparison, keptComparison, takeObservations } from '../base/observed';
import { download } from '../lab/download';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import {
  loadedRun,
  nextNumber,
  notesOf,
  type ReportData,
  type RunNotes,
  runName,
  type SavedRun,
  savedRun,
  testFigures,
} from '../lab/saved-run';
import { LAB } from '../lab/text';
import type { LabWorker } from '../worker/lab-worker';
import { allRuns, deleteRun, putRun } from './runs-store';
import { RUNS } from './runs-text';

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
  readonly stoppedEarly: boolean;
  readonly log: { readonly epochs: readonly unknown[] };
}

export class LabRuns extends Observable {
  /** Newest first. */
  list: readonly SavedRun[] = [];
  /** The run that was deleted last, so that it can be restored. */
  removed: SavedRun | null = null;
  /** What the student has written in the comparison's report, by the name of the figure. */
  observations: Readonly<Record<string, string>> = {};

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
    await this.#takeObservations();
    this.changed();
  }

  /** What the student has written in a lesson for the reports. */
  async #takeObservations(): Promise<void> {
    this.observations = keptComparison();
    const compared = takeObservations(COMPARISON, this.observations);
    if (compared) this.observe(compared);
    for (const { id, observations = {} } of this.list) {
      const taken = takeObservations(id, observations);
      if (taken) await this.write(id, { observations: taken });
    }
  }

  /** Saves a run as it is now, in place of an earlier state of the same run. False if the browser has not stored it. */
  async keep(run: TrainedRun, pin = false): Promise<boolean> {
    if (run.log.epochs.length === 0) return false;
    const { result } = run;
    let isKept = false;
    try {
      const now = await this.#now(run);
      if (!now) return false;
      const saved = pin ? { ...now, pinned: true } : now;
      isKept = await this.#put(saved);
      if (result) await this.#addReport(run, saved, saved.experiment, result);
    } catch (error) {
      this.messages.failure(error);
    }
    return isKept;
  }

  /** Downloads a run as it is now. */
  async saveNow(run: TrainedRun): Promise<void> {
    const now = await this.#now(run);
    if (now) this.save(now);
  }

  /** A run as it is now, with what the student has written about it; null if nothing was trained. */
  async #now(run: TrainedRun): Promise<SavedRun | null> {
    const { id, experiment, info, result } = run;
    if (!experiment || !info) return null;
    const complete = run.state === 'done';
    const imagesPerS = run.step?.images_per_s ?? null;
    // Asked for last, because another run may begin before the answer.
    const history = await this.worker.history();
    const facts = { id, complete, experiment, info, history, result, imagesPerS };
    const before = this.list.find((one) => one.id === id);
    const pinned = before?.pinned ?? this.pinned.length < MOST_PINNED;
    const number = before?.number ?? nextNumber(this.list, experiment.name);
    return { ...savedRun(facts, new Date()), number, ...(before && notesOf(before)), pinned };
  }

  /** Adds what only the trained network can say in a report, so that the report can be written in a later visit. */
  async #addReport(run: TrainedRun, saved: SavedRun, experiment: Experiment, result: Evaluation): Promise<void> {
    const { engine, device, build, epochs } = saved;
    const done: ReportData['done'] = {
      ...testFigures(result),
      engine: engine as ReportData['done']['engine'],
      device,
      build,
      images_per_s: saved.images_per_s ?? 0,
      seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      stopped_early: run.stoppedEarly,
    };
    const { info, data_title, system, samples } = await this.worker.reportInput(experiment, done);
    // The worker may train another run by now, and the student may have written about this one.
    const now = this.list.find(({ id }) => id === saved.id);
    if (run.id === saved.id && now) await this.#put({ ...now, report: { info, data_title, system, done, samples } });
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    const run = this.list.find((one) => one.id === id);
    if (run) await this.#put({ ...run, pinned });
  }

  /** What the student writes about a run. */
  async write(id: string, notes: RunNotes): Promise<void> {
    const run = this.list.find((one) => one.id === id);
    if (!run) return;
    const { label: _, tags: __, notes: ___, observations: ____, ...rest } = run;
    await this.#put({ ...rest, ...notesOf({ ...run, ...notes }) });
  }

  /** What the student writes in the comparison's report. */
  observe(observations: Readonly<Record<string, string>>): void {
    this.observations = observations;
    keepComparison(observations);
    this.changed();
  }

  async remove(id: string): Promise<void> {
    this.removed = this.list.find((run) => run.id === id) ?? null;
    await this.#delete(id);
  }

  async restore(): Promise<void> {
    const { removed } = this;
    this.removed = null;
    if (removed) await this.#put(removed);
  }

  async #delete(id: string): Promise<void> {
    // Deleted first, so that a run that is no longer shown is gone even if the page is closed now.
    const run = this.list.find((one) => one.id === id);
    await deleteRun(id).catch(() => run && this.messages.error(LAB.notDeleted(runName(run))));
    this.list = this.list.filter((run) => run.id !== id);
    this.changed();
  }

  /** Loads run files that this page or the command line has saved. */
  async load(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      try {
        const read = await this.worker.readRun(file);
        // The command line's history has no date, so the file's date is used.
        const run = loadedRun(read, new Date(file.lastModified));
        const others = this.list.filter(({ id }) => id !== run.id);
        await this.#put({ ...run, number: nextNumber(others, run.experiment.name) });
      } catch (error) {
        this.messages.failure(error, file.name);
      }
    }
  }

  save(run: SavedRun): void {
    const name = `${runName(run).replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')}-seed-${run.seed}.run.json`;
    // A file has the figures; the images of the report stay in the browser.
    const { report: _, ...file } = run;
    download(name, 'application/json', run.whole?.file ?? `${JSON.stringify(file)}\n`);
  }

  /** Shows a run, stored or not; false if the browser has not stored it. */
  async #put(run: SavedRun): Promise<boolean> {
    // Stored first, so that a run that is shown is not lost if the page is closed now.
    const isKept = await putRun(run).then(
      () => true,
      () => false,
    );
    this.list = sorted([run, ...this.list.filter(({ id }) => id !== run.id)]);
    this.changed();
    if (!isKept) this.messages.notice(RUNS.notKept);
    const old = this.list.slice(MOST_KEPT).filter(({ pinned }) => !pinned);
    for (const { id } of old) await this.#delete(id);
    return isKept;
  }
}

const sorted = (runs: SavedRun[]): SavedRun[] => runs.sort((a, b) => b.saved_at.localeCompare(a.saved_at));
