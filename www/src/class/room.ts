/** The state of the page that checks a class: the assignment, the files, their verdicts, and the replay under way. */
import type { Assigned, ClassLine, ReplayFailure, ReplayJob, Submission } from '../base/engine';
import { Messages, sentence } from '../lab/messages';
import { Observable } from '../lab/observable';
import { LAB } from '../lab/text';
import { pathOf } from '../ui/dropped';
import { connect } from '../worker/client';
import { documentOf, isOfTheSystem, sameContent } from './given';
import { Replayer } from './replayer';
import { CLASS } from './text';

/** How often the page is told of a replay's progress. */
const PROGRESS_MS = 200;

export class ClassRoom extends Observable {
  /** The document of the assignment as text, and what follows from it. */
  text = '';
  info: Assigned | null = null;
  lines: readonly ClassLine[] = [];
  state: 'idle' | 'checking' | 'paused' | 'data' | 'done' = 'idle';
  jobs: readonly ReplayJob[] = [];
  /** Completed replays. */
  done = 0;
  /** The share of the current replay. */
  share = 0;
  /** Files whose verdict is from an earlier visit. */
  fromEarlier = 0;
  readonly messages: Messages = new Messages((why) => this.messages.error(LAB.crash(why)));
  /** The worker that has the files; it does not train, so that it outlives a replay that fails. */
  readonly #office = connect((why) => this.messages.error(why || CLASS.ended));
  #homework = this.#office.client.homework();
  /** The files that were given, by their paths. */
  readonly #given = new Map<string, File>();
  /** Files of a later drop whose path another file already has, with other content. The first one is checked. */
  newer: readonly File[] = [];
  readonly #replayers = new Map<boolean, Replayer>();
  /** Changed by every new plan, so that an earlier one ends. */
  #round = 0;
  #told = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private site: string) {
    super();
    this.messages.subscribe(() => this.changed());
  }

  /** The data of the replays that the portable build makes; the other build reads the same files from the browser's storage. */
  get data() {
    return this.#replayer(true).data;
  }

  /** Takes files: an assignment's or an experiment's document, submissions, archives of them. */
  take(files: File[]): Promise<void> {
    return this.#next(async () => {
      const submissions: File[] = [];
      for (const file of files) {
        const text = await documentOf(file);
        if (text === null) submissions.push(file);
        else await this.#assign(text, file.name);
      }
      if (submissions.length > 0) await this.#add(submissions);
      await this.#plan();
    });
  }

  /** Uses a document, such as an edited one. True if it is valid. */
  async assign(text: string): Promise<boolean> {
    let isValid = false;
    await this.#next(async () => {
      isValid = await this.#assign(text, CLASS.assignment.title);
      if (isValid) await this.#plan();
    });
    return isValid;
  }

  async #assign(text: string, file: string): Promise<boolean> {
    this.messages.clearErrors();
    try {
      this.info = await (await this.#homework).assigned(text, null);
      this.text = text;
    } catch (error) {
      this.messages.error(CLASS.assignment.notText(file, sentence(error)));
      return false;
    }
    this.changed();
    return true;
  }

  async #add(files: File[]): Promise<void> {
    const fresh: File[] = [];
    for (const file of files) {
      const path = pathOf(file);
      if (isOfTheSystem(path)) continue;
      const first = this.#given.get(path);
      if (!first) {
        this.#given.set(path, file);
        fresh.push(file);
      } else if (!(await sameContent(first, file))) {
        this.newer = [...this.newer.filter((other) => pathOf(other) !== path), file];
      }
    }
    await this.#handOver(fresh);
  }

  async #handOver(files: readonly File[]): Promise<void> {
    const given = files.map((file) => ({ path: pathOf(file), modified: file.lastModified, file }));
    given.sort((a, b) => (a.path < b.path ? -1 : 1));
    const homework = await this.#homework;
    await homework.add(given);
    this.lines = await homework.lines();
    this.changed();
  }

  /** Takes the newer files of the same paths in place of the first ones, or keeps those. */
  decide(takesNewer: boolean): Promise<void> {
    return this.#next(async () => {
      const { newer } = this;
      this.newer = [];
      this.changed();
      if (!takesNewer || newer.length === 0) return;
      for (const file of newer) this.#given.set(pathOf(file), file);
      // A check cannot give a file back, so all files are given to a new one. It knows the verdicts that this browser keeps.
      this.#homework = this.#office.client.homework();
      await this.#handOver([...this.#given.values()]);
      await this.#plan();
    });
  }

  /** Checks all files as far as that needs no replay; then the replays begin. */
  async #plan(): Promise<void> {
    if (!this.info || this.lines.length === 0) return;
    this.#round += 1;
    const homework = await this.#homework;
    this.jobs = await homework.plan(this.text);
    [this.lines, this.fromEarlier] = await Promise.all([homework.lines(), homework.fromEarlier()]);
    [this.done, this.share] = [0, 0];
    if (this.state !== 'paused') this.state = 'checking';
    this.changed();
    if (this.state === 'checking') void this.#check(this.#round);
  }

  /** Forgets the verdicts of earlier visits, and checks the files again. */
  checkAgain(): Promise<void> {
    return this.#next(async () => {
      await (await this.#homework).forget();
      await this.#plan();
    });
  }

  pause(): void {
    if (this.state !== 'checking') return;
    this.state = 'paused';
    for (const replayer of this.#replayers.values()) replayer.pause();
    this.changed();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'checking';
    for (const replayer of this.#replayers.values()) replayer.resume();
    this.#wake?.();
    this.changed();
    // Files may have come meanwhile, with a plan that no check has begun. Without them the check goes on, and this one finds nothing left.
    void this.#check(this.#round);
  }

  /** Goes on once the data files are here. */
  async addData(files: File[]): Promise<void> {
    await this.data.addFiles(files);
    this.changed();
    if (this.state !== 'data' || !this.data.ready) return;
    this.state = 'checking';
    this.changed();
    void this.#check(this.#round);
  }

  #wake: (() => void) | null = null;
  #working: Promise<void> = Promise.resolve();

  /** One check at a time: the next one waits until the replay under way has ended. */
  #check(round: number): Promise<void> {
    this.#working = this.#working.then(() => this.#replayAll(round));
    return this.#working;
  }

  async #replayAll(round: number): Promise<void> {
    if (round !== this.#round || this.state !== 'checking') return;
    try {
      while (this.done < this.jobs.length && round === this.#round) {
        await this.#unlessPaused();
        if (round !== this.#round) return;
        if (!(await this.#replay(this.done, round))) return;
      }
      if (round === this.#round) this.state = 'done';
    } catch (error) {
      this.messages.error(sentence(error));
      this.state = 'idle';
    } finally {
      this.changed();
    }
  }

  /** Makes the replays of a job and judges its files. False if it needs data that is not here. */
  async #replay(index: number, round: number): Promise<boolean> {
    const job = this.jobs[index];
    if (!job) return false;
    const outcomes: (Submission | ReplayFailure)[] = [];
    for (const [i, portable] of job.portable.entries()) {
      const replayer = this.#replayer(portable);
      const ready = await replayer.prepare(job.experiment);
      if (ready === false) {
        this.state = 'data';
        return false;
      }
      if (ready !== true) {
        outcomes.push(ready);
        continue;
      }
      // The engine may have been loading meanwhile.
      await this.#unlessPaused();
      outcomes.push(
        await replayer.replay(job.experiment, (share) => this.#progress((i + share) / job.portable.length)),
      );
    }
    // The files may have changed meanwhile; then the new plan repeats what it needs.
    if (round !== this.#round) return false;
    const homework = await this.#homework;
    await homework.settle(index, outcomes);
    this.lines = await homework.lines();
    [this.done, this.share] = [index + 1, 0];
    this.changed();
    return true;
  }

  /** Waits until the check goes on. */
  async #unlessPaused(): Promise<void> {
    while (this.state === 'paused') await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #progress(share: number): void {
    this.share = share;
    const now = performance.now();
    if (now - this.#told < PROGRESS_MS) return;
    this.#told = now;
    this.changed();
  }

  async submission(index: number): Promise<Submission | null> {
    return (await this.#homework).submission(index);
  }

  async csv(): Promise<string> {
    return (await this.#homework).csv();
  }

  async html(): Promise<string> {
    return (await this.#homework).html();
  }

  #replayer(portable: boolean): Replayer {
    const known = this.#replayers.get(portable);
    if (known && !known.isBroken) return known;
    known?.close();
    const replayer = new Replayer(portable, this.messages, this.site);
    replayer.data.subscribe(() => this.changed());
    this.#replayers.set(portable, replayer);
    return replayer;
  }

  #next(act: () => Promise<void>): Promise<void> {
    const piece = this.#queue.then(act).catch((error: unknown) => this.messages.error(sentence(error)));
    this.#queue = piece;
    return piece;
  }
}
