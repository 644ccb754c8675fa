/** Keras code, pasted or from a file, becomes the experiment. What is not understood is listed, each thing at its line. */
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { ImportedHead } from '../base/engine';
import { readCode } from '../lab/import-model';
import { IMPORT } from '../lab/import-text';
import { sentence } from '../lab/messages';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { codeArea } from '../ui/styles/code-area';
import { controls } from '../ui/styles/controls';
import { MODEL } from './text';

/** A larger file is refused before it is read into memory. */
const MOST_BYTES = 100 << 20;

const isCode = ({ name }: { name: string }): boolean => /\.(py|ipynb)$/i.test(name);

@customElement('lab-code-import')
export class LabCodeImport extends LabElement {
  @state() private busy = false;
  @state() private dropping = false;
  @state() private error: string | null = null;
  /** Code of which a part is not understood. */
  @state() private found: ImportedHead | null = null;
  @query('textarea') private area!: HTMLTextAreaElement;
  @query('input[type=file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    codeArea,
    css`
      textarea {
        padding: 0.9rem;
        border-color: var(--line);
      }
      .dropping textarea {
        border-color: var(--accent);
        border-style: dashed;
      }
      p {
        margin-bottom: 0.6rem;
      }
      .row,
      .error,
      ul {
        margin-top: 0.7rem;
      }
      ul {
        margin-bottom: 0;
        padding-inline-start: 1.2rem;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { busy, found } = this;
    const { code } = this.lab.model;
    return html`
      <section
        class="card ${this.dropping ? 'dropping' : ''}"
        @dragover=${this.#over}
        @dragleave=${() => (this.dropping = false)}
        @drop=${this.#drop}
      >
        <header><h2>${MODEL.code}</h2></header>
        <p class="small soft">${MODEL.codeHint}</p>
        <textarea
          spellcheck="false"
          autocomplete="off"
          autocapitalize="off"
          aria-label=${MODEL.codeLabel}
          aria-invalid=${this.error !== null || found !== null}
          .value=${code}
          @input=${this.#typed}
        ></textarea>
        ${this.error ? html`<p class="error" role="alert">${this.error}</p>` : nothing}
        ${found ? this.#unsupported(found) : nothing}
        <div class="row">
          <button class="primary" ?disabled=${busy || code.trim() === ''} @click=${this.#paste}>
            ${busy ? MODEL.codeImporting : MODEL.codeImport}
          </button>
          ${
            found
              ? html`<button ?disabled=${busy} @click=${() => this.#open(found)}>${MODEL.codePartial}</button>`
              : nothing
          }
          <button ?disabled=${busy} @click=${() => this.picker.click()}>${MODEL.codeFile}</button>
        </div>
        <input type="file" accept=".py,.ipynb" hidden aria-label=${MODEL.codeFile} @change=${this.#pick} />
      </section>
    `;
  }

  #unsupported({ unsupported }: ImportedHead) {
    return html`<div role="alert">
      <p class="error">${MODEL.codeUnsupported(unsupported.length)}</p>
      <ul>
        ${unsupported.map(({ where, what }) => {
          const line = this.#line(where);
          return html`<li>
            ${
              line === null ? where : html`<button class="small" @click=${() => this.#select(line)}>${where}</button>`
            }: ${what}
          </li>`;
        })}
      </ul>
    </div>`;
  }

  /** The index of the line of the text that a place names; null where it is a place in a notebook. */
  #line(where: string): number | null {
    const number = /^line (\d+)$/.exec(where)?.[1];
    return number === undefined || this.lab.model.code === '' ? null : Number(number) - 1;
  }

  #select(line: number): void {
    const lines = this.lab.model.code.split('\n');
    const start = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line]?.length ?? 0));
    this.area.scrollTop = (this.area.scrollHeight / lines.length) * Math.max(0, line - 3);
  }

  readonly #typed = (): void => {
    this.lab.model.keepCode(this.area.value);
    this.#clear();
  };

  #clear(): void {
    this.error = null;
    this.found = null;
  }

  readonly #paste = async (): Promise<void> => {
    const { code } = this.lab.model;
    const name = code.trimStart().startsWith('{') ? 'pasted.ipynb' : 'pasted.py';
    await this.#read(name, new TextEncoder().encode(code));
  };

  readonly #over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    this.dropping = true;
    event.preventDefault();
  };

  readonly #drop = async (event: DragEvent): Promise<void> => {
    this.dropping = false;
    const [file, ...others] = event.dataTransfer?.files ?? [];
    // Other files are the page's.
    if (!file || others.length > 0 || !isCode(file)) return;
    event.preventDefault();
    await this.#file(file);
  };

  readonly #pick = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) await this.#file(file);
  };

  async #file(file: File): Promise<void> {
    this.#clear();
    if (file.size > MOST_BYTES) {
      this.error = MODEL.codeTooLarge(file.name);
      return;
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      // A script is shown, so that its lines can be found; a notebook's cells are not lines of one text.
      this.lab.model.keepCode(/\.py$/i.test(file.name) ? await this.lab.textOf(file) : '');
      await this.#read(file.name, bytes);
    } catch (error) {
      this.error = sentence(error);
    }
  }

  async #read(name: string, bytes: Uint8Array): Promise<void> {
    this.busy = true;
    this.#clear();
    try {
      const head = await readCode(this.lab, name, bytes);
      if (head.unsupported.length > 0) this.found = head;
      else await this.#open(head);
    } catch (error) {
      this.error = sentence(error);
    }
    this.busy = false;
  }

  async #open({ experiment }: ImportedHead): Promise<void> {
    try {
      if (!(await this.lab.experiments.replace(experiment))) return;
      this.#clear();
      this.lab.messages.notice(IMPORT.code(experiment.name));
    } catch (error) {
      this.error = sentence(error);
    }
  }
}
