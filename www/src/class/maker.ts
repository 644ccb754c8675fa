/** The editor of an assignment and its rubric: a form from which the document is made. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { textOf } from '../base/decode';
import type { Experiment, Preset } from '../base/engine';
import { jsonText, parseJson } from '../base/json-text';
import { presetText } from '../base/localized';
import { download } from '../lab/download';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Draft, documentOf, draftOf, emptyDraft, fileNameOf, problemOf, studentsDocument } from './document';
import { fieldText, listStyles, questionList, rubricList } from './maker-lists';
import { CLASS } from './text';

const words = CLASS.maker;

/** The value of the choice for an experiment that is no preset. */
const OWN = '';

@customElement('lab-assignment-maker')
export class AssignmentMaker extends BoundedElement {
  /** The document that is in use. */
  @property() text = '';
  @state() private draft: Draft = emptyDraft();
  @state() private presets: readonly Preset[] = [];
  @query('input[name=experiment-file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    listStyles,
    css`
      .card {
        display: grid;
        gap: 1rem;
        grid-template-columns: minmax(0, 1fr);
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr));
        gap: 0.7rem 1rem;
        align-items: end;
      }
      pre {
        margin: 0;
        padding: 0.7rem;
        overflow: auto;
        max-height: 20rem;
        background: var(--sunken);
        border-radius: var(--radius-small);
      }
      textarea,
      select,
      input {
        width: 100%;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void import('../worker/presets').then(({ presets }) => {
      this.presets = presets.filter(({ trainable }) => trainable).map(presetText);
    });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text') && this.text) this.draft = draftOf(this.text);
  }

  override render() {
    const { draft } = this;
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${words.title}</h2>
      <div class="grid">
        ${this.#input(words.name, 'title')} ${this.#experiment()} ${this.#data()} ${this.#input(words.epochs, 'epochs', 'decimal')}
        ${this.#choice(words.seed, 'seed', words.seeds)}
        ${draft.seed === 'number' ? this.#input(words.number, 'number', 'decimal') : nothing}
        ${this.#choice(words.engine, 'engine', words.engines)}
        ${draft.engine === 'cpu' ? this.#choice(words.build, 'build', words.builds) : nothing}
        ${this.#input(words.dataSha256, 'dataSha256', 'text', words.dataSha256Hint)} ${this.#input(words.deadline, 'deadline', 'datetime-local')}
        ${this.#lines(words.mayChange, 'mayChange', words.mayChangeHint)} ${this.#lines(words.students, 'students')}
      </div>
      ${questionList(draft, this.#set)} ${rubricList(draft, this.#set)}
      <div class="row">
        <button class="primary" @click=${() => this.#use()}>${words.use}</button>
        <button @click=${() => this.#save(false)}>${words.save}</button>
        <button @click=${() => this.#save(true)}>${words.saveForStudents}</button>
      </div>
      <p class="small soft">${words.studentsHint}</p>
      <p class="small">${words.embed}</p>
      <pre tabindex="0" role="region" aria-label=${words.embed}><code>${embedLine(fileNameOf(this.#document()))}</code></pre>
      <details>
        <summary>${words.json}</summary>
        <pre tabindex="0" role="region" aria-label=${words.json}><code>${jsonText(this.#document())}</code></pre>
      </details>
    </section>`;
  }

  #experiment() {
    const { experiment } = this.draft;
    const isOwn = typeof experiment !== 'string';
    return html`
      <label
        ><span>${words.experiment}</span
        ><select
          @change=${({ target }: Event) => {
            const { value } = target as HTMLSelectElement;
            if (value !== OWN) this.#set({ experiment: value });
          }}
        >
          ${isOwn ? html`<option value=${OWN} .selected=${true}>${experiment.title ?? experiment.name}</option>` : nothing}
          ${this.presets.map(
            ({ id, title }) => html`<option value=${id} .selected=${experiment === id}>${title}</option>`,
          )}
        </select></label
      >
      <button @click=${() => this.picker.click()}>${words.own}</button>
      <input type="file" name="experiment-file" accept=".json" hidden aria-label=${words.own} @change=${this.#own} />
    `;
  }

  #data() {
    const { synthetic } = this.draft;
    return html`
      <label
        ><span>${words.data}</span
        ><select @change=${({ target }: Event) => this.#set({ synthetic: (target as HTMLSelectElement).value === 'synthetic' })}>
          <option value="real" .selected=${!synthetic}>${words.real}</option>
          <option value="synthetic" .selected=${synthetic}>${words.synthetic}</option>
        </select></label
      >
      ${this.#input(words.train, 'train', 'decimal')} ${this.#input(words.test, 'test', 'decimal')}
    `;
  }

  #input(
    label: string,
    key: 'title' | 'train' | 'test' | 'epochs' | 'number' | 'dataSha256' | 'deadline',
    type: 'text' | 'decimal' | 'datetime-local' = 'text',
    hint = '',
  ): TemplateResult {
    // A number is a text here, so that one that cannot be read is told, and not left out by the browser.
    const isNumber = type === 'decimal';
    return html`<label
      ><span>${label}</span
      ><input
        type=${isNumber ? 'text' : type}
        inputmode=${isNumber ? type : nothing}
        placeholder=${hint || nothing}
        .value=${this.draft[key]}
        @input=${(event: Event) => this.#set({ [key]: fieldText(event) })}
    /></label>`;
  }

  #lines(label: string, key: 'mayChange' | 'students', hint = ''): TemplateResult {
    return html`<label
      ><span>${label}</span
      ><textarea
        rows="3"
        placeholder=${hint}
        .value=${this.draft[key]}
        @input=${(event: Event) => this.#set({ [key]: fieldText(event) })}
      ></textarea>
    </label>`;
  }

  #choice(label: string, key: 'seed' | 'engine' | 'build', names: Readonly<Record<string, string>>): TemplateResult {
    return html`<label
      ><span>${label}</span
      ><select @change=${(event: Event) => this.#set({ [key]: fieldText(event) })}>
        ${Object.entries(names).map(
          ([value, name]) => html`<option value=${value} .selected=${this.draft[key] === value}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  readonly #set = (changes: Partial<Draft>): void => {
    this.draft = { ...this.draft, ...changes };
  };

  #document() {
    return documentOf(
      this.draft,
      this.presets.map(({ experiment }) => experiment),
    );
  }

  /** Whether the document can be made; otherwise says why it cannot. */
  #isRead(): boolean {
    const problem = problemOf(this.draft);
    if (problem) this.dispatchEvent(new CustomEvent('problem', { detail: problem }));
    return problem === '';
  }

  #use(): void {
    if (!this.#isRead()) return;
    this.dispatchEvent(new CustomEvent('use', { detail: jsonText(this.#document()) }));
  }

  #save(forStudents: boolean): void {
    if (!this.#isRead()) return;
    const document = this.#document();
    download(
      fileNameOf(document),
      'application/json',
      `${jsonText(forStudents ? studentsDocument(document) : document)}\n`,
    );
  }

  readonly #own = async ({ target }: Event): Promise<void> => {
    const picker = target as HTMLInputElement;
    const file = picker.files?.[0];
    picker.value = '';
    if (!file) return;
    try {
      const experiment = parseJson(await textOf(file)) as Experiment;
      this.#set({ experiment, synthetic: false, train: '', test: '' });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new CustomEvent('problem', { detail: CLASS.assignment.notText(file.name, why) }));
    }
  };
}

const embedLine = (file: string): string => `<conv-lab compact assignment="${file}"></conv-lab>`;
