/** The experiment as JSON, to read, change, save and load. The engine's error is shown below the text, which is kept. */
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Experiment } from '../base/engine';
import { jsonText, parseJson } from '../base/json-text';
import { download } from '../lab/download';
import { sentence } from '../lab/messages';
import { LOCKED } from '../lab/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { MODEL } from './text';

@customElement('lab-experiment-editor')
export class LabExperimentEditor extends LabElement {
  @state() private error: string | null = null;
  @query('input[type=file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    css`
      textarea {
        width: 100%;
        height: 32rem;
        resize: vertical;
        line-height: 1.45;
        padding: 0.9rem;
        background: var(--sunken);
        border-color: var(--line);
        white-space: pre;
        overflow: auto;
        tab-size: 2;
      }
      .error {
        margin-top: 0.5rem;
      }
      .row {
        margin-top: 0.7rem;
      }
      p {
        margin-bottom: 0.6rem;
      }
    `,
  ];

  override render() {
    const { locked, model } = this.lab;
    const { draft } = model;
    return html`
      <section class="card">
        <header>
          <h2>${MODEL.json}</h2>
          ${draft === null ? nothing : html`<span class="badge warn">${MODEL.unapplied}</span>`}
        </header>
        <p class="small soft">${locked ? LOCKED.model : MODEL.jsonHint}</p>
        <textarea
          ?readonly=${locked}
          spellcheck="false"
          autocomplete="off"
          aria-label=${MODEL.jsonLabel}
          aria-invalid=${this.error !== null}
          .value=${draft ?? this.#text()}
          @input=${(event: InputEvent) => model.keepDraft((event.target as HTMLTextAreaElement).value)}
        ></textarea>
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        <div class="row">
          ${
            locked
              ? nothing
              : html`<button class="primary" ?disabled=${draft === null} @click=${() => this.#apply(draft ?? '', model.isDraftOfOpen)}>${MODEL.apply}</button>
                  <button ?disabled=${draft === null} @click=${this.#revert}>${MODEL.revert}</button>
                  <button @click=${() => this.picker.click()}>${MODEL.load}</button>`
          }
          <button @click=${this.#save}>${MODEL.save}</button>
        </div>
        <input
          type="file"
          accept=".json,application/json"
          hidden
          aria-label=${MODEL.load}
          @change=${this.#load}
        />
      </section>
    `;
  }

  #text(): string {
    if (!this.lab.document) return '';
    // The description is shown with the preset and is not part of the editable document.
    const { text: _, ...experiment } = this.lab.document;
    return jsonText(experiment);
  }

  /** With `isEdit` the text is that of the open experiment, changed. */
  async #apply(text: string, isEdit: boolean): Promise<void> {
    const { model } = this.lab;
    try {
      await model.replace(parse(text), isEdit);
      // What was typed meanwhile is not applied yet.
      if (model.draft === text) model.keepDraft(null);
      this.error = null;
    } catch (error) {
      this.error = sentence(error);
    }
  }

  readonly #revert = (): void => {
    this.lab.model.keepDraft(null);
    this.error = null;
  };

  readonly #save = (): void => {
    const { document: experiment } = this.lab;
    if (experiment)
      download(`${experiment.name ?? 'experiment'}.json`, 'application/json', `${jsonText(experiment)}\n`);
  };

  readonly #load = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (!file) return;
    try {
      const text = await this.lab.textOf(file);
      this.lab.model.keepDraft(text);
      await this.#apply(text, false);
    } catch (error) {
      this.error = sentence(error);
    }
  };
}

function parse(text: string): Experiment {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new Error(MODEL.notJson(sentence(error)));
  }
  const experiment = value as Experiment | null;
  if (typeof experiment !== 'object' || experiment === null || typeof experiment.dataset !== 'object') {
    throw new Error(MODEL.notAnObject);
  }
  return experiment;
}
