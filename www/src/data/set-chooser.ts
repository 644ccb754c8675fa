/** Which data set the experiment uses, and where its validation images come from. */

import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { DATASETS, setNamed } from '../base/datasets';
import type { Experiment } from '../base/engine';
import { phrase } from '../base/localized';
import { LabElement } from '../ui/lab-element';
import { segmented } from '../ui/segmented';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { SET_CHOOSER } from './chooser-text';

type Kind = 'share' | 'test' | 'none';
type Validation = NonNullable<Experiment['dataset']['validation']> | null;

const kindOf = (validation: Validation | undefined): Kind => {
  if (validation === 'test') return 'test';
  return validation ? 'share' : 'none';
};

@customElement('lab-set-chooser')
export class LabSetChooser extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      .card {
        display: grid;
        gap: 0.9rem;
      }
      input[name='share'] {
        max-width: 7rem;
      }
    `,
  ];

  override render() {
    const { document, locked } = this.lab;
    if (!document || locked) return nothing;
    const { name, split, validation } = document.dataset;
    const full = split ? `${name}/${split}` : name;
    const kind = kindOf(validation);
    const share = validation ?? null;
    const choices = Object.entries(SET_CHOOSER.kinds) as [Kind, string][];
    return html`
      <section class="card">
        <header><h2>${SET_CHOOSER.title}</h2></header>
        <label>
          <span>${SET_CHOOSER.set}</span>
          <select aria-label=${SET_CHOOSER.set} @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
            ${setNamed(full) ? nothing : html`<option value=${full} selected>${full}</option>`}
            ${DATASETS.map((set) => html`<option value=${set.name} .selected=${set.name === full}>${phrase(set.title)}</option>`)}
          </select>
        </label>
        <p class="small soft">${SET_CHOOSER.setNote}</p>
        ${segmented(SET_CHOOSER.validation, choices, kind, (chosen) => this.#validate(chosen))}
        ${
          kind === 'share'
            ? html`<label>
                <span>${SET_CHOOSER.share}</span>
                <input name="share" inputmode="numeric" autocomplete="off" .value=${percent(share)} @change=${this.#share} />
              </label>`
            : nothing
        }
        <p class="small soft">${SET_CHOOSER.notes[kind]}</p>
      </section>
    `;
  }

  /** Uses another set: the network's input and outputs are fitted to it where its size is known. */
  async #choose(full: string): Promise<void> {
    const { lab } = this;
    const { document } = lab;
    const set = setNamed(full);
    if (!document || !set) return;
    const [name = full, split] = full.split('/');
    const { validation = null } = document.dataset;
    const dataset = { name, ...(split && { split: split as never }), validation };
    const changed: Experiment = { ...document, dataset };
    try {
      const [height, width, channels] = set.size ?? [];
      if (!height || !width || !channels || set.classes === null) return lab.edit(changed);
      lab.edit(await lab.worker.fit(changed, { height, width, channels, classes: set.classes }));
    } catch (error) {
      lab.messages.failure(error);
      this.requestUpdate();
    }
  }

  #validate(kind: Kind): void {
    const values: Record<Kind, Validation> = { share: { split: 0.2 }, test: 'test', none: null };
    this.#set(values[kind]);
  }

  readonly #share = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    const share = Number(input.value.trim().replace(/\s*%$/, ''));
    const isShare = share > 0 && share < 100;
    input.setAttribute('aria-invalid', String(!isShare));
    if (isShare) this.#set({ split: share / 100 });
    else this.lab.messages.error(SET_CHOOSER.shareInvalid(input.value));
  };

  #set(validation: Validation): void {
    const { document } = this.lab;
    if (document) this.lab.edit({ ...document, dataset: { ...document.dataset, validation } });
  }
}

/** The share in percent, without noise of the binary fraction. */
const percent = (validation: Validation): string =>
  validation && validation !== 'test' ? String(Number((validation.split * 100).toPrecision(6))) : '';
