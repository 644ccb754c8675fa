/** Forms for the training: optimizer, schedule, early stopping, augmentation, and the numbers of the run. */

import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Experiment } from '../base/engine';
import { phrase } from '../base/localized';
import { setPart } from '../forms/edits';
import type { Field, Options } from '../forms/fields';
import { EXPERIMENT, type Family } from '../forms/schema';
import { FORMS } from '../forms/text';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { MODEL } from './text';
import '../forms/augmentation-editor';
import { LabElement } from '../ui/lab-element';
import '../forms/option-form';
import type { OptionChange } from '../forms/option-form';

/** The data set itself is chosen elsewhere. */
const DATASET = EXPERIMENT.dataset.fields.filter(({ name }) => name === 'validation' || name === 'merge_classes');

type Typed = { type: string; [option: string]: unknown };

@customElement('lab-training-editor')
export class LabTrainingEditor extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      .parts {
        columns: 21rem;
        column-gap: 1.6rem;
      }
      .parts section {
        break-inside: avoid;
        margin-bottom: 1.3rem;
      }
      section {
        display: grid;
        gap: 0.6rem;
        min-width: 0;
      }
      .head {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(9rem, 1fr);
        align-items: center;
        gap: 0.6rem;
      }
    `,
  ];

  override render() {
    const { document, specError, specLayer } = this.lab;
    if (!document) return nothing;
    return html`
      <section class="card">
        <header><h2>${MODEL.training}</h2></header>
        ${specError && !specLayer ? html`<p class="error" role="alert">${specError}</p>` : nothing}
        <div class="parts">
          ${this.#numbers(document)}
          ${this.#typed('optimizer', MODEL.optimizer, document.optimizer, false)}
          ${this.#typed('learning_rate_schedule', MODEL.schedule, document.learning_rate_schedule, true)}
          ${this.#optional('early_stopping', MODEL.stopping)}
          ${this.#optional('model_checkpoint', MODEL.keeping)}
          <section>
            <h3>${MODEL.augmentation}</h3>
            <lab-augmentation-editor .lab=${this.lab}></lab-augmentation-editor>
          </section>
          ${this.#dataset(document)}
        </div>
      </section>
    `;
  }

  #numbers(document: Experiment): TemplateResult {
    const options = document as unknown as Options;
    return html`<section>
      <h3>${MODEL.run}</h3>
      ${this.#form(EXPERIMENT.numbers, options, ({ options }, field) =>
        this.lab.model.change(() => options as unknown as Experiment, `training ${field}`),
      )}
    </section>`;
  }

  #dataset(document: Experiment): TemplateResult {
    return html`<section>
      <h3>${MODEL.dataset}</h3>
      ${this.#form(DATASET, document.dataset as unknown as Options, ({ options }, field) =>
        this.lab.model.change(
          (now) => setPart(now, 'dataset', options as unknown as Experiment['dataset']),
          `dataset ${field}`,
        ),
      )}
      <p class="small soft">${MODEL.datasetHint}</p>
    </section>`;
  }

  #typed(
    key: 'optimizer' | 'learning_rate_schedule',
    title: string,
    value: Typed | null | undefined,
    optional: boolean,
  ): TemplateResult {
    const { type = '', ...options } = value ?? {};
    const entries: Family = EXPERIMENT[key];
    const set = (next: Typed | undefined, kind: string | null = null) =>
      this.lab.model.change((now) => setPart(now, key, next), kind);
    const entry = entries[type];
    return html`<section>
      <div class="head dense">
        <h3>${title}</h3>
        <select
          aria-label=${title}
          title=${phrase(entry?.help ?? '') || nothing}
          @change=${(event: Event) => {
            const chosen = (event.target as HTMLSelectElement).value;
            set(chosen === '' ? undefined : { type: chosen, ...entries[chosen]?.start });
          }}
        >
          ${optional ? html`<option value="" .selected=${type === ''}>${FORMS.none}</option>` : nothing}
          ${Object.keys(entries).map((name) => html`<option value=${name} .selected=${name === type}>${name}</option>`)}
        </select>
      </div>
      ${
        entry
          ? this.#form(
              entry.fields,
              options,
              (change, field) => set({ type, ...change.options }, `${key} ${field}`),
              title,
            )
          : nothing
      }
    </section>`;
  }

  /** An optional part, with a switch. */
  #optional(key: 'early_stopping' | 'model_checkpoint', title: string): TemplateResult {
    const { fields, start, help } = EXPERIMENT[key];
    const value = this.lab.document?.[key] as Options | null | undefined;
    const set = (next: Options | undefined, kind: string | null = null) =>
      this.lab.model.change((now) => setPart(now, key, next), kind);
    return html`<section>
      <div class="head dense">
        <h3>${title}</h3>
        <select
          aria-label=${title}
          title=${phrase(help)}
          @change=${(event: Event) => set((event.target as HTMLSelectElement).value === 'on' ? start : undefined)}
        >
          <option value="" .selected=${!value}>${MODEL.off}</option>
          <option value="on" .selected=${Boolean(value)}>${MODEL.on}</option>
        </select>
      </div>
      ${value ? this.#form(fields, value, (change, field) => set(change.options, `${key} ${field}`), title) : nothing}
    </section>`;
  }

  #form(
    fields: readonly Field[],
    options: Options,
    set: (change: OptionChange, field: string) => void,
    of = '',
  ): TemplateResult {
    return html`<lab-option-form
      of=${of}
      .fields=${fields}
      .options=${options}
      @options=${({ detail }: CustomEvent<OptionChange>) => set(detail, detail.field)}
    ></lab-option-form>`;
  }
}
