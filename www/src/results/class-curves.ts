/** Precision–recall and ROC curve of each class against the rest, and the calibration of the predicted probabilities. */
import { css, html, nothing, type SVGTemplateResult, svg } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Curves } from '../base/engine';
import { percent, ratio } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { CLASS_CURVES } from './text';

/** The size of the plotted square, and the space around it for the numbers. */
const SIZE = 200;
const EDGE = 30;

type Point = readonly [x: number, y: number];

@customElement('lab-class-curves')
export class LabClassCurves extends LabElement {
  @state() private curves: Curves | null = null;
  @state() private busy = false;
  /** The class whose curve is emphasised; null for none. */
  @state() private chosen: number | null = null;
  /** The run and the step that the curves belong to. */
  #of: { run: unknown; step: number } | null = null;

  static override styles = [
    base,
    controls,
    tables,
    css`
      .plots {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: 1rem 1.4rem;
        margin-block: 0.9rem;
      }
      svg {
        display: block;
        width: 100%;
        max-width: 24rem;
        margin-top: 0.3rem;
      }
      text {
        font-size: 10px;
        fill: var(--ink-soft);
      }
      .grid {
        stroke: var(--grid);
        fill: none;
      }
      .even {
        stroke: var(--line-strong);
        stroke-dasharray: 4 4;
      }
      .curve {
        fill: none;
        stroke: var(--line-strong);
        stroke-opacity: 0.55;
      }
      .chosen {
        stroke: var(--train);
        stroke-width: 2.5;
        stroke-opacity: 1;
      }
      rect.bin {
        fill: var(--train);
      }
      .tall {
        --tall: 24rem;
      }
      label {
        max-width: 15rem;
      }
      h3 {
        font-size: 0.92rem;
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    if (!run.info || run.state === 'running' || run.state === 'preparing') return nothing;
    const isOld = this.#of?.run !== run.info || this.#of.step !== (run.step?.step ?? 0);
    const curves = isOld ? null : this.curves;
    return html`<section class="card">
      <header>
        <h2>${CLASS_CURVES.title}</h2>
        ${
          curves
            ? nothing
            : html`<button class="small" ?disabled=${this.busy} @click=${() => this.#compute()}>
                ${this.busy ? CLASS_CURVES.computing : CLASS_CURVES.compute}
              </button>`
        }
      </header>
      <p class="small soft">${CLASS_CURVES.hint}</p>
      ${curves ? this.#found(curves, run.info.classes) : nothing}
    </section>`;
  }

  #found(curves: Curves, classes: string[]) {
    const { calibration, mean_auc, mean_average_precision } = curves;
    const name = (index: number) => classes[index] ?? String(index);
    const lines = (of: (index: number) => Point[]) => {
      const order = curves.classes
        .map((_, i) => i)
        .sort((a, b) => Number(a === this.chosen) - Number(b === this.chosen));
      return order.map((i) => line(of(i), i === this.chosen, name(i)));
    };
    return html`
      <div class="dense">
        <label>
          <span>${CLASS_CURVES.emphasise}</span>
          <select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
            <option value="" .selected=${this.chosen === null}>${CLASS_CURVES.none}</option>
            ${curves.classes.map((_, i) => html`<option value=${i} .selected=${i === this.chosen}>${name(i)}</option>`)}
          </select>
        </label>
      </div>
      <div class="plots">
        <figure>
          <h3>${CLASS_CURVES.precisionRecall(ratio(mean_average_precision))}</h3>
          ${plot(
            CLASS_CURVES.axes.precisionRecall,
            lines((i) => curves.classes[i]?.precision_recall ?? []),
          )}
        </figure>
        <figure>
          <h3>${CLASS_CURVES.roc(ratio(mean_auc))}</h3>
          ${plot(CLASS_CURVES.axes.roc, [even, ...lines((i) => curves.classes[i]?.roc ?? [])])}
        </figure>
        <figure>
          <h3>${CLASS_CURVES.calibration(percent(calibration.ece, 2))}</h3>
          ${plot(CLASS_CURVES.axes.calibration, [...calibration.bins.map(bin(calibration.bins.length)), even])}
        </figure>
      </div>
      ${this.#table(curves, name)}
    `;
  }

  #table({ classes }: Curves, name: (index: number) => string) {
    const names = CLASS_CURVES.columns;
    return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${CLASS_CURVES.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">${names.class}</th>
            <th scope="col">${names.averagePrecision}</th>
            <th scope="col">${names.auc}</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            ({ average_precision, auc }, i) => html`<tr>
              <th scope="row">${name(i)}</th>
              <td>${ratio(average_precision)}</td>
              <td>${ratio(auc)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #choose(value: string): void {
    this.chosen = value === '' ? null : Number(value);
  }

  async #compute(): Promise<void> {
    const { run, worker, messages } = this.lab;
    this.busy = true;
    try {
      const of = { run: run.info, step: run.step?.step ?? 0 };
      this.curves = await worker.curves(run.info?.classes.length ?? 0);
      this.#of = of;
    } catch (error) {
      messages.failure(error);
    }
    this.busy = false;
  }
}

const at = ([x, y]: Point): string => `${(EDGE + x * SIZE).toFixed(1)},${((1 - y) * SIZE + 8).toFixed(1)}`;

/** Where every probability would be right, and where a ROC curve lies that only guesses. */
const even = svg`<line class="even" x1=${EDGE} y1=${SIZE + 8} x2=${EDGE + SIZE} y2="8" />`;

function line(points: Point[], chosen: boolean, name: string): SVGTemplateResult {
  return svg`<polyline class="curve ${chosen ? 'chosen' : ''}" points=${points.map(at).join(' ')}><title>${name}</title></polyline>`;
}

const bin =
  (bins: number) =>
  ({ count, accuracy, confidence }: Curves['calibration']['bins'][number], i: number): SVGTemplateResult => {
    const width = SIZE / bins;
    return svg`<rect class="bin" x=${EDGE + i * width + 1} width=${width - 2} y=${8 + (1 - accuracy) * SIZE} height=${accuracy * SIZE}><title>${CLASS_CURVES.bin(count, percent(confidence), percent(accuracy))}</title></rect>`;
  };

function plot({ x, y, label }: { x: string; y: string; label: string }, content: unknown): SVGTemplateResult | unknown {
  const height = SIZE + 44;
  return html`<svg viewBox="0 0 ${SIZE + EDGE + 12} ${height}" role="img" aria-label=${label}>
    ${[0, 0.5, 1].map(
      (tick) => svg`
        <path class="grid" d="M${at([tick, 0])}L${at([tick, 1])}M${at([0, tick])}L${at([1, tick])}" />
        <text x=${EDGE + tick * SIZE} y=${SIZE + 22} text-anchor="middle">${tick}</text>
        <text x=${EDGE - 6} y=${(1 - tick) * SIZE + 12} text-anchor="end">${tick}</text>`,
    )}
    ${content}
    <text x=${EDGE + SIZE / 2} y=${height - 6} text-anchor="middle">${x}</text>
    <text transform="translate(9 ${SIZE / 2 + 8}) rotate(-90)" text-anchor="middle">${y}</text>
  </svg>`;
}
