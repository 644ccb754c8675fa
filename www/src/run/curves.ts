/** The curves of the run: accuracy, loss and learning rate over one axis, with common smoothing, log scale and zoom. */

import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { COUNTED } from '../base/text';
import type { ChartData, Mark, Zoom } from '../charts/curve';
import '../charts/line-chart';
import { percent, small } from '../base/format';
import type { Metric } from '../base/history';
import { CURVES } from '../charts/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { smoothed } from './smooth';

const GROUP = 'run';

@customElement('lab-run-curves')
export class LabRunCurves extends LabElement {
  @state() private smoothing = 0.6;
  @state() private log = false;
  @state() private zoom: Zoom = null;
  #drawn = { log: null as object | null, length: -1, smoothing: -1, changes: -1, interruptions: -1 };
  #data: Record<Metric | 'rate', ChartData> | null = null;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 0.7rem;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem 1.4rem;
        font-size: 0.87rem;
        color: var(--ink-soft);
      }
      input[type='range'] {
        width: 7rem;
        min-height: 0;
        padding: 0;
        accent-color: var(--accent);
        border: 0;
        background: none;
      }
      .hint {
        margin-inline-start: auto;
        font-size: 0.82rem;
      }
      .rate {
        grid-column: 1 / -1;
      }
      @container (max-width: 34rem) {
        .hint {
          display: none;
        }
      }
    `,
  ];

  override render() {
    const data = this.#columns();
    const epochs = COUNTED.epochs(this.lab.run.log.epochs.length);
    const chart = (name: Metric | 'rate', format: (value: number) => string, least: number | null, log: boolean) =>
      html`<lab-line-chart
        class="card ${name}"
        height=${name === 'rate' ? 110 : 200}
        group=${GROUP}
        heading=${CURVES[name]}
        theme=${this.lab.theme}
        label=${name === 'rate' ? CURVES.rateLabel(epochs) : CURVES.label(CURVES[name], epochs)}
        .format=${format}
        .range=${[least, null]}
        .data=${data[name]}
        .zoom=${this.zoom}
        .log=${log && data[name].x.length > 0}
        @zoom=${(event: CustomEvent<Zoom>) => (this.zoom = event.detail)}
      ></lab-line-chart>`;
    return html`
      ${this.lab.run.info ? this.#tools() : nothing}
      <div class="columns">
        ${chart('accuracy', (value) => percent(value, 0), null, false)}
        ${chart('loss', short, null, this.log)}
        ${this.lab.run.info ? chart('rate', small, 0, this.log) : nothing}
      </div>
    `;
  }

  #tools() {
    return html`<div class="tools">
      <label class="beside" title=${CURVES.smoothingHint}>
        <span>${CURVES.smoothing}</span>
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          .value=${String(this.smoothing)}
          @input=${(event: Event) => (this.smoothing = Number((event.target as HTMLInputElement).value))}
        />
      </label>
      <label class="beside">
        <input
          type="checkbox"
          .checked=${this.log}
          @change=${(event: Event) => (this.log = (event.target as HTMLInputElement).checked)}
        />
        <span>${CURVES.log}</span>
      </label>
      ${
        this.zoom
          ? html`<button class="quiet small" @click=${() => (this.zoom = null)}>${CURVES.zoomOut}</button>`
          : html`<span class="hint">${CURVES.zoomHint}</span>`
      }
    </div>`;
  }

  /** Returns the same objects until the log grows, so that charts are not redrawn for other changes. */
  #columns(): Record<Metric | 'rate', ChartData> {
    const { log, changes } = this.lab.run;
    const now = {
      log,
      length: log.length,
      smoothing: this.smoothing,
      changes: changes.length,
      interruptions: log.interruptions.length,
    };
    const same = (Object.keys(now) as (keyof typeof now)[]).every((name) => now[name] === this.#drawn[name]);
    if (same && this.#data) return this.#data;
    // The zoom is reset for a new run.
    if (this.#drawn.log !== log) this.zoom = null;
    this.#drawn = now;
    const interrupted = this.#interrupted();
    this.#data = {
      accuracy: this.#metric('accuracy', interrupted),
      loss: this.#metric('loss', [...this.#overfits(), ...interrupted]),
      rate: this.#rate(),
    };
    return this.#data;
  }

  #metric(metric: Metric, marks: Mark[]): ChartData {
    const { x, step, train, validation } = this.lab.run.log.columns(metric);
    return {
      x,
      marks,
      curves: [
        { name: '', values: step, color: '--train', faint: true },
        { name: CURVES.steps, values: this.smoothing > 0 ? smoothed(step, this.smoothing) : step, color: '--steps' },
        { name: CURVES.train, values: train, color: '--train', points: true },
        { name: CURVES.validation, values: validation, color: '--validation', points: true, dashed: true },
      ],
    };
  }

  #rate(): ChartData {
    const { log, info, changes } = this.lab.run;
    const { x, rate } = log.rates();
    const perEpoch = info?.steps_per_epoch ?? 1;
    const marks = changes.map(({ step, learning_rate }) => ({
      x: step / perEpoch,
      text: CURVES.changed(small(learning_rate)),
      color: '--ink-soft',
    }));
    return { x, marks, curves: [{ name: CURVES.rateKey, values: rate, color: '--train' }] };
  }

  #interrupted(): Mark[] {
    return this.lab.run.log.interruptions.map(({ x }) => ({ x, text: CURVES.interrupted, color: '--warn' }));
  }

  /** Marks the epoch with the lowest validation loss, once there are epochs after it. */
  #overfits(): Mark[] {
    const { epochs, bestEpoch: best } = this.lab.run.log;
    if (best === null || best === epochs.at(-1)?.epoch) return [];
    return [{ x: best, text: CURVES.overfits, color: '--validation' }];
  }
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
