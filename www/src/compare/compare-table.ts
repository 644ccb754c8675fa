/** Differences between runs, and their figures: one column per run, or per group of seeds. */
import { Task } from '@lit/task';
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ComparedGroup, Comparison, Spread } from '../base/engine';
import { compact, integer, loss, percent, rate } from '../base/format';
import type { SavedRun } from '../lab/saved-run';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { differences, type Group, groupName, layerChanges } from './compare';
import { runColor } from './run-colors';
import { COMPARE } from './text';

/** With more runs the table has a row for each. */
const MOST_COLUMNS = 3;

interface Row {
  name: string;
  hint?: string;
  cells: (string | TemplateResult)[];
}

@customElement('lab-compare-table')
export class LabCompareTable extends LabElement {
  @property({ attribute: false }) groups: Group[] = [];

  readonly #compared = new Task(this, {
    args: () => [this.groups] as const,
    task: ([groups]) => this.lab.worker.compare(groups.map(({ runs }) => runs.map((run) => run.whole?.file ?? run))),
    onError: (error) => this.lab.messages.failure(error),
  });

  static override styles = [
    base,
    tables,
    css`
      th,
      td {
        vertical-align: top;
      }
      thead th {
        white-space: normal;
        min-width: 7rem;
        color: var(--ink);
        font-size: 0.87rem;
      }
      tbody .swatch,
      thead .swatch {
        display: block;
        border-top: 3px solid var(--color);
        margin-bottom: 0.3rem;
      }
      tbody th {
        white-space: normal;
        min-width: 9rem;
      }
      tbody th small {
        display: block;
        font-weight: 400;
        color: var(--ink-soft);
      }
      tbody.spec td {
        white-space: normal;
        font-size: 0.9rem;
      }
      tbody + tbody tr:first-child > * {
        border-top: 2px solid var(--line-strong);
      }
      ins,
      del {
        display: block;
        text-decoration: none;
        font-family: var(--mono);
        font-size: 0.8rem;
      }
      ins {
        color: var(--good);
      }
      del {
        color: var(--danger);
      }
    `,
  ];

  override updated(): void {
    for (const swatch of this.renderRoot.querySelectorAll<HTMLElement>('.swatch')) {
      swatch.style.setProperty('--color', `var(${swatch.dataset.color})`);
    }
  }

  override render() {
    const { groups } = this;
    if (groups.length === 0) return nothing;
    const spec = this.#spec();
    if (groups.length > MOST_COLUMNS) return this.#asRows(spec);
    return html`
      <section class="card">
        <header><h2>${COMPARE.differs}</h2></header>
        <div class="scroll" tabindex="0" role="region" aria-label=${COMPARE.differs}>
          <table>
            <thead>
              <tr>
                <td></td>
                ${groups.map(
                  (group, i) =>
                    html`<th scope="col"><i class="swatch" data-color=${runColor(i)}></i>${groupName(group)}</th>`,
                )}
              </tr>
            </thead>
            <tbody class="spec">
              ${
                spec.length > 0 || groups.length < 2
                  ? spec.map(row)
                  : html`<tr><td class="text soft" colspan=${groups.length + 1}>${COMPARE.same}</td></tr>`
              }
            </tbody>
            <tbody>
              ${this.#compared.value ? this.#figures(this.#compared.value).map(row) : nothing}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }

  /** More runs than fit beside one another: one row for each. */
  #asRows(spec: Row[]) {
    const figures = this.#compared.value ? this.#figures(this.#compared.value) : [];
    const columns = [...figures, ...spec];
    return html`<section class="card">
      <header><h2>${COMPARE.differs}</h2></header>
      <div class="scroll" tabindex="0" role="region" aria-label=${COMPARE.differs}>
        <table class="rows">
          <thead>
            <tr>
              <th scope="col" class="text">${COMPARE.columns.run}</th>
              ${columns.map(({ name, hint }) => html`<th scope="col" title=${hint ?? nothing}>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.groups.map(
              (group, i) => html`<tr>
                <th scope="row"><i class="swatch" data-color=${runColor(i)}></i>${groupName(group)}</th>
                ${columns.map(({ cells }) => html`<td>${cells[i]}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #spec(): Row[] {
    const experiments = this.groups.map(({ runs }) => runs[0].experiment);
    const rows: Row[] = differences(experiments)
      // The seeds are in the head of each column.
      .filter(({ path }) => path !== 'seed')
      .map(({ path, values }) => ({ name: path, cells: values.map((value) => value || COMPARE.none) }));
    const first = experiments[0]?.layers ?? [];
    const changes = experiments.map(({ layers }) => layerChanges(first, layers));
    if (changes.some((list) => list.length > 0)) {
      const cell = (list: (typeof changes)[number], i: number) =>
        i === 0 || list.length === 0
          ? COMPARE.asFirst
          : html`${list.map(({ kind, text }) =>
              kind === 'added' ? html`<ins>+ ${text}</ins>` : html`<del>− ${text}</del>`,
            )}`;
      rows.push({
        name: COMPARE.rows.layers,
        cells: changes.map((list, i) => (i === 0 ? integer(first.length) : cell(list, i))),
      });
    }
    return rows;
  }

  #figures({ groups, merged_classes }: Comparison): Row[] {
    const names = COMPARE.rows;
    const figures = (name: string, key: SpreadKey, format: (value: number) => string, hint?: string): Row => ({
      name,
      ...(hint && { hint }),
      cells: groups.map((group) => spreadText(group[key], format)),
    });
    const exact = (value: number) => percent(value, 2);
    return [
      figures(names.test, 'test_accuracy', exact),
      figures(names.testLoss, 'test_loss', loss),
      // Beside a network trained on merged classes: the accuracy of the other networks on these merged classes.
      ...(merged_classes === null
        ? []
        : [figures(names.merged(merged_classes), 'merged_accuracy', exact, COMPARE.mergedHint)]),
      { name: names.best, cells: groups.map(bestText) },
      figures(names.bestLoss, 'best_val_loss', loss),
      figures(names.gap, 'last_accuracy_gap', exact, COMPARE.gapHint),
      figures(names.params, 'params', integer),
      figures(names.macs, 'macs', compact),
      figures(names.work, 'training_macs', compact, COMPARE.workHint),
      figures(names.epochs, 'epochs', integer),
      { name: names.seconds, cells: groups.map(({ time }) => time ?? COMPARE.none) },
      figures(names.speed, 'images_per_s', rate),
      { name: names.engine, cells: this.groups.map(({ runs }) => [...new Set(runs.map(engineText))].join(', ')) },
    ];
  }
}

const row = ({ name, hint, cells }: Row) =>
  html`<tr>
    <th scope="row">${name}${hint ? html`<small>${hint}</small>` : nothing}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;

type SpreadKey = Exclude<keyof ComparedGroup, 'overfitting' | 'time'>;

function spreadText(found: Spread | null, format: (value: number) => string): string {
  if (!found) return COMPARE.none;
  return found.deviation > 0 ? COMPARE.plusMinus(format(found.mean), format(found.deviation)) : format(found.mean);
}

/** The epochs with the lowest validation loss; if that is the last one, the run had not begun to overfit. */
function bestText({ overfitting }: ComparedGroup): string {
  const texts = overfitting.map(({ epoch, epochs_after }) =>
    epochs_after === 0 ? COMPARE.notYet(epoch) : String(epoch),
  );
  return [...new Set(texts)].join(', ') || COMPARE.none;
}

const engineText = ({ engine, device }: SavedRun): string => (engine === 'gpu' ? `WebGPU: ${device}` : device);
