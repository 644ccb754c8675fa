/**
 * The data as the page sees it: the set that the experiment needs, its possible sources, and the set that is ready to train on.
 */
import type { Remote } from 'comlink';
import { titleOf } from '../base/datasets';
import type { DatasetInfo, Experiment } from '../base/engine';
import type { DataChoice } from '../base/settings';
import { SYNTHETIC, syntheticFor } from '../base/synthetic';
import { download } from '../lab/download';
import type { Messages } from '../lab/messages';
import { Observable } from '../lab/observable';
import { pathOf } from '../ui/dropped';
import { callback } from '../worker/client';
import type { LabWorker } from '../worker/lab-worker';
import {
  type Downloaded,
  type FilesResult,
  keyOf,
  noFiles,
  type Progress,
  type SetId,
  type SiteData,
  type Source,
  type StoredSet,
  setOf,
} from '../worker/protocol';
import { problemTexts, type Refusal, refusal } from './problems';
import { DATA, GET } from './text';

export type Origin = 'official' | 'synthetic';

export class LabData extends Observable {
  /** The name of the set that the experiment needs, as in its `dataset.name`. */
  name = '';
  /** The set itself, with what its files are read for. */
  #set: SetId = { name: '', coarse: false };
  /** The synthetic set of the same shape, where there is one. */
  syntheticName: string | null = null;
  /** The one of the two that the settings select. */
  origin: Origin = 'synthetic';
  /** The page around the lab has chosen between the real and the synthetic set. */
  #isFixed = false;
  info: DatasetInfo | null = null;
  /** Identifies the set in `info`, to compare it with the one that is needed now. */
  #loaded = '';
  #wantedTrain = SYNTHETIC.train;
  #wantedTest = SYNTHETIC.test;
  stored: readonly StoredSet[] = [];
  site: Readonly<SiteData> = { files: {}, sources: {} };
  /** The title of the set whose download is under way, which can be cancelled. The experiment may have changed since it began. */
  fetching: string | null = null;
  /** Whether it is cancelled, perhaps while it waits for other work. */
  #isCancelled = false;
  progress: Progress | null = null;
  /** Sets that are in this page's memory only, because the browser could not store them. */
  #unkept = new Set<string>();
  recognised: readonly FilesResult['recognised'][number][] = [];
  /** Whether the files given last belong to another set, or to several that fit. */
  refused: Refusal = 'no';
  missing: readonly string[] = [];
  /** The notice about the missing files, to retract it later. */
  #incomplete = '';
  #work: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(
    private worker: Remote<LabWorker>,
    private messages: Readonly<Messages>,
  ) {
    super();
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Whether the set that the experiment needs is decoded and ready. */
  get ready(): boolean {
    return this.info !== null && this.#loaded === this.#wanted();
  }

  /** Whether the synthetic set can be chosen in place of the real one. */
  get hasChoice(): boolean {
    return !this.#isFixed && this.syntheticName !== null && this.syntheticName !== this.name;
  }

  /** Whether the set is missing and can only come from the student's own files. */
  get wantsFiles(): boolean {
    if (this.ready || this.origin === 'synthetic' || this.siteFiles.length > 0) return false;
    return !(this.kept && this.busy);
  }

  get title(): string {
    return titleOf(this.name);
  }

  get kept(): StoredSet | null {
    return this.stored.find((set) => set.name === this.#set.name) ?? null;
  }

  get siteFiles(): string[] {
    return this.site.files[this.name] ?? [];
  }

  /** Where else this site says that the set can be downloaded. */
  get sources(): readonly Source[] {
    return this.site.sources[this.name] ?? [];
  }

  /** With `isFixed` the student cannot choose between the real and the synthetic set. */
  fix(isFixed: boolean): void {
    this.#isFixed = isFixed;
    this.changed();
  }

  async init(site: string): Promise<void> {
    [this.stored, this.site] = await Promise.all([
      this.worker.stored().catch((): StoredSet[] => []),
      this.worker.siteData(site),
    ]);
  }

  /** Follows the experiment and the settings, and loads what can be loaded without a network request. */
  async want(experiment: Experiment, choice: DataChoice, train: number | null, test: number | null): Promise<void> {
    const drawn = experiment.dataset.name.startsWith('synthetic_');
    const set = setOf(experiment);
    if (keyOf(this.#set) !== keyOf(set)) {
      this.name = experiment.dataset.name;
      this.#set = set;
      this.recognised = [];
      this.missing = [];
    }
    this.syntheticName = syntheticFor(experiment);
    // A synthetic set that is the experiment's own has as many images as it asks for, as on the command line.
    const own = drawn ? experiment.dataset.limit : null;
    this.#wantedTrain = positive(train ?? own?.train ?? null) ?? SYNTHETIC.train;
    this.#wantedTest = positive(test ?? own?.test ?? null) ?? SYNTHETIC.test;
    this.origin = this.#decide(choice, drawn);
    this.changed();
    if (this.origin === 'synthetic') await this.#draw();
    else if (this.kept || this.#unkept.has(keyOf(this.#set))) await this.#recall();
  }

  /** Makes the set ready, with files from this site if necessary. False if that is not possible; the reason is shown. */
  async ensure(): Promise<boolean> {
    await this.#work.catch(() => undefined);
    if (!this.ready && this.origin === 'official' && this.siteFiles.length > 0) await this.fetchSite();
    if (!this.ready && this.origin === 'synthetic') await this.#draw();
    if (!this.ready && this.origin === 'official') this.messages.error(DATA.neededToStart(this.title, this.hasChoice));
    return this.ready;
  }

  addFiles(files: File[]): Promise<void> {
    const given = files.map((file): [string, Blob] => [pathOf(file), file]);
    return this.#files((set) => this.worker.addFiles(set, given, this.#report()));
  }

  fetchSite(): Promise<void> {
    return this.fetchUrls(this.siteFiles);
  }

  fetchUrls(urls: string[]): Promise<void> {
    return this.#download((set) => this.worker.fetchFiles(set, urls, this.#report()));
  }

  /** Downloads the set from the first source that has it. */
  fetchSources(sources: Source[]): Promise<void> {
    return this.#download((set) => this.worker.fetchSources(set, sources, this.#report()));
  }

  async #download(ask: (set: SetId) => Promise<Downloaded>): Promise<void> {
    const { title } = this;
    this.fetching = title;
    this.#isCancelled = false;
    await this.#files(async (set) => {
      const result = this.#isCancelled ? { ...noFiles(), cancelled: true } : await ask(set);
      this.fetching = null;
      if (result.cancelled) this.messages.notice(GET.cancelled(title));
      if (result.failures) this.messages.error(GET.failed(title, result.failures));
      return result;
    });
    this.fetching = null;
    this.changed();
  }

  /** Saves the set that is shown as one file, which the data set `custom` reads. */
  saveNpz(): Promise<void> {
    return this.#exclusively(async () => {
      const bytes = await this.worker.npz();
      download(`${this.info?.name ?? 'images'}.npz`, 'application/zip', bytes as Uint8Array<ArrayBuffer>);
    });
  }

  cancelFetch(): void {
    this.#isCancelled = true;
    void this.worker.cancelFetch();
  }

  async forget(name: string): Promise<void> {
    const title = titleOf(name);
    await this.#exclusively(async () => {
      await this.worker.forget(name);
      this.stored = await this.worker.stored();
      this.messages.notice(DATA.forgotten(title));
    });
  }

  #decide(choice: DataChoice, drawn: boolean): Origin {
    if (drawn) return 'synthetic';
    if (this.syntheticName === null) return 'official';
    if (choice !== 'auto') return choice;
    const atHand = this.kept !== null || this.siteFiles.length > 0 || this.#unkept.has(keyOf(this.#set));
    return atHand ? 'official' : 'synthetic';
  }

  #wanted(): string {
    return this.origin === 'official'
      ? `official ${keyOf(this.#set)}`
      : `synthetic ${this.syntheticName} ${this.#wantedTrain} ${this.#wantedTest}`;
  }

  #draw(): Promise<void> {
    return this.#exclusively(async () => {
      const name = this.syntheticName;
      if (this.origin !== 'synthetic' || name === null || this.ready) return;
      const wanted = this.#wanted();
      const { seed } = SYNTHETIC;
      const info = await this.worker.synthetic(name, seed, this.#wantedTrain, this.#wantedTest, this.#report());
      this.#show(info, wanted);
    });
  }

  #recall(): Promise<void> {
    return this.#exclusively(async () => {
      if (this.ready || this.origin !== 'official') return;
      const set = this.#set;
      const result = await this.worker.recall(set, this.#report());
      if (result) this.#take(set, result);
    });
  }

  /** Takes files for the set that is needed now, also if another one is by the time the work before has ended. */
  #files(offer: (set: SetId) => Promise<FilesResult>): Promise<void> {
    this.messages.clearErrors();
    const set = this.#set;
    return this.#exclusively(async () => {
      this.#take(set, await offer(set));
      this.stored = await this.worker.stored().catch(() => this.stored);
    });
  }

  #take(set: SetId, result: FilesResult): void {
    const isNeeded = keyOf(set) === keyOf(this.#set);
    this.refused = refusal(result);
    if (isNeeded) this.#list(result);
    for (const text of problemTexts(result.problems)) this.messages.error(text);
    if (result.notKept) this.#unkept.add(keyOf(set));
    if (result.notKept) this.messages.notice(DATA.notKept(result.info?.title ?? titleOf(set.name), result.notKept));
    if (!result.info) return;
    // A student who provides real files wants to train on them.
    if (isNeeded) this.origin = 'official';
    this.#show(result.info, `official ${keyOf(set)}`);
  }

  /** Lists the files of the set that are here. If they did not make a complete set, the list goes on; otherwise it starts again. */
  #list({ recognised, missing }: FilesResult): void {
    const begun = missing.length > 0;
    this.recognised = begun ? [...this.recognised, ...recognised] : [];
    this.missing = begun ? missing : [];
    if (this.#incomplete) this.messages.retract(this.#incomplete);
    this.#incomplete = this.recognised.length > 0 ? DATA.incomplete(this.title, this.missing.join('; ')) : '';
    // The files may have been dropped on another view, so the notice is shown above all views.
    if (this.#incomplete) this.messages.notice(this.#incomplete);
  }

  #show(info: DatasetInfo, loaded: string): void {
    this.info = info;
    this.#loaded = loaded;
  }

  #report() {
    return callback((progress: Progress) => {
      // Progress has a channel of its own, and its last message may arrive after the work is done.
      if (!this.busy) return;
      this.progress = progress;
      this.changed();
    });
  }

  /** Runs one task after another. A failure is shown and ends only its own task. */
  #exclusively(act: () => Promise<void>): Promise<void> {
    this.#waiting += 1;
    this.changed();
    const piece = this.#work.then(act).catch((error: unknown) => {
      this.messages.failure(error);
    });
    this.#work = piece.then(() => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.progress = null;
      this.changed();
    });
    return this.#work as Promise<void>;
  }
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
