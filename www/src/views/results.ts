/** What the trained network is worth: the test set, the confusion matrix, each class, single predictions, files to keep. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import '../charts/confusion';
import type { Cell } from '../charts/confusion';
import '../elements/analysis';
import '../elements/downloads';
import '../elements/numbers';
import { LabElement } from '../elements/lab-element';
import { type Tile, tileStyles, tiles } from '../elements/tiles';
import type { Evaluation } from '../engine';
import { integer, loss, percent } from '../format';
import { classScores, worstMistakes } from '../metrics';
import { base } from '../styles/base';
import { controls } from '../styles/controls';
import { tables } from '../styles/tables';
import { TEXT } from '../text';

const MISTAKES = 6;

@customElement('lab-results-view')
export class LabResultsView extends LabElement {
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
        padding-left: 1.3rem;
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
            ? html`<div class="columns">${this.#confusion(run.result)} ${this.#classes(run.result)}</div>`
            : nothing
        }
        <lab-analysis .lab=${this.lab}></lab-analysis>
        <lab-downloads .lab=${this.lab}></lab-downloads>
        <lab-numbers .lab=${this.lab}></lab-numbers>
      </div>
    `;
  }

  #empty() {
    return html`<div class="card empty">
      <strong>${TEXT.results.emptyTitle}</strong>
      <span>${TEXT.results.emptyText}</span>
      ${this.lab.run.info ? this.#evaluateButton() : nothing}
    </div>`;
  }

  #evaluateButton() {
    const { run } = this.lab;
    return html`<button ?disabled=${run.evaluating} @click=${() => run.evaluate()}>
      ${run.evaluating ? TEXT.results.evaluating : TEXT.results.evaluate}
    </button>`;
  }

  #tiles(result: Evaluation): Tile[] {
    const { classes } = this.lab.run.info ?? { classes: [] };
    const list: Tile[] = [
      { name: TEXT.results.accuracy, value: percent(result.accuracy, 2) },
      { name: TEXT.results.loss, value: loss(result.loss) },
    ];
    if (classes.length > 10) list.push({ name: TEXT.results.top5, value: percent(result.top_5_accuracy, 2) });
    return list;
  }

  #confusion(result: Evaluation) {
    const classes = this.lab.run.info?.classes ?? [];
    const mistakes = worstMistakes(result.confusion, MISTAKES);
    const name = (index: number) => classes[index] ?? String(index);
    return html`
      <section class="card">
        <header>
          <h2>${TEXT.results.confusion}</h2>
          ${this.lab.run.state === 'done' ? nothing : this.#evaluateButton()}
        </header>
        <lab-confusion
          .matrix=${result.confusion}
          .classes=${classes}
          @cell=${({ detail }: CustomEvent<Cell>) => this.#open(detail)}
        ></lab-confusion>
        ${
          mistakes.length > 0
            ? html`<h3 class="more">${TEXT.results.mistakes}</h3>
                <ol>
                  ${mistakes.map(
                    ({ truth, predicted, count }) =>
                      html`<li>
                        <button class="quiet small" @click=${() => this.#open({ truth, predicted })}>
                          ${TEXT.results.mistake(integer(count), name(truth), name(predicted))}
                        </button>
                      </li>`,
                  )}
                </ol>`
            : nothing
        }
      </section>
    `;
  }

  /** The pictures of a cell of the matrix. */
  #open({ truth, predicted }: Cell): void {
    void this.lab.predictions.choose({ truth, said: predicted });
    this.lab.set({ tab: 'predictions' });
  }

  #classes(result: Evaluation) {
    const names = TEXT.results.columns;
    const classes = this.lab.run.info?.classes ?? [];
    const share = (value: number | null) => (value === null ? '–' : percent(value));
    return html`
      <section class="card">
        <header><h2>${TEXT.results.classes}</h2></header>
        <div class="scroll tall" tabindex="0" role="region" aria-label=${TEXT.results.classes}>
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
              ${classScores(result.confusion).map(
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
