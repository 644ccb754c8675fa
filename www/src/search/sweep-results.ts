/** What came of a sweep: the runs as a sortable table, the best configurations, parallel coordinates, importance. */
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Spread, Sweep, SweepOutcome, SweepResults } from '../base/engine';
import { integer, loss, percent } from '../base/format';
import { download } from '../lab/download';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import './parallel';
import { SEARCH } from './text';

const TEXT = SEARCH.results;

interface Column {
  key: string;
  name: string;
  value: (outcome: SweepOutcome) => unknown;
  text: (outcome: SweepOutcome) => string;
}

@customElement('lab-sweep-results')
export class LabSweepResults extends LabElement {
  @property({ attribute: false }) plan!: Sweep;
  @property({ attribute: false }) outcomes: readonly SweepOutcome[] = [];
  @property({ attribute: false }) results: SweepResults | null = null;
  @property({ attribute: false }) text = '';
  @state() private sort: { key: string; down: boolean } = { key: 'run', down: false };

  static override styles = [
    base,
    controls,
    tables,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
      }
      thead button {
        min-height: 1.6rem;
        padding: 0 0.2rem;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
      }
      .share {
        display: grid;
        grid-template-columns: minmax(8rem, max-content) 1fr 3.5rem;
        gap: 0.3rem 0.8rem;
        align-items: center;
      }
      .share dt,
      .share dd {
        overflow-wrap: anywhere;
      }
      .share dd {
        margin: 0;
      }
      .share meter {
        width: 100%;
      }
    `,
  ];

  override render() {
    if (this.outcomes.length === 0) return nothing;
    return html`${this.#table()} ${this.#configurations()}
      <section class="card">
        <header><h2>${TEXT.parallel}</h2></header>
        <p class="small soft">${TEXT.parallelHint}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=${TEXT.parallel}>
          <lab-parallel .outcomes=${this.outcomes} .plan=${this.plan}></lab-parallel>
        </div>
      </section>
      ${this.#importance()}`;
  }

  #columns(): Column[] {
    const fields = Object.keys(this.outcomes[0]?.values ?? {});
    const share = (value: number | null) => (value === null ? TEXT.none : percent(value, 2));
    const { duration } = this.lab.texts;
    const isAccuracy = this.plan.more_is_better;
    const figure = (value: number | null) =>
      value === null ? TEXT.none : isAccuracy ? percent(value, 2) : loss(value);
    return [
      { key: 'run', name: TEXT.run, value: ({ run }) => run, text: ({ run }) => integer(run) },
      ...fields.map(
        (field): Column => ({
          key: `values.${field}`,
          name: field,
          value: ({ values }) => values[field],
          text: ({ values }) => valueText(values[field]),
        }),
      ),
      { key: 'seed', name: TEXT.seed, value: ({ seed }) => seed, text: ({ seed }) => String(seed) },
      {
        key: 'best',
        name: `${TEXT.best}: ${this.plan.monitor}`,
        value: ({ best }) => best,
        text: ({ best }) => figure(best),
      },
      { key: 'epoch', name: TEXT.epoch, value: (one) => one.best_epoch, text: (one) => String(one.best_epoch ?? '') },
      { key: 'val', name: TEXT.val, value: (one) => one.val_accuracy, text: (one) => share(one.val_accuracy) },
      { key: 'test', name: TEXT.test, value: (one) => one.test_accuracy, text: (one) => share(one.test_accuracy) },
      { key: 'status', name: TEXT.status, value: ({ status }) => status, text: ({ status }) => TEXT.statuses[status] },
      { key: 'seconds', name: TEXT.seconds, value: ({ seconds }) => seconds, text: ({ seconds }) => duration(seconds) },
    ];
  }

  #table() {
    const columns = this.#columns();
    const { key, down } = this.sort;
    const by = columns.find((column) => column.key === key) ?? columns[0];
    const rows = by ? [...this.outcomes].sort((a, b) => (down ? -1 : 1) * compare(by.value(a), by.value(b))) : [];
    return html`<section class="card">
      <header>
        <h2>${TEXT.title}</h2>
        <div class="row">
          <button class="small" @click=${this.#saveJson}>${TEXT.json}</button>
          <button class="small" @click=${this.#saveCsv}>${TEXT.csv}</button>
        </div>
      </header>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${TEXT.title}>
        <table>
          <thead>
            <tr>
              ${columns.map(
                (
                  column,
                ) => html`<th scope="col" aria-sort=${column.key === key ? (down ? 'descending' : 'ascending') : 'none'}>
                  <button
                    title=${TEXT.sort(column.name)}
                    @click=${() => (this.sort = { key: column.key, down: column.key === key && !down })}
                  >
                    ${column.name}${column.key === key ? (down ? ' ↓' : ' ↑') : ''}
                  </button>
                </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map((outcome) => html`<tr title=${outcome.reason ?? nothing}>${columns.map(({ text }) => html`<td>${text(outcome)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #configurations() {
    const list = this.results?.configurations ?? [];
    const spread = (found: Spread | null, format: (value: number) => string) => {
      if (!found) return TEXT.none;
      return found.deviation > 0 ? `${format(found.mean)} ± ${format(found.deviation)}` : format(found.mean);
    };
    const figure = (value: number) => (this.plan.more_is_better ? percent(value, 2) : loss(value));
    return html`<section class="card">
      <header>
        <h2>${TEXT.configurations}</h2>
        <button class="small" ?disabled=${!list[0]?.best} @click=${this.#useBest}>${TEXT.use}</button>
      </header>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${TEXT.configurations}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">${TEXT.values}</th>
              <th scope="col">${TEXT.runs}</th>
              <th scope="col">${this.plan.monitor}</th>
              <th scope="col">${TEXT.test}</th>
            </tr>
          </thead>
          <tbody>
            ${list.map(
              ({ values, runs, best, test_accuracy }) => html`<tr>
                <th scope="row">${valuesText(values)}</th>
                <td>${integer(runs.length)}</td>
                <td>${spread(best, figure)}</td>
                <td>${spread(test_accuracy, (value) => percent(value, 2))}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #importance() {
    const shares = Object.entries(this.results?.importance ?? {}).sort(([, a], [, b]) => b - a);
    return html`<section class="card">
      <header><h2>${TEXT.importance}</h2></header>
      <p class="small soft">${shares.length > 0 ? TEXT.importanceHint : TEXT.importanceNone}</p>
      <dl class="share">
        ${shares.map(
          ([field, share]) => html`<dt>${field}</dt>
            <dd><meter min="0" max="1" value=${share} aria-label=${field}></meter></dd>
            <dd class="number">${percent(share, 0)}</dd>`,
        )}
      </dl>
    </section>`;
  }

  readonly #saveJson = (): void => {
    const { plan, outcomes, results } = this;
    const all = { sweep: plan.sweep, monitor: plan.monitor, outcomes, ...results };
    download('sweep-results.json', 'application/json', `${JSON.stringify(all, null, 2)}\n`);
  };

  readonly #saveCsv = async (): Promise<void> => {
    const { worker, messages } = this.lab;
    try {
      download('sweep.csv', 'text/csv', await worker.sweepTable([...this.outcomes]));
    } catch (error) {
      messages.failure(error);
    }
  };

  /** The experiment of the best configuration's first run becomes the current one. */
  readonly #useBest = async (): Promise<void> => {
    const first = this.results?.configurations[0]?.runs[0];
    const run = this.plan.runs.find((one) => one.run === first);
    const { document, experiments, messages } = this.lab;
    if (!run || !document) return;
    // The real data set keeps its name where the sweep ran on the synthetic one.
    const { experiment } = run;
    const dataset = { ...experiment.dataset, name: document.dataset.name };
    await messages.attempt(async () => void (await experiments.replace({ ...experiment, dataset })));
  };
}

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? TEXT.none : JSON.stringify(value);

const valuesText = (values: Record<string, unknown>): string =>
  Object.entries(values)
    .map(([field, value]) => `${field} = ${valueText(value)}`)
    .join(', ') || TEXT.none;

/** Numbers by size, everything else as text; what is missing comes last. */
function compare(a: unknown, b: unknown): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return valueText(a).localeCompare(valueText(b), 'en', { numeric: true });
}
