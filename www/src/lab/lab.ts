/**
 * The state of the lab, without any element: the selected experiment, its data and its run. Elements read it and call its methods.
 * A page may have several labs.
 */

import type { Experiment } from '../base/engine';
import { browserOf, hasStyles, type Theme } from '../base/platform';
import type { Settings } from '../base/settings';
import { LabRuns } from '../compare/lab-runs';
import { LabData } from '../data/lab-data';
import { LabInside } from '../inside/lab-inside';
import { LabModel } from '../model/lab-model';
import { LabPredictions } from '../predictions/lab-predictions';
import { LabKept } from '../run/lab-kept';
import { LabRun } from '../run/lab-run';
import { hasSimd } from '../worker/build';
import { type Connection, connect } from '../worker/client';
import type { Boot, GivenFile, Source } from '../worker/protocol';
import { readAddress } from './address';
import { debounced } from './debounced';
import { LabExperiments } from './lab-experiments';
import { Messages, sentence } from './messages';
import { Observable } from './observable';
import { Selection } from './selection';
import { BROWSER, gpuNotice, LAB, LOCKED } from './text';
import { Texts } from './texts';

/** After this pause in typing the summary is computed, rather than at every key. */
const SETTLE_MS = 150;

class MutableLab extends Selection {
  phase: 'loading' | 'ready' | 'broken' = 'loading';
  boot: Boot | null = null;
  gpuNotice: string | null = null;
  /** The colour scheme chosen by the student; '' follows the system. */
  theme: Theme = '';
  /** The page around the lab has set the experiment, and it cannot be changed. */
  locked = false;
  /** Whether runs use the arithmetic that gives the same results on every processor. */
  #portable = false;
  readonly messages: Readonly<Messages>;
  readonly texts: Readonly<Texts>;
  readonly data: Readonly<LabData>;
  readonly run: Readonly<LabRun>;
  readonly runs: Readonly<LabRuns>;
  readonly model: Readonly<LabModel>;
  readonly inside: Readonly<LabInside>;
  readonly predictions: Readonly<LabPredictions>;
  readonly kept: Readonly<LabKept>;
  readonly experiments: Readonly<LabExperiments>;
  readonly worker: Connection['client'];
  #connection: Connection;
  #closing = new AbortController();
  /** Aborted when the lab is closed, for those who hold a worker of their own. */
  readonly closed = this.#closing.signal;
  readonly #settling = debounced(() => this.#follow(), SETTLE_MS);

  constructor(keepsRuns: boolean) {
    super();
    const onCrash = (why: string) => this.#break(keepsRuns ? LAB.crash(why) : LAB.crashUnkept(why));
    this.#connection = connect(onCrash);
    this.worker = this.#connection.client;
    this.messages = new Messages(onCrash);
    this.texts = new Texts(this.worker);
    this.data = new LabData(this.worker, this.messages);
    this.run = new LabRun(this.worker, this.messages, this);
    this.runs = new LabRuns(this.worker, this.messages);
    this.model = new LabModel(this);
    this.predictions = new LabPredictions(this.worker, this.messages, this.run);
    this.inside = new LabInside(this.worker, this.run);
    this.kept = new LabKept(this, keepsRuns);
    this.experiments = new LabExperiments(this);
    for (const part of Object.values(this)) if (part instanceof Observable) part.subscribe(() => this.changed());
  }

  /**
   * Loads the engine and takes the settings from an address; `site` is the folder with the data files, `own` the experiment of
   * the page around the lab. The lab is ready only once that experiment is loaded, so that no other one can be started before.
   */
  async open(search: string, site: string, own?: () => Promise<Experiment | null>): Promise<void> {
    if (!hasSimd()) return this.#break(BROWSER.noSimd);
    if (!hasStyles()) this.messages.notice(BROWSER.noStyles);
    try {
      // All at once: the others are loaded while the engine is.
      const booted = this.worker.boot(this.#portable);
      const others = [this.loadPresets(), this.data.init(site), this.runs.init(), this.experiments.init()];
      [this.boot] = await Promise.all([booted, ...others]);
    } catch (error) {
      return this.#break(LAB.notLoaded(sentence(error)));
    }
    this.gpuNotice = gpuNotice(this.boot.gpu, browserOf(navigator.userAgent));
    const settings = readAddress(search, this.presets, this.messages);
    await this.loadPreset(settings.experiment);
    this.select(settings, this.custom);
    // Where the CPU may take over, the notice changes nothing that the student does; the device view has it.
    if (this.gpuNotice && this.settings.engine === 'gpu') this.messages.notice(this.gpuNotice);
    await this.readEdit();
    if (own) await this.#takeOwn(own);
    this.phase = 'ready';
    this.changed();
    await Promise.all([this.#follow(), this.kept.open()]);
  }

  close(): void {
    this.#settling.cancel();
    this.kept.close();
    this.#closing.abort();
    this.#connection.close();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.changed();
  }

  /**
   * What the page around the lab has set: `locked` keeps the experiment as it is, `fixedData` the choice between the real and the
   * synthetic set. A locked run is handed in, so it is `portable`, unless its assignment says otherwise.
   */
  fix(locked: boolean, fixedData: boolean, portable = locked): void {
    this.locked = locked;
    this.#portable = portable;
    this.data.fix(fixedData);
  }

  set(changes: Partial<Settings>): void {
    if (Object.keys(changes).some((name) => name !== 'tab') && this.#refuses()) return;
    if (this.change(changes)) this.experiments.leave();
    this.changed();
    if (changes.engine) this.#warmUp();
    if (Object.keys(changes).every((name) => name === 'tab' || name === 'engine')) return;
    this.#settling.later();
  }

  /**
   * Uses another experiment, or with `isEdit` the open one as it was edited. Throws the engine's error if it is invalid, and then
   * changes nothing.
   */
  async useCustom(experiment: Experiment | null, isEdit = false): Promise<void> {
    if (this.locked) throw new Error(LOCKED.error);
    if (experiment) await this.worker.summary(experiment);
    if (!isEdit) this.experiments.leave();
    this.adopt(experiment);
    await this.#follow();
  }

  /** Uses an experiment while it is being edited, valid or not. An error is shown at its layer, and the run cannot start. */
  edit(experiment: Experiment | null): void {
    if (this.#refuses()) return;
    this.adopt(experiment);
    this.#settling.later();
  }

  /** Applies what the page around the lab has set: its own experiment, or a preset by the settings. */
  async take(settings: Partial<Settings>, custom: Experiment | null): Promise<void> {
    if (custom) await this.worker.summary(custom);
    if (settings.experiment) await this.loadPreset(settings.experiment);
    if (custom !== this.custom) {
      this.experiments.leave();
      this.model.begin();
    }
    this.select({ ...this.settings, ...settings, edit: null }, custom);
    this.changed();
    await this.#follow();
  }

  /** Restores the settings and the experiment of a run that is resumed; its start checks the experiment. */
  async restore(settings: Settings, custom: Experiment | null): Promise<void> {
    await this.loadPreset(settings.experiment);
    this.experiments.recall();
    this.select(settings, custom);
    this.changed();
  }

  /** Called by the run: saves it among the runs to compare. */
  runEnded(): void {
    void this.#keepEnded();
  }

  async #keepEnded(): Promise<void> {
    const { id, state } = this.run;
    const isStored = await this.runs.keep(this.run);
    // Otherwise its checkpoint stays, so that the next visit can repeat the end of the run.
    if (isStored && state === 'done') await this.worker.finishedIsStored(id);
  }

  /** The text of a document's file, in any of the encodings that editors write. */
  textOf(file: Blob): Promise<string> {
    return this.worker.textOf(file);
  }

  /** Turns the experiment into one on the student's own image files. */
  useOwnImages(): void {
    const { document } = this;
    if (!document) return;
    const { validation = { split: 0.2 } } = document.dataset;
    this.edit({ ...document, dataset: { name: 'images', validation } });
  }

  /** Fits the network's input and its outputs to the data. */
  async fitToData(): Promise<void> {
    const { document, data } = this;
    if (!document || !data.info || this.#refuses()) return;
    try {
      this.edit(await this.worker.fit(document, { ...data.info, classes: data.info.classes.length }));
    } catch (error) {
      this.messages.failure(error);
    }
  }

  start(): Promise<boolean> {
    return this.kept.start(() => this.prepare());
  }

  /** Starts a paused run of the current experiment with the weights of a safetensors file. True if that succeeded. */
  startFrom(weights: GivenFile): Promise<boolean> {
    return this.run.startFrom(() => this.prepare(), this.settings.engine, weights);
  }

  /** Starts the experiment again with the next seed after the last run's. */
  startWithNextSeed(): Promise<boolean> {
    this.set({ seed: (this.run.info?.seed ?? this.experiment?.seed ?? 0) + 1 });
    return this.start();
  }

  /** Adds data files of the student, which the next run trains on. */
  async addFiles(files: File[]): Promise<void> {
    await this.#takeFiles(() => this.data.addFiles(files));
    if (this.data.refused !== 'no' && !this.locked) await (await import('../data/lab-others')).offerOther(this, files);
  }

  fetchUrls(urls: string[]): Promise<void> {
    return this.#takeFiles(() => this.data.fetchUrls(urls));
  }

  /** Downloads the experiment's data set from the first of these sources that has it. */
  fetchSources(sources: Source[]): Promise<void> {
    return this.#takeFiles(() => this.data.fetchSources(sources));
  }

  async #takeFiles(read: () => Promise<void>): Promise<void> {
    if (this.settings.data === 'synthetic' && this.#refuses()) return;
    // Ends the wait for further changes, so that the files are read for the experiment as it is now.
    await this.#settling.now();
    await read();
    if (this.data.origin === 'official' && this.settings.data === 'synthetic') this.change({ data: 'official' });
    await this.#follow();
  }

  /** Whether the experiment is locked; if so, shows that as an error. */
  #refuses(): boolean {
    if (this.locked) this.messages.error(LOCKED.error);
    return this.locked;
  }

  /** The experiment, once its data is ready; null if that is not possible, and then the reason is shown. */
  async prepare(): Promise<Experiment | null> {
    this.#settling.cancel();
    await this.#follow();
    if (this.specError) {
      this.messages.error(this.specError);
      return null;
    }
    if (this.isCostSheet) {
      this.messages.error(LAB.costSheet(this.title));
      return null;
    }
    return (await this.data.ensure()) ? this.experiment : null;
  }

  /** Updates the summary and the data after a change of the experiment. */
  async #follow(): Promise<void> {
    const { base } = this;
    if (!base) return;
    this.model.follow();
    const { data, train, test } = this.settings;
    const wanted = this.data.want(base, data, train, test);
    if (await this.check()) {
      this.#warmUp();
      this.changed();
    }
    await wanted;
    this.changed();
  }

  /** Compiles for the GPU ahead of the run where it is likely to train. Does nothing during a run. */
  #warmUp(): void {
    const { experiment, boot, settings, run } = this;
    if (!experiment || this.specError || boot?.gpu.state !== 'ready' || run.active) return;
    const isLikely = settings.engine === 'gpu' || (settings.engine === 'auto' && !boot.gpu.software);
    if (isLikely) void this.worker.warmUp(experiment);
  }

  async #takeOwn(own: () => Promise<Experiment | null>): Promise<void> {
    try {
      const experiment = await own();
      if (experiment) await this.worker.summary(experiment);
      this.select(this.settings, experiment);
      this.experiments.leave();
    } catch (error) {
      this.messages.error(sentence(error));
    }
  }

  #break(text: string): void {
    this.phase = 'broken';
    this.messages.error(text);
    this.changed();
  }
}

/** The lab as all other code sees it: its state can be read, and only its methods change it. */
export type Lab = Readonly<MutableLab>;

/** With `keepsRuns` the browser stores the current run, so that it can be resumed after a reload. */
export const createLab = (keepsRuns: boolean): Lab => new MutableLab(keepsRuns);
