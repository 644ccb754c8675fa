/** The experiment that is selected (a preset or an edited one, with the settings), what follows from it, and the engine's check of it. */

import type { DatasetInfo, Experiment, Preset, PresetHead, Summary } from '../base/engine';
import { phrase, presetText } from '../base/localized';
import { DEFAULTS, type Settings, toUrl, withSettings } from '../base/settings';
import type { LabClient } from '../worker/client';
import { decodeEdit, encodeEdit } from './edit';
import { type Messages, sentence } from './messages';
import { Observable } from './observable';
import { EDIT, LAB } from './text';

/** The members of the lab's data that a selection needs. */
interface SelectedData {
  readonly origin: 'official' | 'synthetic';
  readonly syntheticName: string | null;
  readonly hasChoice: boolean;
  readonly info: DatasetInfo | null;
}

export abstract class Selection extends Observable {
  settings: Settings = { ...DEFAULTS };
  presets: readonly PresetHead[] = [];
  /** An edited experiment, in place of the preset. */
  custom: Experiment | null = null;
  summary: Summary | null = null;
  specError: string | null = null;
  /** The name of the layer that the error is about; null if it is about no layer. */
  specLayer: string | null = null;
  abstract readonly worker: Pick<LabClient, 'presetList' | 'presets' | 'summary' | 'check'>;
  abstract readonly messages: Pick<Messages, 'error' | 'notice'>;
  abstract readonly data: SelectedData;
  /** The presets' documents: the first one, or all of them once another one is wanted. */
  #documents: readonly Experiment[] = [];
  #checking: Experiment | null = null;

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
    return this.#applied(this.data.origin === 'synthetic' ? this.data.syntheticName : null);
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

  /** Whether the data that is ready has other images or more classes than the network. */
  get isUnfit(): boolean {
    const { info } = this.data;
    const { document, summary } = this;
    if (!info || info.synthetic || !document || document.dataset.merge_classes) return false;
    const shape = [info.height, info.width, info.channels];
    const outputs = summary?.layers.at(-1)?.output_shape.at(-1);
    return document.input_shape.some((size, i) => size !== shape[i]) || outputs !== info.classes.length;
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

  /** The experiment without the settings. */
  protected get base(): Experiment | null {
    return this.custom ?? this.preset?.experiment ?? null;
  }

  /** Loads the list of the presets, and the first one's document. */
  protected async loadPresets(): Promise<void> {
    const { heads, first } = await this.worker.presetList();
    this.presets = heads.map(presetText);
    this.#documents = [first];
  }

  protected select(settings: Settings, custom: Experiment | null): void {
    this.custom = custom;
    this.settings = settings;
  }

  /** Changes settings; with another preset the edited experiment is given up. True if another preset is selected. */
  protected change(changes: Partial<Settings>): boolean {
    const isOther = changes.experiment !== undefined && changes.experiment !== this.settings.experiment;
    const settings = { ...this.settings, ...changes, ...(isOther && { edit: null }) };
    this.select(settings, isOther ? null : this.custom);
    return isOther;
  }

  /** Selects an edited experiment with its own numbers, or null for the preset. */
  protected adopt(experiment: Experiment | null): void {
    const { epochs, batch, seed, train, test } = DEFAULTS;
    const preset = this.preset?.experiment;
    const edit = experiment && preset ? encodeEdit(preset, experiment) : null;
    if (experiment && preset && edit === null) this.messages.notice(EDIT.tooLong);
    this.select({ ...this.settings, epochs, batch, seed, train, test, edit }, experiment);
    this.changed();
  }

  /** Applies the changes in the address. If they are invalid, the preset stays as it is and an error is shown. */
  protected async readEdit(): Promise<void> {
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

  /** Asks the engine for the summary, or for what is wrong. False if the experiment has changed meanwhile, and the answer is ignored. */
  protected async check(): Promise<boolean> {
    const { experiment } = this;
    if (!experiment) return false;
    this.#checking = experiment;
    const found = await this.worker.check(experiment);
    if (experiment !== this.#checking) return false;
    if ('failure' in found) {
      this.specError = sentence(found.failure);
      this.specLayer = found.failure.layer ?? null;
    } else {
      this.summary = found.summary;
      this.specError = null;
      this.specLayer = null;
    }
    return true;
  }

  #applied(synthetic: string | null): Experiment | null {
    const { base } = this;
    return base ? withSettings(base, this.settings, synthetic) : null;
  }
}
