/** Files of a run: the report to hand in, downloads, and weights to load. */
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { LOCKED } from '../lab/text';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { openWeights, saveCheckpoint, saveHistory, saveReport, saveRun, saveScript, saveWeights } from './exports';
import { RESULTS } from './text';
import './checkpoint-button';
import { LabElement } from '../ui/lab-element';

@customElement('lab-downloads')
export class LabDownloads extends LabElement {
  @state() private busy = false;
  @query('input[type=file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    css`
      p {
        margin: 0 0 0.7rem;
      }
      .row + p {
        margin-top: 1rem;
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    const running = run.state === 'running' || run.state === 'preparing';
    const why = running ? RESULTS.pauseFirst : '';
    if (!run.info) return html`<section class="card">${this.#loader(why)}</section>`;
    return html`<div class="columns">
      <section class="card">
        <header><h2>${RESULTS.report}</h2></header>
        <p class="small soft">${running ? RESULTS.pauseFirst : RESULTS.reportHint}</p>
        <div class="row">
          ${this.#button(this.busy ? RESULTS.reportBusy : RESULTS.reportHtml, why, () => saveReport(this.lab, 'html'), true)}
          ${this.#button(RESULTS.reportMarkdown, why, () => saveReport(this.lab, 'md'))}
          ${this.#button(RESULTS.historyCsv, '', () => saveHistory(this.lab, 'csv'))}
          ${this.#button(RESULTS.historyJson, '', () => saveHistory(this.lab, 'json'))}
          ${this.#button(RESULTS.runJson, '', () => saveRun(this.lab))}
        </div>
      </section>
      <section class="card">
        <header><h2>${RESULTS.files}</h2></header>
        <p class="small soft">${RESULTS.scriptsHint}</p>
        <div class="row">
          ${this.#button(RESULTS.weights, '', () => saveWeights(this.lab))}
          ${this.#button(RESULTS.checkpoint, '', () => saveCheckpoint(this.lab))}
          ${this.#button(RESULTS.keras, '', () => saveScript(this.lab, 'keras'))}
          ${this.#button(RESULTS.pytorch, '', () => saveScript(this.lab, 'pytorch'))}
        </div>
        ${this.#loader(why)}
      </section>
    </div>`;
  }

  #loader(why: string) {
    if (this.lab.locked) return html`<p class="small soft">${LOCKED.files}</p>`;
    return html`<p class="small soft">${RESULTS.loadHint}</p>
      <div class="row">
        <button ?disabled=${this.busy || why !== ''} title=${why} @click=${() => this.picker.click()}>
          ${icons.upload}${RESULTS.load}
        </button>
        <input type="file" accept=".safetensors" hidden aria-label=${RESULTS.load} @change=${this.#load} />
        <lab-checkpoint-button .lab=${this.lab}></lab-checkpoint-button>
      </div>`;
  }

  #button(name: string, why: string, act: () => Promise<void>, primary = false) {
    return html`<button
      class=${primary ? 'primary' : ''}
      ?disabled=${this.busy || why !== ''}
      title=${why}
      @click=${() => this.#do(act)}
    >
      ${icons.download}${name}
    </button>`;
  }

  async #do(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await act();
    } catch (error) {
      this.lab.messages.failure(error);
    }
    this.busy = false;
  }

  readonly #load = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) await this.#do(() => openWeights(this.lab, file));
  };
}
