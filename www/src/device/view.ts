/** The device view: whether the GPU is on, what this device has, which engine runs and why, and its measured speed. */

import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { phrase } from '../base/localized';
import { LabElement } from '../ui/lab-element';
import './measured-speed';
import { integer } from '../base/format';
import { browserOf } from '../base/platform';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { ENGINES } from '../ui/text';
import type { AdapterDetails, Boot } from '../worker/protocol';
import { type Answer, DEVICE, isGpuOn } from './text';

@customElement('lab-device-view')
export class LabDeviceView extends LabElement {
  @state() private heap: number | null = null;
  @state() private adapter: AdapterDetails | null = null;
  #asked = false;

  static override styles = [
    base,
    controls,
    css`
      .answer {
        border-inline-start: 5px solid var(--line-strong);
      }
      .answer.yes {
        border-left-color: var(--good);
      }
      .answer.slow {
        border-left-color: var(--warn);
      }
      .answer.no {
        border-left-color: var(--danger);
      }
      .answer p {
        font-size: 1.1rem;
        font-weight: 550;
      }
      .answer h2 {
        margin-bottom: 0.4rem;
      }
      .answer h3 {
        margin: 0.9rem 0 0.3rem;
      }
      ol {
        padding-inline-start: 1.3rem;
      }
      /* Some values are sentences that need the whole width, so each value is below its term. */
      .here dl.terms {
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
      }
      .here dd {
        margin-bottom: 0.45rem;
        overflow-wrap: break-word;
      }
      dt code {
        font-size: 0.8rem;
      }
      h3 {
        margin: 1rem 0 0.4rem;
      }
      .features {
        font-family: var(--mono);
        font-size: 0.78rem;
        overflow-wrap: anywhere;
      }
      section p + p {
        margin-top: 0.5rem;
      }
    `,
  ];

  override firstUpdated(): void {
    this.lab.worker.heapBytes().then(
      (bytes) => {
        this.heap = bytes;
      },
      (error: unknown) => this.lab.messages.failure(error),
    );
  }

  override updated(): void {
    if (this.#asked || this.lab.boot?.gpu.state !== 'ready') return;
    this.#asked = true;
    this.lab.worker.adapterDetails().then(
      (found) => {
        this.adapter = found;
      },
      (error: unknown) => this.lab.messages.failure(error),
    );
  }

  override render() {
    const { boot } = this.lab;
    if (!boot) return nothing;
    return html`
      <div class="stack">
        ${this.#answer(isGpuOn(boot.gpu, browserOf(navigator.userAgent)))}
        <div class="columns">
          <div class="stack">${this.#engine()} ${this.#here(boot)}</div>
          ${this.#adapter()}
        </div>
        <lab-measured-speed .lab=${this.lab}></lab-measured-speed>
      </div>
    `;
  }

  #answer({ kind, sentence, steps }: Answer) {
    return html`<section class="card answer ${kind}">
      <h2>${DEVICE.question}</h2>
      <p>${sentence}</p>
      ${
        steps.length > 0
          ? html`<h3>${DEVICE.steps}</h3>
              <ol>
                ${steps.map((step) => html`<li>${step}</li>`)}
              </ol>`
          : nothing
      }
    </section>`;
  }

  #engine() {
    const { run, settings } = this.lab;
    return html`<section class="card">
      <header><h2>${DEVICE.engine}</h2></header>
      <p>${DEVICE.engineChoice[settings.engine]}</p>
      ${
        run.info
          ? html`<p>${DEVICE.engineRun(ENGINES[run.info.engine], run.info.device)}
              ${capital(phrase(run.info.reason))}.</p>
              ${run.info.notice ? html`<p>${run.info.notice}</p>` : nothing}`
          : nothing
      }
    </section>`;
  }

  #here(boot: Boot) {
    const memory = (navigator as Navigator & { deviceMemory?: number }).deviceMemory;
    const word = (is: boolean) => (is ? DEVICE.yes : DEVICE.no);
    return html`<section class="card here">
      <header><h2>${DEVICE.here}</h2></header>
      ${facts([
        [DEVICE.cores, integer(boot.cores)],
        [DEVICE.memory, memory ? DEVICE.memoryValue(String(memory)) : DEVICE.memoryUnknown],
        [DEVICE.heap, this.heap === null ? '' : this.lab.texts.bytes(this.heap)],
        [DEVICE.secure, word(isSecureContext)],
        [DEVICE.isolated, crossOriginIsolated ? DEVICE.yes : `${DEVICE.no} (${DEVICE.isolatedNote})`],
        [DEVICE.build, DEVICE.builds[boot.build]],
        [DEVICE.browser, navigator.userAgent],
      ])}
    </section>`;
  }

  #adapter() {
    const { adapter } = this;
    return html`<section class="card">
      <header><h2>${DEVICE.adapter}</h2></header>
      ${
        adapter
          ? html`${facts([
              [DEVICE.vendor, adapter.vendor || DEVICE.unnamed],
              [DEVICE.architecture, adapter.architecture || DEVICE.unnamed],
              [DEVICE.device, adapter.device || DEVICE.unnamed],
              [DEVICE.description, adapter.description || DEVICE.unnamed],
            ])}
              <h3>${DEVICE.limits}</h3>
              ${facts(adapter.limits.map(([name, value]) => [html`<code>${name}</code>`, name.endsWith('Size') ? this.lab.texts.bytes(value) : integer(value)]))}
              <h3>${DEVICE.features}</h3>
              <p class="features">${adapter.features.join(', ')}</p>`
          : html`<p>${DEVICE.adapterNone}</p>`
      }
    </section>`;
  }
}

const facts = (list: [name: unknown, value: unknown][]) =>
  html`<dl class="terms number">${list.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
