/** Differences between runs, and their figures: one column per run, or per group of seeds. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { compact, duration, integer, loss, percent, rate } from '../base/format';
import { overfitting } from '../base/metrics';
import { type SavedRun, secondsOf } from '../lab/saved-run';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { differences, type Group, groupName, layerChanges, meanAndSpread, mergedAccuracy } from './compare';
import { runColor } from './run-colors';
import { COMPARE } from './text';

type Figure = (run: SavedRun) => number | null | undefined;

interface Row {
  name: string;
  hint?: string;
  cells: (string | TemplateResult)[];
}

/** A training step costs a forward pass and two of the same size: the gradients of the weights and of the inputs. */
const TRAINING_PASSES = 3;

@customElement('lab-compare-table')
export class LabCompareTable extends LitElement {
  @property({ attribute: false }) groups: Group[] = [];

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
              ${this.#figures().map(row)}
            </tbody>
          </table>
        </div>
      </section>
    `;
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

  #figures(): Row[] {
    const names = COMPARE.rows;
    const gap: Figure = (run) => overfitting(run.epochs)?.lastAccuracyGap;
    const work: Figure = ({ totals, train_samples, epochs }) =>
      TRAINING_PASSES * totals.macs * train_samples * epochs.length;
    return [
      this.#row(
        names.test,
        (run) => run.test?.test_accuracy,
        (value) => percent(value, 2),
      ),
      this.#row(names.testLoss, (run) => run.test?.test_loss, loss),
      ...this.#merged(),
      { name: names.best, cells: this.groups.map(bestText) },
      this.#row(names.bestLoss, (run) => overfitting(run.epochs)?.valLoss, loss),
      { ...this.#row(names.gap, gap, (value) => percent(value, 2)), hint: COMPARE.gapHint },
      this.#row(names.params, ({ totals }) => totals.params, integer),
      this.#row(names.macs, ({ totals }) => totals.macs, compact),
      { ...this.#row(names.work, work, compact), hint: COMPARE.workHint },
      this.#row(names.epochs, ({ epochs }) => epochs.length, integer),
      this.#row(names.seconds, secondsOf, duration),
      this.#row(names.speed, (run) => run.images_per_s, rate),
      { name: names.engine, cells: this.groups.map(({ runs }) => [...new Set(runs.map(engineText))].join(', ')) },
    ];
  }

  /** Compares with a network trained on merged classes: the accuracy of the other networks on these merged classes. */
  #merged(): Row[] {
    const run = this.groups.map(({ runs }) => runs[0]).find(({ experiment }) => experiment.dataset.merge_classes);
    const { merge_classes: groups, name } = run?.experiment.dataset ?? {};
    if (!groups || !name) return [];
    const row = this.#row(
      COMPARE.rows.merged(groups.length),
      (one) => mergedAccuracy(one, groups, name),
      (value) => percent(value, 2),
    );
    return [{ ...row, hint: COMPARE.mergedHint }];
  }

  #row(name: string, figure: Figure, format: (value: number) => string): Row {
    const cells = this.groups.map(({ runs }) => {
      const found = meanAndSpread(runs.map(figure));
      if (!found) return COMPARE.none;
      return found.spread > 0 ? COMPARE.plusMinus(format(found.mean), format(found.spread)) : format(found.mean);
    });
    return { name, cells };
  }
}

const row = ({ name, hint, cells }: Row) =>
  html`<tr>
    <th scope="row">${name}${hint ? html`<small>${hint}</small>` : nothing}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;

/** The epochs with the lowest validation loss; if that is the last one, the run had not begun to overfit. */
function bestText({ runs }: Group): string {
  const found = runs.map(({ epochs }) => overfitting(epochs)).filter((one) => one !== null);
  const texts = found.map(({ epoch, epochsAfter }) => (epochsAfter === 0 ? COMPARE.notYet(epoch) : String(epoch)));
  return [...new Set(texts)].join(', ') || COMPARE.none;
}

const engineText = ({ engine, device }: SavedRun): string =>
  engine === 'gpu' ? `WebGPU: ${device}` : `CPU: ${device}`;
