/** A form for the options of a layer, an optimizer and so on: one field per option, with its help and its range. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { phrase } from '../base/localized';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Field, isOutside, type Options, read, show, withOption, withPart } from './fields';
import { FORMS } from './text';

/** Detail of the change event: all options, and the name of the changed one. */
export interface OptionChange {
  options: Options;
  field: string;
}

@customElement('lab-option-form')
export class LabOptionForm extends BoundedElement {
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
        align-items: start;
      }
      .beside {
        align-self: end;
      }
      label > span,
      legend {
        font-family: var(--mono);
        font-size: 0.78rem;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .beside,
      input:not([type='checkbox']),
      select {
        min-height: 2.1rem;
        padding-block: 0.2rem;
      }
      fieldset {
        grid-column: 1 / -1;
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      fieldset > div {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr));
        gap: 0.35rem 0.8rem;
      }
      small {
        display: block;
        margin-top: 0.2rem;
        color: var(--danger);
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
    const name = html`<span>${field.name}</span>`;
    switch (field.kind) {
      case 'boolean':
        return html`<label class="beside" title=${tooltip(field)}>
          <input
            type="checkbox"
            aria-label=${label}
            aria-describedby=${field.name}
            .checked=${(value ?? field.fallback) === true}
            @change=${(event: Event) => this.#set(field, (event.target as HTMLInputElement).checked)}
          />
          ${name} ${help(field.name, field)}
        </label>`;
      case 'choice':
        return html`<label title=${tooltip(field)}>
          ${name} ${help(field.name, field)}
          <select
            aria-label=${label}
            aria-describedby=${field.name}
            @change=${(event: Event) => this.#set(field, (event.target as HTMLSelectElement).value)}
          >
            ${choices(field, value).map(
              (one) => html`<option value=${one} .selected=${one === show(field, value)}>${one}</option>`,
            )}
          </select>
        </label>`;
      case 'object':
        return this.#parts(field, value, label);
      default:
        return html`<label title=${tooltip(field)}>
          ${name}
          ${this.#text(field.name, field, label, value, field.fallback === null ? FORMS.none : '', (text) =>
            this.#set(field, read(field, text)),
          )}
        </label>`;
    }
  }

  #parts(field: Field, value: unknown, label: string): TemplateResult {
    const now = typeof value === 'object' && value !== null ? (value as Options) : {};
    return html`<fieldset title=${tooltip(field)}>
      <legend>${field.name}</legend>
      <div>
        ${field.parts?.map(
          (part) => html`<label title=${tooltip(part)}>
            <span>${part.name}</span>
            ${this.#text(
              `${field.name}-${part.name}`,
              withoutFallback(part),
              `${label}, ${part.name}`,
              now[part.name],
              FORMS.none,
              (text) => this.#set(field, withPart(field, value, part, text)),
            )}
          </label>`,
        )}
      </div>
    </fieldset>`;
  }

  /** An input with its help and, if the value is outside the field's range, what the field accepts. */
  #text(
    id: string,
    field: Field,
    label: string,
    value: unknown,
    placeholder: string,
    set: (text: string) => void,
  ): TemplateResult {
    const wrong = isOutside(field, value);
    return html`<input
        aria-label=${label}
        aria-describedby=${wrong ? `${id} ${id}-expected` : id}
        aria-invalid=${wrong}
        placeholder=${placeholder || nothing}
        autocomplete="off"
        spellcheck="false"
        .value=${show(field, value)}
        @change=${(event: Event) => set((event.target as HTMLInputElement).value)}
      />
      ${help(id, field)}
      ${wrong && field.range ? html`<small id="${id}-expected">${FORMS.expected(field.range)}</small>` : nothing}`;
  }

  #set(field: Field, value: unknown): void {
    const detail: OptionChange = { options: withOption(this.options, field, value), field: field.name };
    this.dispatchEvent(new CustomEvent<OptionChange>('options', { detail }));
  }
}

const tooltip = ({ name, help }: Field): string => (help ? `${name}: ${phrase(help)}` : name);

/** The help for screen readers; the mouse shows it as a tooltip. */
const help = (id: string, field: Field): TemplateResult =>
  html`<span id=${id} hidden>${phrase(field.help ?? '')}</span>`;

/** A part's default is not shown, since the whole object is left out as long as no part is set. */
const withoutFallback = ({ fallback: _, ...part }: Field): Field => part;

/** The values of a choice, and the current one if it is not among them. */
function choices(field: Field, value: unknown): string[] {
  const all = [...(field.values ?? [])];
  const now = show(field, value);
  return all.includes(now) ? all : [...all, now];
}
