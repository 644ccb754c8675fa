/** Curves over one x axis: hovering shows the values, dragging zooms, a double click resets the zoom. */
import { css, html, nothing, type PropertyValues, unsafeCSS } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';
import './locale';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { resolveColor } from './colors';
import { type ChartData, EMPTY, lastUpTo, structure, uplotColumns, type Zoom } from './curve';
import { decimate } from './decimate';
import { CURVES } from './text';

/** A selection narrower than this many pixels counts as a click. */
const LEAST_DRAG = 6;

/** Ticks are at whole epochs, unless little more than one epoch is visible. */
const LEAST_EPOCHS = 2;
const PARTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const EPOCHS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

@customElement('lab-line-chart')
export class LineChart extends BoundedElement {
  @property({ attribute: false }) data: ChartData = EMPTY;
  @property({ attribute: false }) format: (value: number) => string = String;
  /** Says what x is at the cursor. */
  @property({ attribute: false }) at: (x: number) => string = (x) => CURVES.at(Number(x.toFixed(2)));
  /** The range that the y axis must include; null for the range of the data. */
  @property({ attribute: false }) range: [number | null, number | null] = [null, null];
  /** The visible part of the x axis; the `zoom` event requests another one. */
  @property({ attribute: false }) zoom: Zoom = null;
  @property({ type: Boolean }) log = false;
  @property({ type: Number }) height = 240;
  @property() heading = '';
  @property() label = '';
  /** Charts of one group share the cursor. */
  @property() group = '';
  /** Only triggers drawing in the colours of the theme. */
  @property() theme = '';
  /** An index into the drawn points. */
  @state() private cursor: number | null = null;
  @query('.plot') private plotBox!: HTMLElement;
  #plot: uPlot | null = null;
  /** The points that are drawn. */
  #drawn: ChartData = EMPTY;
  /** The element with the plot; a new one after an error. */
  #box: HTMLElement | null = null;
  #structure = '';
  #palette = new Map<string, string>();
  #resize = new ResizeObserver(() => this.#fit());
  #scheme = matchMedia('(prefers-color-scheme: dark)');

  static override styles = [
    unsafeCSS(uPlotCss),
    base,
    controls,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: space-between;
        gap: 0.25rem 1rem;
        margin-bottom: 0.6rem;
        min-height: 1.5rem;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 0.9rem;
        font-size: 0.82rem;
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
      }
      .key .swatch {
        display: inline-block;
        width: 0.95em;
        border-top: 3px solid var(--color);
        vertical-align: 0.22em;
        margin-inline-end: 0.4em;
      }
      .key .swatch.dashed {
        border-top-style: dotted;
      }
      .key b {
        color: var(--ink);
        font-weight: 600;
      }
      /* Time runs to the right in every language. */
      .plot {
        direction: ltr;
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
    if (this.#box) this.#resize.observe(this.#box);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#recolor);
    this.#resize.disconnect();
    this.#drop();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('data') || changed.has('zoom')) this.#drawn = decimate(this.data, this.zoom);
  }

  override render() {
    const at = this.cursor === null ? null : this.#drawn.x[this.cursor];
    return html`
      <div class="head">
        <h2>${this.heading}</h2>
        <div class="key">
          ${at === null || at === undefined ? nothing : html`<span>${this.at(at)}</span>`}
          ${this.#drawn.curves.map((curve) => {
            if (curve.faint || curve.values.every((value) => value === null)) return nothing;
            const value = lastUpTo(curve.values, this.cursor ?? curve.values.length - 1);
            return html`<span
              ><i class="swatch ${curve.dashed ? 'dashed' : ''}" data-color=${curve.color}></i>${curve.name}
              <b>${value === null ? '' : this.format(value)}</b></span
            >`;
          })}
        </div>
      </div>
      <div class="plot" role="img" aria-label=${this.label}></div>
    `;
  }

  override updated(changed: PropertyValues): void {
    if (this.#box !== this.plotBox) this.#enter(this.plotBox);
    if (changed.has('theme')) this.#recolor();
    if (changed.has('data')) this.#colorKey();
    if (changed.has('data') || changed.has('log') || changed.has('zoom')) this.#draw(changed.has('log'));
  }

  /** uPlot draws later, so what it needs is checked before. */
  #enter(box: HTMLElement): void {
    this.#drop();
    if (!document.createElement('canvas').getContext('2d')) throw new Error(CURVES.noCanvas);
    this.#box = box;
    box.style.height = `${this.height}px`;
    this.#resize.disconnect();
    this.#resize.observe(box);
  }

  /** Sets colours by script, since the content security policy forbids style attributes. */
  #colorKey(): void {
    for (const swatch of this.renderRoot.querySelectorAll<HTMLElement>('.swatch')) {
      swatch.style.setProperty('--color', `var(${swatch.dataset.color})`);
    }
  }

  readonly #recolor = (): void => {
    this.#palette.clear();
    this.#plot?.redraw();
  };

  #color(name: string): string {
    const known = this.#palette.get(name);
    if (known !== undefined) return known;
    const color = resolveColor(this, name);
    this.#palette.set(name, color);
    return color;
  }

  #draw(again: boolean): void {
    const now = structure(this.#drawn);
    if (again || now !== this.#structure) this.#drop();
    this.#structure = now;
    this.#plot?.setData(uplotColumns(this.#drawn), false);
    if (this.#plot) this.#show();
    else this.#fit();
  }

  #fit(): void {
    const width = Math.floor(this.plotBox.clientWidth);
    if (width === 0) return;
    if (this.#plot) {
      this.#plot.setSize({ width, height: this.height });
    } else {
      this.#plot = new uPlot(this.#options(width), uplotColumns(this.#drawn), this.plotBox);
      this.#show();
    }
  }

  #drop(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** Sets the x axis to the zoom, or to all data plus a margin, so that the last point is drawn completely. */
  #show(): void {
    const { x } = this.data;
    const [first, last] = [Math.min(x[0] ?? 0, 1), Math.max(1, x.at(-1) ?? 0)];
    const [min, max] = this.zoom ?? [first, last + (last - first || 1) * 0.015];
    this.#plot?.setScale('x', { min, max });
  }

  #zoomTo(zoom: Zoom): void {
    this.dispatchEvent(new CustomEvent<Zoom>('zoom', { detail: zoom }));
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width >= LEAST_DRAG) this.#zoomTo([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
  }

  #options(width: number): uPlot.Options {
    const axis: uPlot.Axis = {
      stroke: () => this.#color('--ink-soft'),
      grid: { stroke: () => this.#color('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    const values = (_: uPlot, ticks: (number | null)[]) =>
      ticks.map((tick) => (tick === null ? '' : this.format(tick)));
    const passed = (type: string) => type === 'mousemove' || type === 'mouseleave';
    return {
      width,
      height: this.height,
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            this.#zoomTo(null);
            return null;
          },
        },
        ...(this.group && { sync: { key: this.group, filters: { pub: passed, sub: passed } } }),
      },
      scales: {
        x: { time: false, auto: false },
        y: this.log ? { distr: 3 } : { range: (_, low, high) => this.#yRange(low, high) },
      },
      axes: [
        { ...axis, size: 28, incrs: (_, __, from, to) => (to - from > LEAST_EPOCHS ? EPOCHS : [...PARTS, ...EPOCHS]) },
        { ...axis, size: 62, values },
      ],
      ...this.#series(),
      hooks: {
        setCursor: [(plot) => (this.cursor = plot.cursor.idx ?? null)],
        setSelect: [(plot) => this.#selected(plot)],
        draw: [(plot) => this.#drawMarks(plot)],
      },
    };
  }

  #series(): Pick<uPlot.Options, 'series' | 'bands'> {
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    for (const { color, faint, points, dashed, band } of this.#drawn.curves) {
      const stroke = () => (faint ? pale(this.#color(color), 0.4) : this.#color(color));
      series.push({
        stroke,
        width: faint ? 1.25 : 2,
        spanGaps: true,
        points: points ? { show: true, size: 7, fill: stroke } : { show: false },
        ...(dashed && { dash: [6, 3] }),
      });
      if (!band) continue;
      bands.push({ series: [series.length, series.length + 1], fill: () => pale(this.#color(color), 0.16) });
      series.push({ points: { show: false }, spanGaps: true }, { points: { show: false }, spanGaps: true });
    }
    return { series, bands };
  }

  #drawMarks({ ctx, bbox, valToPos }: uPlot): void {
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.lineWidth = ratio;
    for (const { x, text, color } of this.data.marks) {
      const at = Math.round(valToPos(x, 'x', true));
      if (at < bbox.left || at > bbox.left + bbox.width) continue;
      ctx.strokeStyle = ctx.fillStyle = this.#color(color);
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
      const right = at + ctx.measureText(text).width + 8 * ratio < bbox.left + bbox.width;
      ctx.textAlign = right ? 'left' : 'right';
      ctx.fillText(text, at + (right ? 5 : -5) * ratio, bbox.top + 12 * ratio);
    }
    ctx.restore();
  }

  #yRange(low: number | null, high: number | null): uPlot.Range.MinMax {
    const [least, most] = this.range;
    const from = least ?? low ?? 0;
    const to = most ?? high ?? 1;
    const margin = (to - from || 1) * 0.06;
    // Losses and accuracies start at zero; only a difference lies below it.
    return [least ?? (from < 0 ? from - margin : Math.max(0, from - margin)), most ?? to + margin];
  }
}

/** Adds an alpha value to a colour of the form `rgb(r, g, b)`. */
const pale = (color: string, alpha: number): string => color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
