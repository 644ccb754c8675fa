/**
 * The state of the lab, without any element: settings, experiment, data and run. Elements read it and call its methods. A page
 * may have several labs.
 */

import type { Experiment, Preset, PresetHead, Summary } from '../base/engine';
import { phrase, presetText } from '../base/localized';
import { browserOf, hasStyles, type Theme } from '../base/platform';
import { DEFAULTS, type Settings, toUrl, withSettings } from '../base/settings';
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
import { decodeEdit, encodeEdit } from './edit';
import { LabExperiments } from './lab-experiments';
import { Messages, sentence } from './messages';
import { Observable } from './observable';
import { BROWSER, EDIT, gpuNotice, LAB, LOCKED } from './text';
import { Texts } from './texts';

/** After this pause in typing the summary is computed, rather than at every key. */
const SETTLE_MS = 150;

class MutableLab extends Observable {
  phase: 'loading' | 'ready' | 'broken' = 'loading';
  settings: Settings = { ...DEFAULTS };
  presets: readonly PresetHead[] = [];
  boot: Boot | null = null;
  gpuNotice: string | null = null;
  /** An edited experiment, in place of the preset. */
  custom: Experiment | null = null;
  summary: Summary | null = null;
  specError: string | null = null;
  /** The name of the layer that the error is about; null if it is about no layer. */
  specLayer: string | null = null;
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
  /** The presets' documents: the first one, or all of them once another one is wanted. */
  #documents: readonly Experiment[] = [];
  #connection: Connection;
  #closing = new AbortController();
  /** Aborted when the lab is closed, for those who hold a worker of their own. */
  readonly closed = this.#closing.signal;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #checking: Experiment | null = null;

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
    const { messages, texts, data, run, runs, model, predictions, inside, kept, experiments } = this;
    for (const part of [messages, texts, data, run, runs, model, predictions, inside, kept, experiments])
      part.subscribe(() => this.changed());
  }

  /**
   * Loads the engine and takes the settings from an address; `site` is the folder with the data files, `own` the experiment of
   * the page around the lab. The lab is ready only once that experiment is loaded, so that no other one can be started before.
   */
  async open(search: string, site: string, own?: () => Promise<Experiment | null>): Promise<void> {
    if (!hasSimd()) return this.#break(BROWSER.noSimd);
    if (!hasStyles()) this.messages.notice(BROWSER.noStyles);
    try {
      this.boot = await this.worker.boot(this.#portable);
      const { heads, first } = await this.worker.presetList();
      this.presets = heads.map(presetText);
      this.#documents = [first];
      await this.data.init(site);
      await Promise.all([this.runs.init(), this.experiments.init()]);
    } catch (error) {
      return this.#break(LAB.notLoaded(sentence(error)));
    }
    this.gpuNotice = gpuNotice(this.boot.gpu, browserOf(navigator.userAgent));
    const settings = readAddress(search, this.presets, this.messages);
    await this.loadPreset(settings.experiment);
    this.settings = settings;
    // Where the CPU may take over, the notice changes nothing that the student does; the device view has it.
    if (this.gpuNotice && this.settings.engine === 'gpu') this.messages.notice(this.gpuNotice);
    await this.#readEdit();
    if (own) await this.#takeOwn(own);
    this.phase = 'ready';
    this.changed();
    await Promise.all([this.#follow(), this.kept.open()]);
  }

  close(): void {
    clearTimeout(this.#settling);
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

  /** The selected preset. */
  get preset(): Preset | null {
    const experiment = this.#documents.find(({ name }) => name === this.settings.experiment) ?? this.#documents[0];
    const head = this.presets.find(({ id }) => id === experiment?.name);
    return head && experiment ? presetText({ ...head, text: experiment.text ?? '', experiment }) : null;
  }

  /** Loads a preset's document, before it is selected. */
  async loadPreset(id: string): Promise<void> {
    if (!this.presets.some((one) => one.id === id) || this.#documents.some(({ name }) => name === id)) return;
    this.#documents = (await this.worker.presets()).map(({ experiment }) => experiment);
  }

  /** The experiment that would run: the preset or the edited experiment, with the settings applied. */
  get experiment(): Experiment | null {
    const synthetic = this.data.origin === 'synthetic' ? this.data.syntheticName : null;
    return this.#applied(synthetic);
  }

  /** The same experiment as a document, which names the real data set even if the synthetic one is selected. */
  get document(): Experiment | null {
    return this.#applied(null);
  }

  /** Whether the experiment is a cost sheet: its data set does not fit into a tab, so it cannot be trained. */
  get isCostSheet(): boolean {
    const { name } = this.document?.dataset ?? {};
    return this.presets.some(({ trainable, dataset }) => !trainable && dataset === name);
  }

  get title(): string {
    const title = this.preset?.title ?? '';
    if (!this.custom) return title;
    const own = this.custom.title;
    return own && own !== title && own !== this.preset?.experiment.title ? phrase(own) : LAB.custom(title);
  }

  /** The settings as an address. A link to a lab that trains on real data never leads to one that trains on synthetic data. */
  get address(): string {
    const { settings, data } = this;
    const isReal = settings.data === 'auto' && data.hasChoice && data.origin === 'official';
    return toUrl(isReal ? { ...settings, data: 'official' } : settings);
  }

  set(changes: Partial<Settings>): void {
    if (Object.keys(changes).some((name) => name !== 'tab') && this.#refuses()) return;
    const other = changes.experiment !== undefined && changes.experiment !== this.settings.experiment;
    if (other) {
      this.custom = null;
      this.experiments.leave();
    }
    this.settings = { ...this.settings, ...changes, ...(other && { edit: null }) };
    this.changed();
    if (changes.engine) this.#warmUp();
    if (Object.keys(changes).every((name) => name === 'tab' || name === 'engine')) return;
    this.#settle();
  }

  /**
   * Uses another experiment, or with `isEdit` the open one as it was edited. Throws the engine's error if it is invalid, and then
   * changes nothing.
   */
  async useCustom(experiment: Experiment | null, isEdit = false): Promise<void> {
    if (this.locked) throw new Error(LOCKED.error);
    if (experiment) await this.worker.summary(experiment);
    if (!isEdit) this.experiments.leave();
    this.#adopt(experiment);
    await this.#follow();
  }

  /** Uses an experiment while it is being edited, valid or not. An error is shown at its layer, and the run cannot start. */
  edit(experiment: Experiment | null): void {
    if (this.#refuses()) return;
    this.#adopt(experiment);
    this.#settle();
  }

  /** Applies what the page around the lab has set: its own experiment, or a preset by the settings. */
  async take(settings: Partial<Settings>, custom: Experiment | null): Promise<void> {
    if (custom) await this.worker.summary(custom);
    if (settings.experiment) await this.loadPreset(settings.experiment);
    if (custom !== this.custom) this.experiments.leave();
    this.custom = custom;
    this.settings = { ...this.settings, ...settings, edit: null };
    this.changed();
    await this.#follow();
  }

  /** Restores the settings and the experiment of a run that is resumed; its start checks the experiment. */
  async restore(settings: Settings, custom: Experiment | null): Promise<void> {
    await this.loadPreset(settings.experiment);
    this.experiments.recall();
    this.custom = custom;
    this.settings = settings;
    this.changed();
  }

  /** Called by the run: saves it among the runs to compare. */
  runEnded(): void {
    const { id, state } = this.run;
    const kept = this.runs.keep(this.run);
    if (state === 'done') void kept.then(() => this.worker.finishedIsStored(id));
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

  /** Whether the data that is ready has other images or more classes than the network. */
  get isUnfit(): boolean {
    const { info } = this.data;
    const { document, summary } = this;
    if (!info || info.synthetic || !document || document.dataset.merge_classes) return false;
    const shape = [info.height, info.width, info.channels];
    const outputs = summary?.layers.at(-1)?.output_shape.at(-1);
    return document.input_shape.some((size, i) => size !== shape[i]) || outputs !== info.classes.length;
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
    if (this.settings.data === 'synthetic' && this.#refuses()) return;
    await this.#settleNow();
    await this.data.addFiles(files);
    await this.#filesCame();
  }

  async fetchUrls(urls: string[]): Promise<void> {
    if (this.settings.data === 'synthetic' && this.#refuses()) return;
    await this.#settleNow();
    await this.data.fetchUrls(urls);
    await this.#filesCame();
  }

  /** Downloads the experiment's data set from the first of these sources that has it. */
  async fetchSources(sources: Source[]): Promise<void> {
    if (this.settings.data === 'synthetic' && this.#refuses()) return;
    await this.#settleNow();
    await this.data.fetchSources(sources);
    await this.#filesCame();
  }

  /** Whether the experiment is locked; if so, shows that as an error. */
  #refuses(): boolean {
    if (this.locked) this.messages.error(LOCKED.error);
    return this.locked;
  }

  #applied(synthetic: string | null): Experiment | null {
    const base = this.custom ?? this.preset?.experiment;
    return base ? withSettings(base, this.settings, synthetic) : null;
  }

  #adopt(experiment: Experiment | null): void {
    this.custom = experiment;
    const { epochs, batch, seed, train, test } = DEFAULTS;
    const preset = this.preset?.experiment;
    const edit = experiment && preset ? encodeEdit(preset, experiment) : null;
    if (experiment && preset && edit === null) this.messages.notice(EDIT.tooLong);
    this.settings = { ...this.settings, epochs, batch, seed, train, test, edit };
    this.changed();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      void this.#follow();
    }, SETTLE_MS);
  }

  /** Ends the wait for further changes, so that files given now are read for the experiment as it is now. */
  async #settleNow(): Promise<void> {
    if (this.#settling === undefined) return;
    clearTimeout(this.#settling);
    this.#settling = undefined;
    await this.#follow();
  }

  async #filesCame(): Promise<void> {
    if (this.data.origin === 'official' && this.settings.data === 'synthetic') {
      this.settings = { ...this.settings, data: 'official' };
    }
    await this.#follow();
  }

  /** The experiment, once its data is ready; null if that is not possible, and then the reason is shown. */
  async prepare(): Promise<Experiment | null> {
    clearTimeout(this.#settling);
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
    const base = this.custom ?? this.preset?.experiment;
    if (!base) return;
    this.model.follow();
    const { data, train, test } = this.settings;
    const wanted = this.data.want(base, data, train, test);
    await this.#summarise();
    await wanted;
    this.changed();
  }

  async #summarise(): Promise<void> {
    const { experiment } = this;
    if (!experiment) return;
    this.#checking = experiment;
    const found = await this.worker.check(experiment);
    // The experiment may have changed in the meantime.
    if (experiment !== this.#checking) return;
    if ('failure' in found) {
      this.specError = sentence(found.failure);
      this.specLayer = found.failure.layer ?? null;
    } else {
      this.summary = found.summary;
      this.specError = null;
      this.specLayer = null;
      this.#warmUp();
    }
    this.changed();
  }

  /** Compiles for the GPU ahead of the run where it is likely to train. Does nothing during a run. */
  #warmUp(): void {
    const { experiment, boot, settings, run } = this;
    if (!experiment || this.specError || boot?.gpu.state !== 'ready' || run.active) return;
    const isLikely = settings.engine === 'gpu' || (settings.engine === 'auto' && !boot.gpu.software);
    if (isLikely) void this.worker.warmUp(experiment);
  }

  /** Applies the changes in the address. If they are invalid, the preset stays as it is and an error is shown. */
  async #readEdit(): Promise<void> {
    const { edit } = this.settings;
    const preset = this.preset?.experiment;
    if (edit === null || !preset) return;
    const experiment = decodeEdit(preset, edit);
    try {
      if (experiment) await this.worker.summary(experiment);
      this.custom = experiment;
      if (!experiment) this.messages.error(EDIT.broken);
    } catch (error) {
      this.messages.error(EDIT.refused(sentence(error)));
    }
    if (!this.custom) this.settings = { ...this.settings, edit: null };
  }

  async #takeOwn(own: () => Promise<Experiment | null>): Promise<void> {
    try {
      const experiment = await own();
      if (experiment) await this.worker.summary(experiment);
      this.custom = experiment;
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
