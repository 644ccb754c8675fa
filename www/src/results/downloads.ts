/** Files of a run: the report to hand in, downloads, and weights to load. */
import { css, html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { LOCKED } from '../lab/text';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import '../ui/report-form';
import { REPORT } from '../ui/report-text';
import { controls } from '../ui/styles/controls';
import { openWeights, saveCheckpoint, saveHistory, saveModel, saveRun, saveScript, saveWeights } from './exports';
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
      :host {
        display: grid;
        gap: 1rem;
      }
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
    return html`${this.#report(running)}<div class="columns">
      <section class="card">
        <header><h2>${RESULTS.files}</h2></header>
        <div class="row">
          ${this.#button(RESULTS.historyCsv, '', () => saveHistory(this.lab, 'csv'))}
          ${this.#button(RESULTS.historyJson, '', () => saveHistory(this.lab, 'json'))}
          ${this.#button(RESULTS.runJson, '', () => saveRun(this.lab))}
        </div>
      </section>
      <section class="card">
        <header><h2>${RESULTS.export}</h2></header>
        <p class="small soft">${RESULTS.modelsHint}</p>
        <div class="row">
          ${this.#button(RESULTS.kerasModel, '', () => saveModel(this.lab, 'keras-model'))}
          ${this.#button(RESULTS.onnx, '', () => saveModel(this.lab, 'onnx'))}
          ${this.#button(RESULTS.pytorchWeights, '', () => saveModel(this.lab, 'pytorch-weights'))}
        </div>
        <p class="small soft">${RESULTS.scriptsHint}</p>
        <div class="row">
          ${this.#button(RESULTS.weights, '', () => saveWeights(this.lab))}
          ${this.#button(RESULTS.checkpoint, '', () => saveCheckpoint(this.lab))}
          ${this.#button(RESULTS.keras, '', () => saveScript(this.lab, 'keras'))}
          ${this.#button(RESULTS.pytorch, '', () => saveScript(this.lab, 'pytorch'))}
        </div>
        <p class="small soft">${RESULTS.notebookHint}</p>
        <div class="row">${this.#button(RESULTS.notebook, '', () => saveScript(this.lab, 'notebook'))}</div>
        ${this.#loader(why)}
      </section>
    </div>`;
  }

  /** The report of the run as it is saved; before that the run has to be saved. */
  #report(running: boolean) {
    const { run, runs } = this.lab;
    const saved = runs.list.find(({ id }) => id === run.id);
    if (saved && !running) return html`<lab-report-form .lab=${this.lab} .run=${saved}></lab-report-form>`;
    const canKeep = !running && run.log.epochs.length > 0;
    return html`<section class="card report">
      <header><h2>${REPORT.title}</h2></header>
      <p class="small soft">${running ? RESULTS.pauseFirst : RESULTS.reportHint}</p>
      <button ?disabled=${!canKeep} @click=${() => this.#do(async () => void (await runs.keep(run)))}>${RESULTS.openReport}</button>
    </section>`;
  }

  #loader(why: string) {
    if (this.lab.locked) return html`<p class="small soft">${LOCKED.files}</p>`;
    return html`<p class="small soft">${RESULTS.loadHint}</p>
      <div class="row">
        <button ?disabled=${this.busy || why !== ''} title=${why} @click=${() => this.picker.click()}>
          ${icons.upload}${RESULTS.load}
        </button>
        <input type="file" accept=".safetensors,.keras,.h5,.hdf5,.onnx,.json,.py,.ipynb" hidden aria-label=${RESULTS.load} @change=${this.#load} />
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
    await this.lab.messages.attempt(act);
    this.busy = false;
  }

  readonly #load = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) await this.#do(() => openWeights(this.lab, file));
  };
}
