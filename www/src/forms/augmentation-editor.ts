/** Edits the list of augmentations: add, change and remove. */

import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { phrase } from '../base/localized';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { setPart } from './edits';
import { EXPERIMENT } from './schema';
import { FORMS } from './text';
import './option-form';
import type { OptionChange } from './option-form';

const FORMS_BY_TYPE = EXPERIMENT.augmentation;

type Change = { type: string; [option: string]: unknown };

/** The engine accepts no more; a document that is being edited may have any number. */
const MOST_SHOWN = 64;

@customElement('lab-augmentation-editor')
export class LabAugmentationEditor extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
      }
      ol {
        list-style: none;
        padding: 0;
        display: grid;
        gap: 0.5rem;
      }
      li {
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        padding: 0.35rem 0.4rem 0.6rem 0.7rem;
      }
      li > .row {
        justify-content: space-between;
        flex-wrap: nowrap;
      }
      li button {
        border: 0;
        min-height: 2rem;
        padding: 0.2rem 0.45rem;
        color: var(--ink-soft);
      }
      .add {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
      }
    `,
  ];

  override render() {
    const list = this.#list();
    const missing = Object.keys(FORMS_BY_TYPE).filter((kind) => !list.some(({ type }) => type === kind));
    return html`
      ${list.length > 0 ? html`<ol>${list.slice(0, MOST_SHOWN).map((one, i) => this.#item(one, i))}</ol>` : html`<p class="small soft">${FORMS.noAugmentation}</p>`}
      <div class="add">
        ${missing.map(
          (kind) => html`<button
            class="small"
            aria-label=${FORMS.addAugmentation(kind)}
            title=${phrase(FORMS_BY_TYPE[kind]?.help ?? '') || nothing}
            @click=${() => this.#set([...list, { type: kind, ...FORMS_BY_TYPE[kind]?.start }])}
          >
            ${icons.plus}${kind}
          </button>`,
        )}
      </div>
    `;
  }

  #item(one: Change, at: number) {
    const { type, ...options } = one;
    const label = FORMS.remove(type);
    return html`<li>
      <div class="row">
        <b>${type}</b>
        <button aria-label=${label} title=${label} @click=${() => this.#set(this.#list().filter((_, i) => i !== at))}>
          ${icons.close}
        </button>
      </div>
      <lab-option-form
        of=${type}
        .fields=${FORMS_BY_TYPE[type]?.fields ?? []}
        .options=${options}
        @options=${({ detail }: CustomEvent<OptionChange>) =>
          this.#set(
            this.#list().map((other, i) => (i === at ? { type, ...detail.options } : other)),
            `augmentation ${at} ${detail.field}`,
          )}
      ></lab-option-form>
    </li>`;
  }

  #list(): Change[] {
    return this.lab.document?.augmentation ?? [];
  }

  #set(list: Change[], kind: string | null = null): void {
    this.lab.model.change((now) => setPart(now, 'augmentation', list.length > 0 ? list : undefined), kind);
  }
}
