/** Curves as a table, for screen readers and for the exact figures: one row per x, one column per curve. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ChartData, Curve } from '../charts/curve';
import { CURVES } from '../charts/text';
import { BoundedElement } from '../ui/bounded';
import { lastPage, PAGE_ROWS, pageOf, pager, pagerStyles } from '../ui/pager';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';

export interface ChartColumns {
  heading: string;
  data: ChartData;
  format: (value: number) => string;
}

@customElement('lab-chart-table')
export class LabChartTable extends BoundedElement {
  /** Charts over the same x axis. */
  @property({ attribute: false }) charts: ChartColumns[] = [];

  @state() private open = false;
  @state() private page = 0;

  static override styles = [
    base,
    controls,
    tables,
    pagerStyles,
    css`
      .tall {
        --tall: 22rem;
        margin-top: 0.6rem;
      }
      small {
        display: block;
        color: var(--ink-soft);
      }
    `,
  ];

  override render() {
    const columns = this.charts.flatMap(({ heading, data, format }) =>
      data.curves.map((curve) => ({ heading, curve, format })),
    );
    const x = this.charts[0]?.data.x ?? [];
    const from = Math.min(this.page, lastPage(x.length)) * PAGE_ROWS;
    return html`<details class="card" @toggle=${this.#toggled}>
      <summary>${CURVES.table}</summary>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${CURVES.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">${CURVES.epoch}</th>
              ${columns.map(({ heading, curve }) => html`<th scope="col">${heading}<small>${curve.name}</small></th>`)}
            </tr>
          </thead>
          <tbody>
            ${(this.open ? pageOf(x, this.page) : []).map(
              (epoch, i) => html`<tr>
                <th scope="row">${epoch}</th>
                ${columns.map(({ curve, format }) => cell(curve, from + i, format))}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${pager(x.length, this.page, (page) => (this.page = page))}
    </details>`;
  }

  readonly #toggled = (event: Event): void => {
    this.open = (event.target as HTMLDetailsElement).open;
  };
}

/** A value, and its range if the curve is a mean of several. */
function cell({ values, band }: Curve, i: number, format: (value: number) => string) {
  const [value, low, high] = [values[i], band?.low[i], band?.high[i]];
  const range = typeof low === 'number' && typeof high === 'number' ? `${format(low)} – ${format(high)}` : null;
  return html`<td>${typeof value === 'number' ? format(value) : ''}${range ? html`<small>${range}</small>` : nothing}</td>`;
}
