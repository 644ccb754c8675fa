/** A live curve of one metric: the running mean within each epoch drawn faintly, training and validation an epoch as points. */
import { css, html, LitElement, type PropertyValues, unsafeCSS } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import type { CurveColumns } from '../history';
import { base } from '../styles/base';
import { TEXT } from '../text';
import { resolveColor } from './colors';

const HEIGHT = 240;

@customElement('lab-line-chart')
export class LineChart extends LitElement {
  @property({ attribute: false }) columns: CurveColumns = [[], [], [], []];
  @property({ attribute: false }) format: (value: number) => string = String;
  /** The least and the most that the axis must show; null leaves it to the data. */
  @property({ attribute: false }) range: [number | null, number | null] = [null, null];
  @property() heading = '';
  @property() label = '';
  /** Only to draw again in other colours. */
  @property() theme = '';
  @state() private cursor: number | null = null;
  @query('.plot') private plotBox!: HTMLElement;
  #plot: uPlot | null = null;
  #palette = new Map<string, string>();
  #resize = new ResizeObserver(() => this.#fit());
  #scheme = matchMedia('(prefers-color-scheme: dark)');

  static override styles = [
    unsafeCSS(uPlotCss),
    base,
    css`
      :host {
        display: block;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0.25rem 1rem;
        margin-bottom: 0.6rem;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 0.9rem;
        font-size: 0.82rem;
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
      }
      .key span::before {
        content: '';
        display: inline-block;
        width: 0.65em;
        height: 0.65em;
        border-radius: 50%;
        margin-right: 0.4em;
        background: var(--color);
      }
      .key b {
        color: var(--ink);
        font-weight: 600;
      }
      .train {
        --color: var(--train);
      }
      .validation {
        --color: var(--validation);
      }
      .key .validation::before {
        border-radius: 1px;
        rotate: 45deg;
        scale: 0.9;
      }
      .plot {
        height: ${HEIGHT}px;
        margin-left: -0.4rem;
      }
      .u-select {
        background: color-mix(in srgb, var(--accent) 18%, transparent);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener('change', this.#recolor);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#recolor);
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  override render() {
    const [, , train, validation] = this.columns;
    return html`
      <div class="head">
        <h2>${this.heading}</h2>
        <div class="key">
          ${this.#key('train', TEXT.run.curves.train, train)}
          ${validation.some((value) => value !== null) ? this.#key('validation', TEXT.run.curves.validation, validation) : ''}
        </div>
      </div>
      <div class="plot" role="img" aria-label=${this.label}></div>
    `;
  }

  override firstUpdated(): void {
    this.#resize.observe(this.plotBox);
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('theme')) this.#recolor();
    if (changed.has('columns')) this.#draw();
  }

  readonly #recolor = (): void => {
    for (const name of ['--ink-soft', '--grid', '--train', '--validation']) {
      this.#palette.set(name, resolveColor(this, name));
    }
    this.#plot?.redraw();
  };

  #color(name: string): string {
    return this.#palette.get(name) ?? '';
  }

  #key(kind: string, name: string, column: (number | null)[]) {
    const value = lastUpTo(column, this.cursor ?? column.length - 1);
    return html`<span class=${kind}>${name} <b>${value === null ? '' : this.format(value)}</b></span>`;
  }

  #draw(): void {
    if (this.#plot) this.#plot.setData(this.columns);
    else this.#fit();
  }

  #fit(): void {
    const width = Math.floor(this.plotBox.clientWidth);
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#plot = new uPlot(this.#options(width), this.columns, this.plotBox);
  }

  #options(width: number): uPlot.Options {
    const color = (name: string) => () => this.#color(name);
    const axis: uPlot.Axis = {
      stroke: color('--ink-soft'),
      grid: { stroke: color('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
      scales: {
        x: { time: false, range: (_, low, high) => xRange(low, high) },
        y: { range: (_, low, high) => this.#yRange(low, high) },
      },
      axes: [
        { ...axis, size: 28, incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] },
        { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => this.format(tick)) },
      ],
      series: [
        {},
        { stroke: () => faint(this.#color('--train')), width: 1.25, points: { show: false }, spanGaps: true },
        { stroke: color('--train'), width: 2, spanGaps: true, points: { show: true, size: 7, fill: color('--train') } },
        {
          stroke: color('--validation'),
          width: 2,
          dash: [6, 3],
          spanGaps: true,
          points: { show: true, size: 7, fill: color('--validation') },
        },
      ],
      hooks: { setCursor: [(plot) => (this.cursor = plot.cursor.idx ?? null)] },
    };
  }

  #yRange(low: number | null, high: number | null): uPlot.Range.MinMax {
    const [least, most] = this.range;
    const from = least ?? low ?? 0;
    const to = most ?? high ?? 1;
    const margin = (to - from || 1) * 0.06;
    return [least ?? Math.max(0, from - margin), most ?? to + margin];
  }
}

/** A little more than there is, so that the last point is drawn whole. */
function xRange(low: number | null, high: number | null): uPlot.Range.MinMax {
  const [from, to] = [Math.max(0, low ?? 0), Math.max(1, high ?? 1)];
  return [from, to + (to - from) * 0.015];
}

/** The value at a point of the axis, or the one before it where there is none. */
function lastUpTo(column: (number | null)[], index: number): number | null {
  for (let i = Math.min(index, column.length - 1); i >= 0; i -= 1) {
    const value = column[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** The same colour at a third of its strength: `rgb(r, g, b)` with an alpha. */
const faint = (color: string): string => color.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.4)');
