/** Edits the experiment: each change applies at once and can be undone. */
import type { Experiment, LayerEdit, LayerSpec, Summary } from '../base/engine';
import { Observable } from '../lab/observable';
import { Undo } from './undo';

/** The members of the lab that editing needs. */
interface Edited {
  readonly document: Experiment | null;
  readonly preset: { id: string; experiment: Experiment } | null;
  readonly worker: {
    summary(experiment: Experiment): Promise<Summary>;
    editLayers(layers: LayerSpec[], edit: LayerEdit): Promise<LayerSpec[]>;
  };
  readonly messages: { failure(error: unknown): void };
  edit(experiment: Experiment | null): void;
  useCustom(experiment: Experiment | null, isEdit?: boolean): Promise<void>;
}

export class LabModel extends Observable {
  /** The index of the layer whose options are open; null if none is. */
  selected: number | null = null;
  /** The costs of the unchanged preset, to compare with. */
  original: Summary | null = null;
  /** The experiment's JSON as it is being edited and not applied yet; null while the text shows the experiment. */
  draft: string | null = null;
  /** Whether that is the open experiment's; it may have been typed before another one was opened. */
  isDraftOfOpen = true;
  /** The code to import. */
  code = '';
  readonly #undo = new Undo<Experiment>();
  /** Counts the experiments that were opened. */
  #opened = 0;
  #preset = '';
  /** Edits of layers happen one after another. */
  #editing: Promise<void> = Promise.resolve();

  constructor(private lab: Edited) {
    super();
  }

  get canUndo(): boolean {
    return this.#undo.canUndo;
  }

  get canRedo(): boolean {
    return this.#undo.canRedo;
  }

  /** Clears the undo history when another preset is selected. */
  follow(): void {
    const { preset } = this.lab;
    if (!preset || preset.id === this.#preset) return;
    this.#preset = preset.id;
    this.#undo.clear();
    this.selected = null;
    this.original = null;
    const { id } = preset;
    void this.lab.worker.summary(preset.experiment).then((summary) => {
      if (this.#preset !== id) return;
      this.original = summary;
      this.changed();
    });
  }

  /** Another experiment is open: the changes of the former one are not undone in it. */
  begin(): void {
    this.#opened += 1;
    this.#undo.clear();
    this.selected = null;
    this.isDraftOfOpen = this.draft === null;
    this.changed();
  }

  select(at: number | null): void {
    this.selected = at;
    this.changed();
  }

  /** Keeps the edited JSON while another view is shown; null gives it up. */
  keepDraft(draft: string | null): void {
    if (this.draft === null || draft === null) this.isDraftOfOpen = true;
    this.draft = draft;
    this.changed();
  }

  /** Keeps the code while another view is shown. */
  keepCode(code: string): void {
    this.code = code;
    this.changed();
  }

  /** Applies a change; consecutive changes of the same kind are undone together. */
  change(next: (now: Experiment) => Experiment, kind: string | null = null): void {
    const now = this.lab.document;
    if (!now) return;
    const changed = next(now);
    if (JSON.stringify(changed) === JSON.stringify(now)) return;
    this.#undo.push(now, kind);
    this.#show(changed);
  }

  /** Edits the layers; what their `inputs` refer to stays the same. */
  editLayers(edit: LayerEdit, kind: string | null = null): Promise<void> {
    this.#editing = this.#editing.then(async () => {
      const now = this.lab.document;
      const opened = this.#opened;
      if (!now) return;
      try {
        const layers = await this.lab.worker.editLayers(now.layers, edit);
        if (opened === this.#opened) this.change((other) => ({ ...other, layers }), kind);
      } catch (error) {
        this.lab.messages.failure(error);
      }
    });
    return this.#editing;
  }

  /**
   * Replaces the whole document, null for the preset; with `isEdit` it is still the same experiment. Throws the engine's error if it is
   * invalid, and then changes nothing.
   */
  async replace(experiment: Experiment | null, isEdit = false): Promise<void> {
    const now = this.lab.document;
    await this.lab.useCustom(experiment, isEdit);
    if (now) this.#undo.push(now);
    this.changed();
  }

  undo(): void {
    this.#back((now) => this.#undo.undo(now));
  }

  redo(): void {
    this.#back((now) => this.#undo.redo(now));
  }

  #back(step: (now: Experiment) => Experiment | null): void {
    const now = this.lab.document;
    const found = now && step(now);
    if (found) this.#show(found);
  }

  #show(experiment: Experiment): void {
    const isPreset = JSON.stringify(experiment) === JSON.stringify(this.lab.preset?.experiment);
    this.lab.edit(isPreset ? null : experiment);
    this.changed();
  }
}
