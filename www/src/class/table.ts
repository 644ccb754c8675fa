/** The table of a class: a line for each file, sorted by a column. */

import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClassLine } from '../base/engine';
import { percent } from '../base/format';
import { COUNTED } from '../base/text';
import { BoundedElement } from '../ui/bounded';
import { icons } from '../ui/icons';
import { pageOf, pager, pagerStyles } from '../ui/pager';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { COLUMNS, type Column, type Order, sorted } from './sort';
import { CLASS } from './text';
import { verdictStyles } from './verdict';

const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : percent(value, 2);

@customElement('lab-class-table')
export class ClassTable extends BoundedElement {
  @property({ attribute: false }) lines: readonly ClassLine[] = [];
  @property({ attribute: false }) opened: number | null = null;
  @state() private order: Order | null = null;
  @state() private page = 0;

  static override styles = [
    base,
    controls,
    tables,
    pagerStyles,
    verdictStyles,
    css`
      th,
      td {
        text-align: start;
      }
      .number {
        text-align: end;
      }
      thead button {
        padding: 0;
        min-height: 1.6rem;
        color: inherit;
        font: inherit;
      }
      td.long {
        white-space: normal;
        overflow-wrap: anywhere;
        min-width: 7rem;
      }
      tr[aria-current] > * {
        background: var(--accent-soft);
      }
      tbody th button {
        padding-inline: 0;
        text-align: start;
      }
      .row {
        margin-top: 0.8rem;
      }
    `,
  ];

  override render() {
    const { lines } = this;
    const places = pageOf(sorted(lines, this.order), this.page);
    const isPart = lines.some(({ entry }) => !entry);
    return html`<section class="card">
      <div class="scroll" tabindex="0" role="region" aria-label=${CLASS.table.label}>
        <table>
          <caption class="visually-hidden">${CLASS.table.caption(COUNTED.files(lines.length))}</caption>
          <thead>
            <tr>
              ${COLUMNS.map((column) => this.#heading(column))}
            </tr>
          </thead>
          <tbody>
            ${places.map((index) => this.#row(index))}
          </tbody>
        </table>
      </div>
      ${pager(lines.length, this.page, (to) => (this.page = to))}
      <div class="row">
        <button @click=${() => this.#tell('csv')}>${icons.download}${CLASS.table.csv}</button>
        <button @click=${() => this.#tell('html')}>${icons.download}${CLASS.table.html}</button>
        ${isPart ? html`<span class="small soft">${CLASS.table.part}</span>` : nothing}
      </div>
    </section>`;
  }

  /** Puts the focus on the button of a line, where it is on this page of the table. */
  focusLine(index: number): void {
    this.renderRoot.querySelector<HTMLElement>(`#line-${index}`)?.focus();
  }

  #heading(column: Column) {
    const { order } = this;
    const isSorted = order?.column === column;
    const sort = isSorted ? (order.descending ? 'descending' : 'ascending') : 'none';
    const sign = isSorted ? (order.descending ? ' ▾' : ' ▴') : '';
    return html`<th scope="col" aria-sort=${sort}>
      <button class="quiet" @click=${() => this.#sort(column)}>
        ${CLASS.table.columns[column]}<span aria-hidden="true">${sign}</span>
      </button>
    </th>`;
  }

  #sort(column: Column): void {
    const { order } = this;
    const again = order?.column === column;
    this.order = again && order.descending ? null : { column, descending: again };
  }

  #row(index: number) {
    const line = this.lines[index];
    if (!line) return nothing;
    const { entry, student, file } = line;
    const words = CLASS.table;
    const name = student ?? words.noName;
    return html`<tr aria-current=${index === this.opened ? 'true' : nothing}>
      <th scope="row">
        <button class="quiet" id="line-${index}" aria-label=${words.open(student ?? `${words.noName}: ${file}`)} @click=${() => this.#tell('open', index)}>
          <bdi>${name}</bdi>
        </button>
      </th>
      <td>${entry ? html`<span class="verdict ${entry.verdict}">${CLASS.verdicts[entry.verdict]}</span>` : CLASS.waiting}</td>
      <td class="number">${share(entry?.test_accuracy)}</td>
      <td class="number">${share(entry?.guess)}</td>
      <td class="number">${entry?.points ?? ''}</td>
      <td>${entry?.modified ?? ''} ${entry?.late ? html`<strong>${words.late}</strong>` : nothing}</td>
      <td class="number">${entry?.seconds === null || entry?.seconds === undefined ? '' : `${entry.seconds.toFixed(1)}\u202fs`}</td>
      <td class="long">${entry?.duplicates_of.join(', ') ?? ''}</td>
      <td class="long"><bdi>${file}</bdi></td>
    </tr>`;
  }

  #tell(type: string, detail?: number): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
