/** The run view of a card: two curves, the latest figures, and a table of the epochs. */

import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { COUNTED } from '../base/text';
import type { ChartData } from '../charts/curve';
import '../charts/line-chart';
import { loss, percent, ratio } from '../base/format';
import type { Metric, RunLog } from '../base/history';
import { CURVES } from '../charts/text';
import { LabElement } from '../ui/lab-element';
import { lastPage, pageOf, pager, pagerStyles } from '../ui/pager';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { EPOCHS, TILES } from '../ui/text';
import { type Tile, tileStyles, tiles } from '../ui/tiles';
import { EMBED } from './text';

@customElement('lab-curves')
export class LabCurves extends LabElement {
  /** The page of the table of epochs; null for the last one. */
  @state() private page: number | null = null;
  #drawn = new Map<Metric, { log: RunLog; length: number; data: ChartData }>();

  static override styles = [
    base,
    tables,
    tileStyles,
    controls,
    pagerStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.9rem;
      }
      .columns {
        --column: 18rem;
        gap: 0.9rem;
      }
      details {
        padding-inline: 0.25rem;
      }
      .tall {
        --tall: 18rem;
        margin-top: 0.4rem;
      }
    `,
  ];

  override render() {
    return html`
      <div class="columns">
        ${this.#chart('accuracy', (value) => percent(value, 0), [null, null])}
        ${this.#chart('loss', (value) => String(Number(value.toPrecision(3))), [0, null])}
      </div>
      ${this.lab.run.info ? tiles(this.#tiles()) : nothing}
      ${this.#table()}
    `;
  }

  #chart(metric: Metric, format: (value: number) => string, range: [number | null, number | null]) {
    return html`<lab-line-chart
      class="card"
      height="200"
      heading=${CURVES[metric]}
      theme=${this.lab.theme}
      label=${CURVES.label(CURVES[metric], COUNTED.epochs(this.lab.run.log.epochs.length))}
      .format=${format}
      .range=${range}
      .data=${this.#dataOf(metric)}
    ></lab-line-chart>`;
  }

  /** Returns the same object until the log grows, so that the chart is not redrawn for other changes. */
  #dataOf(metric: Metric): ChartData {
    const { log } = this.lab.run;
    const known = this.#drawn.get(metric);
    if (known?.log === log && known.length === log.length) return known.data;
    const { x, step, train, validation } = log.columns(metric);
    const data: ChartData = {
      x,
      marks: [],
      curves: [
        { name: '', values: step, color: '--train', faint: true },
        { name: CURVES.train, values: train, color: '--train', points: true },
        { name: CURVES.validation, values: validation, color: '--validation', points: true, dashed: true },
      ],
    };
    this.#drawn.set(metric, { log, length: log.length, data });
    return data;
  }

  #tiles(): Tile[] {
    const { step, lastEpoch, result } = this.lab.run;
    const names = TILES;
    const list: Tile[] = [
      { name: names.accuracy, value: step ? percent(step.accuracy) : '–', kind: 'train' },
      {
        name: names.valAccuracy,
        value: lastEpoch?.val_accuracy === undefined ? '–' : percent(lastEpoch.val_accuracy),
        kind: 'validation',
      },
    ];
    if (result) list.unshift({ name: names.testAccuracy, value: percent(result.accuracy, 2) });
    return list;
  }

  #table() {
    const { epochs } = this.lab.run.log;
    const names = EPOCHS;
    const last = lastPage(epochs.length);
    const page = this.page ?? last;
    return html`
      <details>
        <summary>${CURVES.table}</summary>
        ${
          epochs.length === 0
            ? html`<p class="soft small">${EMBED.tableEmpty}</p>`
            : html`<div class="scroll tall" tabindex="0" role="region" aria-label=${names.title}>
                <table>
                  <thead>
                    <tr>
                      ${[names.epoch, names.loss, names.accuracy, names.valLoss, names.valAccuracy].map(
                        (name) => html`<th scope="col">${name}</th>`,
                      )}
                    </tr>
                  </thead>
                  <tbody>
                    ${pageOf(epochs, page).map(
                      (row) => html`<tr>
                        <th scope="row">${row.epoch}</th>
                        <td>${loss(row.loss)}</td>
                        <td>${ratio(row.accuracy)}</td>
                        <td>${loss(row.val_loss)}</td>
                        <td>${ratio(row.val_accuracy)}</td>
                      </tr>`,
                    )}
                  </tbody>
                </table>
                ${pager(epochs.length, page, (to) => (this.page = to === last ? null : to))}
              </div>`
        }
      </details>
    `;
  }
}
