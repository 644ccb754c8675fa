/** The set-up at the left: experiment, data, engine, and the numbers of the training. */

import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { EngineChoice, Experiment } from '../base/engine';
import { fileSize, integer } from '../base/format';
import { phrase } from '../base/localized';
import { type DataChoice, NUMBERS, type NumberSetting, ruleOf } from '../base/settings';
import { COUNTED } from '../base/text';
import { LAB } from '../lab/text';
import { experimentChoice } from './experiment-choice';
import { icons } from './icons';
import { LabElement } from './lab-element';
import { inline, markdown } from './markdown';
import { progressBar } from './progress';
import './my-experiments';
import { segmented } from './segmented';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { DROP_ZONE, SETUP } from './text';
import './unsaved-question';

@customElement('lab-setup')
export class LabSetup extends LabElement {
  /** On a narrow screen the set-up is collapsed until it is opened, and again when a run starts. */
  @state() private open = false;
  @query('.fold') private fold!: HTMLElement;
  #wasActive = false;

  static override styles = [
    base,
    controls,
    css`
      .card {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.15rem;
      }
      .fold {
        display: none;
        width: 100%;
        min-width: 0;
        justify-content: space-between;
        border: 0;
        min-height: 2rem;
        padding: 0;
        background: none !important;
        font-weight: 650;
      }
      .fold .icon {
        transition: rotate 0.15s;
      }
      .fold[aria-expanded='true'] .icon {
        rotate: 180deg;
      }
      .fold .soft {
        overflow-wrap: anywhere;
        font-weight: 400;
        flex: 1;
        text-align: start;
      }
      section {
        display: grid;
        gap: 0.5rem;
      }
      h3 {
        font-size: 0.87rem;
        color: var(--ink-soft);
        font-weight: 600;
        letter-spacing: 0;
      }
      select {
        font-size: 0.87rem;
        font-weight: 550;
        padding-inline: 0.4rem;
        /* The whole title stands below. */
        text-overflow: ellipsis;
      }
      h2 {
        font-size: 1.05rem;
      }
      .fields {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.6rem 0.7rem;
      }
      .wide {
        grid-column: span 2;
      }
      .about {
        display: grid;
        gap: 0.6rem;
        font-size: 0.92rem;
        padding-top: 0.5rem;
      }
      .about :is(ul, ol) {
        padding-inline-start: 1.2rem;
      }
      .question {
        font-size: 0.92rem;
      }
      .data {
        display: flex;
        gap: 0.45rem;
        align-items: baseline;
        flex-wrap: wrap;
      }
      @container (max-width: 56rem) {
        .fold {
          display: flex;
        }
        .card:not(.open) {
          padding-block: 0.5rem;
        }
        .card:not(.open) > section {
          display: none;
        }
      }
    `,
  ];

  override willUpdate(): void {
    const { active } = this.lab.run;
    if (active && !this.#wasActive && this.open) {
      this.open = false;
      // The content below has moved up, so the page is scrolled to keep the set-up visible.
      void this.updateComplete.then(() => this.fold.checkVisibility() && this.scrollIntoView({ block: 'nearest' }));
    }
    this.#wasActive = active;
  }

  override render() {
    const { experiment } = this.lab;
    return html`
      <div class="card ${this.open ? 'open' : ''}">
        <button class="fold" aria-expanded=${this.open} @click=${() => (this.open = !this.open)}>
          <span>${SETUP.title}</span>
          ${this.open ? nothing : html`<span class="soft small">${this.lab.title}</span>`}
          ${icons.down}
        </button>
        ${this.#experiment()} ${this.#data()} ${this.#engine()} ${experiment ? this.#training(experiment) : nothing}
      </div>
      <lab-unsaved-question .lab=${this.lab}></lab-unsaved-question>
    `;
  }

  #experiment() {
    const { lab } = this;
    const [question, ...rest] = (lab.preset?.text ?? '').split(/\n{2,}/);
    return html`
      <section>
        ${experimentChoice(lab)}
        <div>
          <button class="quiet small" @click=${() => this.dispatchEvent(new CustomEvent('browse'))}>${SETUP.browse}</button>
        </div>
        <lab-my-experiments .lab=${lab}></lab-my-experiments>
        <h2>${lab.title}</h2>
        ${question ? html`<p class="question">${inline(question)}</p>` : nothing}
        ${
          rest.length > 0
            ? html`<details>
                <summary>${SETUP.about}</summary>
                <div class="about">${markdown(rest.join('\n\n'))}</div>
              </details>`
            : nothing
        }
      </section>
    `;
  }

  #data() {
    const { data } = this.lab;
    const choices: [DataChoice, string][] = [
      ['official', data.title],
      ['synthetic', SETUP.choices.synthetic],
    ];
    return html`
      <section>
        ${
          data.hasChoice
            ? segmented(SETUP.data, choices, data.origin, (choice) => this.lab.set({ data: choice }))
            : html`<h3>${SETUP.data}</h3>`
        }
        ${this.#dataState()}
      </section>
    `;
  }

  #dataState() {
    const { data, isCostSheet, title } = this.lab;
    if (isCostSheet) {
      return html`<p class="small soft">${LAB.costSheet(title)}</p>
        <div><button class="quiet small" @click=${() => this.lab.set({ tab: 'cost' })}>${SETUP.openCost}</button></div>`;
    }
    if (data.progress) return html`<div>${progressBar(data.progress)}</div>`;
    const get = html`<button class="quiet small" @click=${() => this.lab.set({ tab: 'data' })}>${DROP_ZONE.get}</button>`;
    if (data.ready && data.info) {
      const { title, train, test, synthetic } = data.info;
      const text = SETUP.loaded(phrase(title), integer(train), integer(test));
      return html`<p class="small soft data">
        <span>${text}</span>${synthetic ? html`<span class="badge warn">${SETUP.synthetic}</span>` : nothing}
        ${data.kept && !synthetic ? html`<span>${SETUP.keptHere(fileSize(data.kept.bytes))}</span>` : nothing}
      </p>`;
    }
    if (data.siteFiles.length > 0) {
      return html`<p class="small soft">${SETUP.onSite(COUNTED.files(data.siteFiles.length))}</p>`;
    }
    return html`<p class="small soft">${SETUP.needed(data.title, data.hasChoice)}</p>
      <div>${get}</div>`;
  }

  #engine() {
    const { engine } = this.lab.settings;
    const { engines, engineHints } = SETUP;
    const choices = Object.entries(engines) as [EngineChoice, string][];
    return html`
      <section>
        ${segmented(SETUP.engine, choices, engine, (choice) => this.lab.set({ engine: choice }))}
        <p class="small soft">${engineHints[engine]}</p>
        ${
          this.lab.gpuNotice && engine === 'gpu'
            ? html`<p class="small"><span class="badge warn">WebGPU</span> ${this.lab.gpuNotice}</p>`
            : nothing
        }
      </section>
    `;
  }

  #training(experiment: Experiment) {
    const { settings, run } = this.lab;
    const changed = NUMBERS.some((name) => settings[name] !== null);
    return html`
      <section>
        <h3>${SETUP.training}</h3>
        <div class="fields">${NUMBERS.map((name) => this.#field(name, experiment))}</div>
        ${run.active ? html`<p class="small soft">${SETUP.nextRun}</p>` : nothing}
        ${
          changed
            ? html`<div>
                <button
                  class="quiet small"
                  @click=${() => this.lab.set({ epochs: null, batch: null, seed: null, train: null, test: null })}
                >
                  ${SETUP.reset}
                </button>
              </div>`
            : nothing
        }
      </section>
    `;
  }

  #field(name: NumberSetting, experiment: Experiment) {
    const value = this.lab.settings[name];
    return html`
      <label class=${name === 'seed' ? 'wide' : ''}>
        <span>${SETUP.fields[name]}</span>
        <input
          name=${name}
          inputmode=${name === 'epochs' ? 'decimal' : 'numeric'}
          autocomplete="off"
          placeholder=${placeholder(name, experiment)}
          .value=${value === null ? '' : String(value)}
          @change=${(event: Event) => this.#change(name, event.target as HTMLInputElement)}
        />
      </label>
    `;
  }

  #change(name: NumberSetting, input: HTMLInputElement): void {
    const text = input.value.trim();
    const rule = ruleOf(name);
    const value = text === '' ? null : rule.parse(text);
    input.setAttribute('aria-invalid', String(value === undefined));
    if (value === undefined) this.lab.messages.error(SETUP.invalid(SETUP.fields[name], rule.expects(), text));
    else this.lab.set({ [name]: value });
  }
}

/** The experiment's own value, which applies if the field is empty. */
function placeholder(name: NumberSetting, { epochs, batch_size, seed, dataset }: Experiment): string {
  const values: Record<NumberSetting, number | null | undefined> = {
    epochs,
    batch: batch_size,
    seed,
    train: dataset.limit?.train,
    test: dataset.limit?.test,
  };
  return String(values[name] ?? SETUP.all);
}
