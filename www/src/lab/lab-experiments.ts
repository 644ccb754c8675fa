/** The student's own experiments: saved, renamed, copied, deleted; and the question before another experiment replaces unsaved changes. */
import type { Experiment, Preset, Summary } from '../base/engine';
import type { Settings } from '../base/settings';
import { sameDocument } from './edit';
import { allExperiments, deleteExperiment, type OwnExperiment, putExperiment } from './experiments-store';
import type { Messages } from './messages';
import { Observable } from './observable';
import { newId } from './saved-run';
import { LAB, OWN } from './text';

/** What the student wants to open. */
export type Wanted = { kind: 'preset'; id: string } | { kind: 'own'; id: string } | { kind: 'empty' };

/** An experiment from elsewhere, such as imported code: `answered` is told whether it may take the place of the changes. */
interface Given {
  kind: 'given';
  answered(may: boolean): void;
}

/** The members of the lab that own experiments need. */
interface Edited {
  readonly custom: Experiment | null;
  readonly document: Experiment | null;
  readonly preset: Preset | null;
  readonly summary: Summary | null;
  readonly title: string;
  readonly messages: Pick<Messages, 'notice' | 'error' | 'failure'>;
  /** Told that another experiment is open. */
  readonly model: { begin(): void; replace(experiment: Experiment): Promise<void> };
  loadPreset(id: string): Promise<void>;
  set(changes: Partial<Settings>): void;
  edit(experiment: Experiment | null): void;
}

export class LabExperiments extends Observable {
  /** By name. */
  list: readonly OwnExperiment[] = [];
  /** What is to be opened once the student has decided about the unsaved changes. */
  waiting: Wanted | Given | null = null;
  /** The experiment that was deleted last, so that it can be restored. */
  removed: OwnExperiment | null = null;
  /** The id of the open one; empty if no own one is open, null as long as only the title tells, as after a reload. */
  #open: string | null = null;
  /** What came from elsewhere last. As long as nothing in it is changed, nothing of the student's would be lost. */
  #given: Experiment | null = null;
  /** How many elements show the question. Where none does, as in a card, nothing is asked. */
  #askers = 0;

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
    const isOpen = ({ id, name }: OwnExperiment) => (this.#open === null ? name === custom.title : id === this.#open);
    return this.list.find((own) => own.preset === preset.id && isOpen(own)) ?? null;
  }

  /** The lab has another experiment now, which is none of the own ones, even if it has the title of one. */
  leave(): void {
    this.#open = '';
  }

  /** The lab has the experiment of an earlier visit again. */
  recall(): void {
    this.#open = null;
    this.lab.model.begin();
  }

  /** Whether the experiment has changes that would be lost. */
  get isUnsaved(): boolean {
    const { custom, document } = this.lab;
    if (!custom || !document) return false;
    return !this.list.some(({ experiment }) => sameDocument(experiment, document));
  }

  /** Opens another experiment, at once or after the question about unsaved changes. */
  async choose(wanted: Wanted): Promise<void> {
    this.#withdraw();
    this.waiting = this.isUnsaved ? wanted : null;
    if (this.waiting === null) await this.#go(wanted);
    this.changed();
  }

  /** The answer to the question. */
  async answer(what: 'save' | 'discard' | 'cancel'): Promise<void> {
    const { waiting } = this;
    this.waiting = null;
    if (what === 'save') await this.save();
    if (waiting?.kind === 'given') waiting.answered(what !== 'cancel');
    else if (waiting && what !== 'cancel') await this.#go(waiting);
    this.changed();
  }

  /**
   * Puts an experiment from elsewhere in place of the open one, after the question about unsaved changes. False if the student keeps the
   * open one. Throws the engine's error if it is invalid.
   */
  async replace(experiment: Experiment): Promise<boolean> {
    if (!(await this.#mayReplace())) return false;
    await this.lab.model.replace(experiment);
    this.#given = this.lab.document;
    return true;
  }

  /** Called by an element that shows the question; what is returned is called when it leaves the page. */
  asks(): () => void {
    this.#askers += 1;
    return () => {
      this.#askers -= 1;
    };
  }

  #mayReplace(): Promise<boolean> {
    const { document } = this.lab;
    this.#withdraw();
    const isAsGiven = document !== null && this.#given !== null && sameDocument(document, this.#given);
    if (!this.isUnsaved || isAsGiven || this.#askers === 0) return Promise.resolve(true);
    return new Promise((answered) => {
      this.waiting = { kind: 'given', answered };
      this.changed();
    });
  }

  /** Another experiment is wanted before the question about the last one is answered. */
  #withdraw(): void {
    if (this.waiting?.kind === 'given') this.waiting.answered(false);
    this.waiting = null;
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

  /** Changes only the name: what is not saved stays so, under the new name. */
  async rename(name: string): Promise<void> {
    const { current } = this;
    const wanted = name.trim().slice(0, MOST_LETTERS);
    if (!current || !wanted || wanted === current.name) return this.changed();
    const free = this.#freeName(wanted, current.id);
    this.#open = current.id;
    await this.#put({ ...current, name: free, experiment: named(current.experiment, free) });
    const { document } = this.lab;
    if (document && this.current?.id === current.id) this.lab.edit(named(document, free));
  }

  async remove(own: OwnExperiment): Promise<void> {
    await deleteExperiment(own.id).catch(() => this.lab.messages.error(LAB.notDeleted(own.name)));
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
    const experiment = named(document, name);
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
      this.lab.set({ experiment: wanted.id });
      this.leave();
      if (this.lab.custom) this.lab.edit(null);
    } else if (wanted.kind === 'own') {
      if (!own) return;
      // The lab leaves the open experiment when the preset changes.
      this.lab.set({ experiment: own.preset });
      this.#open = own.id;
      this.lab.edit(own.experiment);
    } else {
      this.leave();
      const { document, summary } = this.lab;
      if (document) this.lab.edit(empty(document, summary, this.#freeName(OWN.empty)));
    }
    this.lab.model.begin();
  }

  /** The name, with a number where an experiment has it, except the one with the id `except`. */
  #freeName(name: string, except = ''): string {
    const taken = new Set(this.list.filter(({ id }) => id !== except).map((own) => own.name));
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${name} ${n}`;
    return free;
  }
}

const MOST_LETTERS = 80;

/** The smallest network for the data of an experiment: only the output layer. */
function empty({ dataset, input_shape, seed }: Experiment, summary: Summary | null, title: string): Experiment {
  return {
    name: slug(title),
    title,
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

/** The experiment under the student's own name, without the text that its preset is shown with. */
function named({ text: _, ...experiment }: Experiment, title: string): Experiment {
  return { ...experiment, name: slug(title), title };
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
