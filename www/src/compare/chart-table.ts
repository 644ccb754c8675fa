/** Curves as a table, for screen readers and for the exact figures: one row per x, one column per curve. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChartData, Curve } from '../charts/curve';
import { CURVES } from '../charts/text';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';

export interface ChartColumns {
  heading: string;
  data: ChartData;
  format: (value: number) => string;
}

@customElement('lab-chart-table')
export class LabChartTable extends LitElement {
  /** Charts over the same x axis. */
  @property({ attribute: false }) charts: ChartColumns[] = [];

  static override styles = [
    base,
    tables,
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
    return html`<details class="card">
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
            ${x.map(
              (epoch, i) => html`<tr>
                <th scope="row">${epoch}</th>
                ${columns.map(({ curve, format }) => cell(curve, i, format))}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}

/** A value, and its range if the curve is a mean of several. */
function cell({ values, band }: Curve, i: number, format: (value: number) => string) {
  const [value, low, high] = [values[i], band?.low[i], band?.high[i]];
  const range = typeof low === 'number' && typeof high === 'number' ? `${format(low)} – ${format(high)}` : null;
  return html`<td>${typeof value === 'number' ? format(value) : ''}${range ? html`<small>${range}</small>` : nothing}</td>`;
}
