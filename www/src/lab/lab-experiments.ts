/** The student's own experiments: saved, renamed, copied, deleted; and the question before another experiment replaces unsaved changes. */
import type { Experiment, Preset, Summary } from '../base/engine';
import type { Settings } from '../base/settings';
import { sameDocument } from './edit';
import { allExperiments, deleteExperiment, type OwnExperiment, putExperiment } from './experiments-store';
import type { Messages } from './messages';
import { Observable } from './observable';
import { newId } from './saved-run';
import { OWN } from './text';

/** What the student wants to open. */
export type Wanted = { kind: 'preset'; id: string } | { kind: 'own'; id: string } | { kind: 'empty' };

/** The members of the lab that own experiments need. */
interface Edited {
  readonly custom: Experiment | null;
  readonly document: Experiment | null;
  readonly preset: Preset | null;
  readonly summary: Summary | null;
  readonly title: string;
  readonly messages: Pick<Messages, 'notice' | 'error' | 'failure'>;
  loadPreset(id: string): Promise<void>;
  set(changes: Partial<Settings>): void;
  edit(experiment: Experiment | null): void;
}

export class LabExperiments extends Observable {
  /** By name. */
  list: readonly OwnExperiment[] = [];
  /** What is to be opened once the student has decided about the unsaved changes. */
  waiting: Wanted | null = null;
  /** The experiment that was deleted last, so that it can be restored. */
  removed: OwnExperiment | null = null;
  #open = '';

  constructor(private lab: Edited) {
    super();
  }

  /** A browser that stores nothing (for example in private mode) has none. */
  async init(): Promise<void> {
    this.list = sorted(await allExperiments().catch((): OwnExperiment[] => []));
    this.changed();
  }

  /** The own experiment that is open, changed or not. After a reload it is found by its title, which is part of the address. */
  get current(): OwnExperiment | null {
    const { custom, preset } = this.lab;
    if (!custom || !preset) return null;
    const ofPreset = this.list.filter((own) => own.preset === preset.id);
    return ofPreset.find(({ id }) => id === this.#open) ?? ofPreset.find(({ name }) => name === custom.title) ?? null;
  }

  /** Whether the experiment has changes that would be lost. */
  get isUnsaved(): boolean {
    const { custom, document } = this.lab;
    if (!custom || !document) return false;
    return !this.list.some(({ experiment }) => sameDocument(experiment, document));
  }

  /** Opens another experiment, at once or after the question about unsaved changes. */
  async choose(wanted: Wanted): Promise<void> {
    this.waiting = this.isUnsaved ? wanted : null;
    if (this.waiting === null) await this.#go(wanted);
    this.changed();
  }

  /** The answer to the question. */
  async answer(what: 'save' | 'discard' | 'cancel'): Promise<void> {
    const { waiting } = this;
    this.waiting = null;
    if (what === 'save') await this.save();
    if (waiting && what !== 'cancel') await this.#go(waiting);
    this.changed();
  }

  /** Saves the changes in the open experiment, or as a new one. */
  async save(): Promise<void> {
    const { current } = this;
    await this.#store(current?.name ?? this.#freeName(this.lab.title), current?.id ?? newId());
  }

  /** Saves a copy under a new name and opens it. */
  async duplicate(): Promise<void> {
    await this.#store(this.#freeName(OWN.copyOf(this.current?.name ?? this.lab.title)), newId());
  }

  async rename(name: string): Promise<void> {
    const { current } = this;
    const wanted = name.trim().slice(0, MOST_LETTERS);
    if (current && wanted && wanted !== current.name) await this.#store(this.#freeName(wanted), current.id);
    else this.changed();
  }

  async remove(own: OwnExperiment): Promise<void> {
    await deleteExperiment(own.id).catch(() => undefined);
    this.list = this.list.filter(({ id }) => id !== own.id);
    this.removed = own;
    this.changed();
  }

  async restore(): Promise<void> {
    const { removed } = this;
    this.removed = null;
    if (removed) await this.#put(removed);
  }

  async #store(name: string, id: string): Promise<void> {
    const { document, preset } = this.lab;
    if (!document || !preset) return;
    const { text: _, ...rest } = document;
    const experiment: Experiment = { ...rest, name: slug(name), title: name };
    this.#open = id;
    await this.#put({ id, name, preset: preset.id, experiment, savedAt: Date.now() });
    this.lab.edit(experiment);
  }

  async #put(own: OwnExperiment): Promise<void> {
    const isKept = await putExperiment(own).then(
      () => true,
      () => false,
    );
    this.list = sorted([own, ...this.list.filter(({ id }) => id !== own.id)]);
    this.changed();
    if (!isKept) this.lab.messages.notice(OWN.notKept);
  }

  async #go(wanted: Wanted): Promise<void> {
    const own = wanted.kind === 'own' ? this.list.find(({ id }) => id === wanted.id) : undefined;
    const preset = wanted.kind === 'preset' ? wanted.id : own?.preset;
    try {
      if (preset) await this.lab.loadPreset(preset);
    } catch (error) {
      this.lab.messages.failure(error);
      return;
    }
    if (wanted.kind === 'preset') {
      this.#open = '';
      this.lab.set({ experiment: wanted.id });
      if (this.lab.custom) this.lab.edit(null);
    } else if (wanted.kind === 'own') {
      if (!own) return;
      this.#open = own.id;
      this.lab.set({ experiment: own.preset });
      this.lab.edit(own.experiment);
    } else {
      this.#open = '';
      const { document, summary } = this.lab;
      if (document) this.lab.edit(empty(document, summary));
    }
  }

  /** The name, with a number where another experiment has it. */
  #freeName(name: string): string {
    const taken = new Set(this.list.filter(({ id }) => id !== this.#open).map((own) => own.name));
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${name} ${n}`;
    return free;
  }
}

const MOST_LETTERS = 80;

/** The smallest network for the data of an experiment: only the output layer. */
function empty({ dataset, input_shape, seed }: Experiment, summary: Summary | null): Experiment {
  return {
    name: slug(OWN.empty),
    title: OWN.empty,
    dataset,
    input_shape,
    layers: [
      { type: 'flatten' },
      { type: 'dense', units: summary?.layers.at(-1)?.output_shape.at(-1) ?? 10, activation: 'softmax' },
    ],
    loss: 'sparse_categorical_crossentropy',
    optimizer: { type: 'adam', learning_rate: 0.001 },
    batch_size: 32,
    epochs: 5,
    ...(seed !== undefined && { seed }),
  };
}

/** A name for files, from the student's own. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain || 'experiment';
}

const sorted = (list: OwnExperiment[]): OwnExperiment[] => list.sort((a, b) => a.name.localeCompare(b.name, 'en'));
