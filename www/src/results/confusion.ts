/** A confusion matrix as a heat map: a table with counts for few classes, a canvas with a readout for many. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { blues, inkOn } from '../charts/colors';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { RESULTS } from './text';

/** With more classes the counts do not fit. */
const MOST_WITH_COUNTS = 20;

/** The longest name of a class, in characters, that fits above a column. */
const WIDEST = 3;

/** A cell: images of one class that were predicted as another, or as the same. */
export interface Cell {
  truth: number;
  predicted: number;
}

@customElement('lab-confusion')
export class LabConfusion extends BoundedElement {
  @property({ attribute: false }) matrix: number[][] = [];
  @property({ attribute: false }) classes: string[] = [];
  /** Whether a click on a cell shows its images. */
  @property({ attribute: false }) hasImages = true;
  @state() private cell: [truth: number, predicted: number] | null = null;
  @query('tbody') private body!: HTMLElement | null;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  static override styles = [
    base,
    css`
      .frame {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.3rem;
        max-width: 52rem;
      }
      .axis {
        font-size: 0.82rem;
        color: var(--ink-soft);
        text-align: center;
      }
      .truth {
        writing-mode: vertical-rl;
        rotate: 180deg;
        grid-row: 2;
      }
      .predicted {
        grid-column: 2;
      }
      table {
        border-collapse: separate;
        border-spacing: 2px;
        width: 100%;
        font-size: clamp(0.6rem, 2.7cqw, 0.95rem);
        font-variant-numeric: tabular-nums;
      }
      .box {
        container-type: inline-size;
        min-width: 0;
      }
      th {
        font-weight: 550;
        color: var(--ink-soft);
        white-space: nowrap;
        padding: 0.15rem;
      }
      /* Names that are wider than a column stand upright, so that none is cut off. */
      .long thead th {
        writing-mode: vertical-rl;
        rotate: 180deg;
        text-align: start;
        vertical-align: top;
      }
      tbody th {
        text-align: end;
        width: 1%;
      }
      td {
        text-align: center;
        padding: 0;
        height: 2.4em;
        border-radius: 3px;
        background: var(--heat);
        color: var(--heat-ink);
      }
      tbody td {
        cursor: pointer;
      }
      td:hover {
        outline: 2px solid var(--ink);
      }
      canvas {
        width: 100%;
        image-rendering: pixelated;
        border-radius: 6px;
        cursor: crosshair;
      }
      .readout {
        min-height: 1.5rem;
        margin-top: 0.4rem;
        font-size: 0.9rem;
        color: var(--ink-soft);
      }
    `,
  ];

  override render() {
    const small = this.matrix.length <= MOST_WITH_COUNTS;
    return html`
      <div class="frame">
        <div class="axis predicted">${RESULTS.predicted}</div>
        <div class="axis truth">${RESULTS.truth}</div>
        <div class="box">${small ? this.#table() : this.#drawing()}</div>
      </div>
      <p class="readout">${this.cell ? this.#readout(this.cell) : this.hasImages ? RESULTS.confusionHint : nothing}</p>
    `;
  }

  override updated(changed: PropertyValues): void {
    if (!changed.has('matrix')) return;
    this.#tint();
    this.#paint();
  }

  #table() {
    const name = (index: number) => this.classes[index] ?? String(index);
    return html`
      <table class=${this.classes.some((one) => one.length > WIDEST) ? 'long' : ''} aria-label=${RESULTS.confusion} @mouseleave=${() => (this.cell = null)}>
        <thead>
          <tr>
            <td aria-hidden="true"></td>
            ${this.matrix.map((_, i) => html`<th scope="col" title=${name(i)}>${name(i)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.matrix.map(
            (row, truth) => html`<tr>
              <th scope="row" title=${name(truth)}>${name(truth)}</th>
              ${row.map(
                (count, predicted) =>
                  html`<td
                    @mouseenter=${() => (this.cell = [truth, predicted])}
                    @click=${() => this.#open([truth, predicted])}
                  >${count === 0 ? nothing : count}</td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    `;
  }

  #drawing() {
    const size = this.matrix.length;
    return html`<canvas
      width=${size}
      height=${size}
      role="img"
      aria-label=${RESULTS.confusion}
      @mousemove=${this.#point}
      @mouseleave=${() => (this.cell = null)}
      @click=${() => this.cell && this.#open(this.cell)}
    ></canvas>`;
  }

  /** Sends an event that asks to show the images of a cell. */
  #open([truth, predicted]: [number, number]): void {
    if ((this.matrix[truth]?.[predicted] ?? 0) === 0) return;
    this.dispatchEvent(new CustomEvent<Cell>('cell', { detail: { truth, predicted } }));
  }

  /** Sets colours through the style object, since the content security policy forbids style attributes. */
  #tint(): void {
    const cells = this.body?.querySelectorAll('td') ?? [];
    const shares = this.#shares().flat();
    cells.forEach((cell, index) => {
      const color = blues(shares[index] ?? 0);
      cell.style.setProperty('--heat', `rgb(${color.join(' ')})`);
      cell.style.setProperty('--heat-ink', inkOn(color));
    });
  }

  #paint(): void {
    const context = this.canvas?.getContext('2d');
    if (!context) return;
    const size = this.matrix.length;
    const image = context.createImageData(size, size);
    const shares = this.#shares().flat();
    for (const [i, share] of shares.entries()) image.data.set([...blues(share), 255], 4 * i);
    context.putImageData(image, 0, 0);
  }

  /** For each true class the share of each cell; its square root makes rare mistakes visible. */
  #shares(): number[][] {
    return this.matrix.map((row) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      return row.map((count) => (total > 0 ? Math.sqrt(count / total) : 0));
    });
  }

  readonly #point = (event: MouseEvent): void => {
    const size = this.matrix.length;
    const { offsetX, offsetY } = event;
    const { clientWidth, clientHeight } = event.target as HTMLCanvasElement;
    const at = (offset: number, length: number) =>
      Math.min(size - 1, Math.max(0, Math.floor((offset / length) * size)));
    this.cell = [at(offsetY, clientHeight), at(offsetX, clientWidth)];
  };

  #readout([truth, predicted]: [number, number]): string {
    const count = this.matrix[truth]?.[predicted] ?? 0;
    const name = (index: number) => this.classes[index] ?? String(index);
    return RESULTS.cell(count, name(truth), name(predicted));
  }
}
