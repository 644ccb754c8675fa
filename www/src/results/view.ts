/** The results view: the test set, the confusion matrix, scores of each class, analysis, and files. */
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import './confusion';
import type { Cell } from './confusion';
import './analysis';
import './class-curves';
import './downloads';
import './numbers';
import type { Evaluation, Scores } from '../base/engine';
import { integer, loss, percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { type Tile, tileStyles, tiles } from '../ui/tiles';
import { RESULTS } from './text';

const MISTAKES = 6;

@customElement('lab-results-view')
export class LabResultsView extends LabElement {
  readonly #scores = new Task(this, {
    args: () => [this.lab.run.result] as const,
    task: ([result]) => (result ? this.lab.worker.scores(result.confusion, MISTAKES) : null),
    onError: (error) => this.lab.messages.failure(error),
  });

  static override styles = [
    base,
    controls,
    tables,
    tileStyles,
    css`
      .columns {
        --column: 24rem;
      }
      .tall {
        --tall: 34rem;
      }
      ol {
        padding-inline-start: 1.3rem;
        font-size: 0.92rem;
        display: grid;
        gap: 0.15rem;
      }
      h3.more {
        margin: 1.1rem 0 0.4rem;
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    if (!run.info)
      return html`<div class="stack">${this.#empty()}<lab-downloads .lab=${this.lab}></lab-downloads></div>`;
    return html`
      <div class="stack">
        ${run.result ? tiles(this.#tiles(run.result)) : this.#empty()}
        ${
          run.result
            ? html`<div class="columns">${this.#confusion(run.result, this.#scores.value?.mistakes ?? [])} ${this.#classes(this.#scores.value?.classes ?? [])}</div>`
            : nothing
        }
        <lab-class-curves .lab=${this.lab}></lab-class-curves>
        <lab-analysis .lab=${this.lab}></lab-analysis>
        <lab-downloads .lab=${this.lab}></lab-downloads>
        <lab-numbers .lab=${this.lab}></lab-numbers>
      </div>
    `;
  }

  #empty() {
    return html`<div class="card empty">
      <strong>${RESULTS.emptyTitle}</strong>
      <span>${RESULTS.emptyText}</span>
      ${this.lab.run.info ? this.#evaluateButton() : nothing}
    </div>`;
  }

  #evaluateButton() {
    const { run } = this.lab;
    return html`<button ?disabled=${run.evaluating} @click=${() => run.evaluate()}>
      ${run.evaluating ? RESULTS.evaluating : RESULTS.evaluate}
    </button>`;
  }

  #tiles(result: Evaluation): Tile[] {
    const { classes } = this.lab.run.info ?? { classes: [] };
    const list: Tile[] = [
      { name: RESULTS.accuracy, value: percent(result.accuracy, 2) },
      { name: RESULTS.loss, value: loss(result.loss) },
    ];
    if (classes.length > 10) list.push({ name: RESULTS.top5, value: percent(result.top_5_accuracy, 2) });
    return list;
  }

  #confusion(result: Evaluation, mistakes: Scores['mistakes']) {
    const classes = this.lab.run.info?.classes ?? [];
    const name = (index: number) => classes[index] ?? String(index);
    return html`
      <section class="card">
        <header>
          <h2>${RESULTS.confusion}</h2>
          ${this.lab.run.state === 'done' ? nothing : this.#evaluateButton()}
        </header>
        <lab-confusion
          .matrix=${result.confusion}
          .classes=${classes}
          @cell=${({ detail }: CustomEvent<Cell>) => this.#open(detail)}
        ></lab-confusion>
        ${
          mistakes.length > 0
            ? html`<h3 class="more">${RESULTS.mistakes}</h3>
                <ol>
                  ${mistakes.map(
                    ({ label: truth, predicted, count }) =>
                      html`<li>
                        <button class="quiet small" @click=${() => this.#open({ truth, predicted })}>
                          ${RESULTS.mistake(integer(count), name(truth), name(predicted))}
                        </button>
                      </li>`,
                  )}
                </ol>`
            : nothing
        }
      </section>
    `;
  }

  /** Opens the images of a cell of the confusion matrix. */
  #open({ truth, predicted }: Cell): void {
    void this.lab.predictions.choose({ truth, prediction: predicted });
    this.lab.set({ tab: 'predictions' });
  }

  #classes(scores: Scores['classes']) {
    const names = RESULTS.columns;
    const classes = this.lab.run.info?.classes ?? [];
    const share = (value: number | null) => (value === null ? '–' : percent(value));
    return html`
      <section class="card">
        <header><h2>${RESULTS.classes}</h2></header>
        <div class="scroll tall" tabindex="0" role="region" aria-label=${RESULTS.classes}>
          <table>
            <thead>
              <tr>
                <th scope="col">${names.class}</th>
                <th scope="col">${names.precision}</th>
                <th scope="col">${names.recall}</th>
                <th scope="col">${names.f1}</th>
                <th scope="col">${names.support}</th>
              </tr>
            </thead>
            <tbody>
              ${scores.map(
                ({ precision, recall, f1, support }, i) => html`<tr>
                  <th scope="row">${classes[i] ?? i}</th>
                  <td>${share(precision)}</td>
                  <td>${share(recall)}</td>
                  <td>${share(f1)}</td>
                  <td>${integer(support)}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }
}
