/** The inside view: filters of the first layer, activations for one image, health of the layers, weights. */
import { css, html, nothing, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import './mosaic';
import './activations';
import './explanation';
import './health-table';
import { integer } from '../base/format';
import { COUNTED } from '../base/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { Filters, Histogram } from '../worker/weights';
import { INSIDE } from './text';

const HEIGHT = 60;

@customElement('lab-inside-view')
export class LabInsideView extends LabElement {
  #seen = '';

  static override styles = [
    base,
    controls,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
      }
      lab-mosaic {
        margin-top: 0.7rem;
      }
      .histograms {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5rem), 1fr));
        gap: 0.9rem 1.1rem;
        margin-top: 0.8rem;
      }
      .histograms svg {
        display: block;
        width: 100%;
        margin-top: 0.3rem;
        height: ${HEIGHT}px;
        border-bottom: 1px solid var(--line-strong);
      }
      .histograms rect {
        fill: var(--train);
      }
      .histograms .zero {
        stroke: var(--ink-soft);
        stroke-width: 0.4;
        stroke-dasharray: 2 2;
      }
      .histograms b {
        display: block;
        overflow-wrap: anywhere;
        font: 600 0.82rem var(--mono);
      }
      figcaption {
        font-size: 0.78rem;
        color: var(--ink-soft);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.lab.inside.watch(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.lab.inside.watch(false);
  }

  /** Updates the view when it is opened, when the run pauses and when it ends; before a run, when the experiment or the data change. */
  override updated(): void {
    const { run, inside } = this.lab;
    if (!run.info) this.#inspect(false);
    if (!run.info || !inside.summary) return;
    const seen = `${run.info.seed} ${run.state} ${inside.summary.totals.params}`;
    if (seen === this.#seen || run.state === 'preparing') return;
    this.#seen = seen;
    void inside.refresh();
  }

  /** Looks into the network before its training, if the experiment is valid and its data is ready. */
  #inspect(isAsked: boolean): void {
    const { run, inside, data, experiment, summary, specError, isCostSheet } = this.lab;
    if (!experiment || !summary || !data.info || !data.ready || specError || isCostSheet) return;
    if (run.state !== 'preparing') void inside.inspect(experiment, summary, data.info, isAsked);
  }

  override render() {
    const { run, inside } = this.lab;
    if (!inside.subject) return this.#empty();
    const last = inside.samples.at(-1);
    return html`
      <div class="stack">
        <div class="bar">
          <span class="soft number">${run.info ? (last ? INSIDE.state(epochsText(inside.epochOf(last))) : '') : INSIDE.untrained}</span>
          ${
            run.info
              ? html`<button class="small" ?disabled=${inside.busy} @click=${() => inside.refresh()}>
                  ${inside.busy ? INSIDE.looking : INSIDE.now}
                </button>`
              : nothing
          }
        </div>
        ${inside.problem ? html`<p class="card" role="alert"><span class="badge warn">!</span> ${inside.problem}</p>` : nothing}
        ${guard([inside.weights], () => this.#filters(inside.weights?.filters ?? null))}
        <lab-activations .lab=${this.lab}></lab-activations>
        <lab-explanation .lab=${this.lab}></lab-explanation>
        <lab-health-table .lab=${this.lab}></lab-health-table>
        ${guard([inside.weights], () => this.#histograms(inside.weights?.histograms ?? []))}
      </div>
    `;
  }

  /** Before the network can be looked into: what is missing. */
  #empty() {
    const { problem, isHeavy } = this.lab.inside;
    if (problem) return html`<p class="card" role="alert"><span class="badge warn">!</span> ${problem}</p>`;
    return html`<div class="card empty">
      <strong>${INSIDE.emptyTitle}</strong><span>${isHeavy ? INSIDE.heavy : INSIDE.emptyText}</span>
      ${isHeavy ? html`<button class="small" @click=${() => this.#inspect(true)}>${INSIDE.open}</button>` : nothing}
    </div>`;
  }

  /** The step of the weights that are shown: while the run trains it is later than that of the layers' health. */
  get #when(): string {
    const { weights } = this.lab.inside;
    return weights ? INSIDE.at(integer(weights.step)) : '';
  }

  #filters(filters: Filters | null) {
    if (!filters) return nothing;
    const { layer, height, width, channels, images } = filters;
    const title = INSIDE.filters(layer);
    return html`<section class="card">
      <header><h2>${title}</h2></header>
      <p class="small soft">${channels === 3 ? INSIDE.filtersHint.color : INSIDE.filtersHint.signed} ${this.#when}</p>
      <lab-mosaic
        .maps=${images}
        .size=${[height, width]}
        scale=${channels === 3 ? 'color' : 'signed'}
        label=${title}
      ></lab-mosaic>
    </section>`;
  }

  #histograms(list: Histogram[]) {
    if (list.length === 0) return nothing;
    return html`<section class="card">
      <header><h2>${INSIDE.histograms}</h2></header>
      <p class="small soft">${INSIDE.histogramsHint} ${this.#when}</p>
      <div class="histograms">${list.map((one) => this.#histogram(one))}</div>
    </section>`;
  }

  #histogram({ name, count, least, most, mean, deviation, bins }: Histogram) {
    const highest = Math.max(1, ...bins);
    const zero = most > least ? (-least / (most - least)) * bins.length : -1;
    const label = INSIDE.histogram(name, integer(count), short(mean), short(deviation));
    return html`<figure>
      <b title=${name}>${name}</b>
      <svg viewBox="0 0 ${bins.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
        ${bins.map((height, i) => svg`<rect x=${i} width="0.92" y=${HEIGHT * (1 - height / highest)} height=${(HEIGHT * height) / highest} />`)}
        ${zero > 0 && zero < bins.length ? svg`<line class="zero" x1=${zero} x2=${zero} y1="0" y2=${HEIGHT} />` : nothing}
      </svg>
      <div class="ends number"><span>${short(least)}</span><span>${short(most)}</span></div>
      <figcaption class="number">
        ${integer(count)} · ${INSIDE.mean} ${short(mean)} · ${INSIDE.deviation} ${short(deviation)}
      </figcaption>
    </figure>`;
  }
}

const short = (value: number): string => (value === 0 ? '0' : value.toPrecision(2));

const epochsText = (value: number): string =>
  Number.isInteger(value) ? COUNTED.epochs(value) : INSIDE.epochs(value.toFixed(2));
