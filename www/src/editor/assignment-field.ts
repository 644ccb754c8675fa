/** `<lesson-assignment-field>`: the assignment of a card, chosen as a file. */
import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { textOf } from '../base/decode';
import { parseJson } from '../base/json-text';
import { assignmentTitle, forStudents } from '../lesson/assigned';
import type { Card } from '../lesson/document';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { EDITOR } from './text';

/** A larger file is no assignment. */
const MOST_BYTES = 1 << 20;

/** Reads an assignment's file; fails with one sentence. */
export async function readAssignment(file: File): Promise<Record<string, unknown>> {
  try {
    const document = parseJson(await textOf(file, MOST_BYTES)) as Record<string, unknown>;
    // An experiment alone is an assignment, too.
    if (typeof document.assignment !== 'string' && !Array.isArray(document.layers)) throw new Error();
    return forStudents(document);
  } catch {
    throw new Error(EDITOR.card.notAssignment(file.name));
  }
}

/** Sends `assignment` with the document, or with `undefined` when it is removed. */
@customElement('lesson-assignment-field')
export class LessonAssignmentField extends LitElement {
  @property({ attribute: false }) value: Card['assignment'];
  @state() private problem = '';
  @query('input') private picker!: HTMLInputElement;

  static override styles = [base, controls];

  override render() {
    const words = EDITOR.card;
    const { value } = this;
    const name = typeof value === 'object' ? assignmentTitle(value) : value;
    return html`<div role="group" aria-label=${words.assignment}>
      <div class="row">
        <span>${words.assignment}: <strong>${name ?? words.noAssignment}</strong></span>
        <button class="small" @click=${() => this.picker.click()}>${words.chooseAssignment}</button>
        ${
          value === undefined
            ? nothing
            : html`<button class="small quiet" @click=${() => this.#send(undefined)}>${words.removeAssignment}</button>`
        }
      </div>
      <input type="file" accept=".json" hidden aria-label=${words.chooseAssignment} @change=${this.#chosen} />
      ${value === undefined ? nothing : html`<p class="small soft">${words.assignmentHint}</p>`}
      <p class="error small" role="alert" ?hidden=${!this.problem}>${this.problem}</p>
    </div>`;
  }

  readonly #chosen = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (!file) return;
    try {
      this.#send(await readAssignment(file));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  };

  #send(detail: Card['assignment']): void {
    this.problem = '';
    this.dispatchEvent(new CustomEvent('assignment', { detail }));
  }
}
