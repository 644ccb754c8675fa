/** A form for the options of a layer, an optimizer and so on: one field per option, from the table that describes them. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Field, type Options, PARTS, read, show, withOption, withPart } from './fields';
import { FORMS } from './text';

/** Detail of the change event: all options, and the name of the changed one. */
export interface OptionChange {
  options: Options;
  field: string;
}

@customElement('lab-option-form')
export class LabOptionForm extends LitElement {
  @property({ attribute: false }) fields: readonly Field[] = [];
  @property({ attribute: false }) options: Options = {};
  /** A prefix of the fields' names for screen readers: the owner of the options. */
  @property() of = '';

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr));
        gap: 0.6rem 0.8rem;
        align-items: end;
      }
      label > span,
      legend {
        font-family: var(--mono);
        font-size: 0.78rem;
        color: var(--ink-soft);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .beside,
      input:not([type='checkbox']),
      select {
        min-height: 2.1rem;
        padding-block: 0.2rem;
      }
      fieldset {
        grid-column: span 1;
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      fieldset > div {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.35rem;
      }
      legend {
        padding: 0;
        margin-bottom: 0.2rem;
        max-width: 100%;
      }
    `,
  ];

  override render() {
    return this.fields.map((field) => this.#field(field));
  }

  #field(field: Field): TemplateResult {
    const value = this.options[field.name];
    const label = this.of ? `${this.of}: ${field.name}` : field.name;
    switch (field.kind) {
      case 'boolean':
        return html`<label class="beside">
          <input
            type="checkbox"
            aria-label=${label}
            .checked=${(value ?? field.fallback) === true}
            @change=${(event: Event) => this.#set(field, (event.target as HTMLInputElement).checked)}
          />
          <span title=${field.name}>${field.name}</span>
        </label>`;
      case 'choice':
        return html`<label>
          <span title=${field.name}>${field.name}</span>
          <select
            aria-label=${label}
            @change=${(event: Event) => this.#set(field, (event.target as HTMLSelectElement).value)}
          >
            ${choices(field, value).map(
              (one) => html`<option value=${one} .selected=${one === show(field, value)}>${one}</option>`,
            )}
          </select>
        </label>`;
      case 'penalty':
      case 'bound':
        return this.#parts(field, PARTS[field.kind], value, label);
      default:
        return html`<label>
          <span title=${field.name}>${field.name}</span>
          ${this.#text(label, show(field, value), field.fallback === null ? FORMS.none : '', (text) =>
            this.#set(field, read(field, text)),
          )}
        </label>`;
    }
  }

  #parts(field: Field, parts: readonly Field[], value: unknown, label: string): TemplateResult {
    const now = typeof value === 'object' && value !== null ? (value as Options) : {};
    return html`<fieldset>
      <legend title=${field.name}>${field.name}</legend>
      <div>
        ${parts.map((part) =>
          this.#text(`${label}, ${part.name}`, part.name in now ? show(part, now[part.name]) : '', part.name, (text) =>
            this.#set(field, withPart(field, value, part, text)),
          ),
        )}
      </div>
    </fieldset>`;
  }

  #text(label: string, value: string, placeholder: string, set: (text: string) => void): TemplateResult {
    return html`<input
      aria-label=${label}
      placeholder=${placeholder || nothing}
      autocomplete="off"
      spellcheck="false"
      .value=${value}
      @change=${(event: Event) => set((event.target as HTMLInputElement).value)}
    />`;
  }

  #set(field: Field, value: unknown): void {
    const detail: OptionChange = { options: withOption(this.options, field, value), field: field.name };
    this.dispatchEvent(new CustomEvent<OptionChange>('options', { detail }));
  }
}

/** The values of a choice, and the current one if it is not among them. */
function choices(field: Field, value: unknown): string[] {
  const all = [...(field.values ?? [])];
  const now = show(field, value);
  return all.includes(now) ? all : [...all, now];
}
