/** One submission: the reason of its verdict, its answers, curves and confusion matrix. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ClassLine, Question, Submission } from '../base/engine';
import { percent } from '../base/format';
import { type ChartData, EMPTY } from '../charts/curve';
import '../charts/line-chart';
import '../results/confusion';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { CLASS } from './text';
import { verdictStyles } from './verdict';

@customElement('lab-class-detail')
export class ClassDetail extends BoundedElement {
  @property({ attribute: false }) line!: ClassLine;
  @property({ attribute: false }) questions: readonly Question[] = [];
  @property({ attribute: false }) load: () => Promise<Submission | null> = async () => null;
  @state() private submission: Submission | null = null;
  @state() private curves: { accuracy: ChartData; loss: ChartData } = { accuracy: EMPTY, loss: EMPTY };
  #file = '';

  static override styles = [
    base,
    controls,
    tables,
    verdictStyles,
    css`
      .card {
        display: grid;
        gap: 0.9rem;
        grid-template-columns: minmax(0, 1fr);
      }
      .card > header {
        margin: 0;
      }
      p,
      dd {
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
      dl {
        display: grid;
        gap: 0.2rem;
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin-bottom: 0.4rem;
      }
      td,
      th {
        text-align: start;
        white-space: normal;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('line') || this.line.file === this.#file) return;
    this.#file = this.line.file;
    this.submission = null;
    const { file } = this.line;
    void this.load().then((submission) => {
      if (file !== this.#file) return;
      this.submission = submission;
      this.curves = submission ? curvesOf(submission) : { accuracy: EMPTY, loss: EMPTY };
    });
  }

  override render() {
    const { line } = this;
    const { entry } = line;
    return html`<section class="card" aria-labelledby="title">
      <header>
        <h2 id="title" tabindex="-1">
          <bdi>${line.student ?? line.file}</bdi>:
          ${entry ? html`<span class="verdict ${entry.verdict}">${CLASS.verdicts[entry.verdict]}</span>` : CLASS.waiting}
        </h2>
        <button @click=${() => this.dispatchEvent(new CustomEvent('close'))}>${CLASS.detail.close}</button>
      </header>
      ${entry ? html`<p>${entry.reason}</p>` : nothing} ${this.#differences()}
      ${
        entry && entry.duplicates_of.length > 0
          ? html`<p>${CLASS.detail.equal(entry.duplicate_parts.join(', '))} ${entry.duplicates_of.join(', ')}</p>`
          : nothing
      }
      ${this.#answers()} ${this.submission ? this.#run(this.submission) : nothing}
    </section>`;
  }

  #differences() {
    const words = CLASS.detail;
    const { differences } = this.line;
    if (differences.length === 0) return nothing;
    return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${words.figure}>
      <table>
        <thead>
          <tr>
            ${[words.figure, words.inFile, words.replayed].map((text) => html`<th scope="col">${text}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${differences.map(
            ({ what, submitted, replayed }) =>
              html`<tr>
                <th scope="row">${what}</th>
                <td>${submitted}</td>
                <td>${replayed}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** The answers under their questions, and those to questions that the assignment does not have. */
  #answers() {
    const given = new Map(this.line.entry?.answers ?? []);
    const texts = new Map(this.questions.map(({ id, text }) => [id, text]));
    const ids = [...new Set([...texts.keys(), ...given.keys()])];
    if (!this.line.entry || ids.length === 0) return nothing;
    return html`<h3>${CLASS.detail.answers}</h3>
      <dl>
        ${ids.map(
          (id) => html`<dt><bdi>${texts.get(id) ?? id}</bdi></dt>
            <dd>${given.has(id) ? html`<bdi>${given.get(id)}</bdi>` : html`<i>${CLASS.detail.noAnswer}</i>`}</dd>`,
        )}
      </dl>`;
  }

  #run({ history, test, date }: Submission) {
    const words = CLASS.detail;
    const classes = test.confusion.map((_, index) => String(index));
    return html`
      <div class="columns">
        <lab-line-chart
          height="200"
          heading=${words.curves.accuracy}
          label=${words.curves.accuracy}
          .format=${(value: number) => percent(value, 0)}
          .data=${this.curves.accuracy}
        ></lab-line-chart>
        <lab-line-chart
          height="200"
          heading=${words.curves.loss}
          label=${words.curves.loss}
          .range=${[0, null]}
          .format=${(value: number) => String(Number(value.toPrecision(3)))}
          .data=${this.curves.loss}
        ></lab-line-chart>
      </div>
      ${isSquare(test.confusion) ? html`<lab-confusion .hasImages=${false} .matrix=${test.confusion} .classes=${classes}></lab-confusion>` : nothing}
      <p class="small soft">${words.facts(history.engine, history.build, history.seed, date)}</p>
      <p class="small soft">${words.word}</p>
    `;
  }
}

/** The matrix of a file may be anything. */
const isSquare = (matrix: number[][]): boolean =>
  matrix.length > 0 && matrix.length <= 1000 && matrix.every((row) => row.length === matrix.length);

function curvesOf({ history: { epochs } }: Submission): { accuracy: ChartData; loss: ChartData } {
  const x = epochs.map(({ epoch }) => epoch);
  const data = (train: (number | null)[], validation: (number | null)[]): ChartData => ({
    x,
    marks: [],
    curves: [
      { name: CLASS.detail.train, values: train, color: '--train', points: true },
      { name: CLASS.detail.validation, values: validation, color: '--validation', points: true, dashed: true },
    ],
  });
  const of = (figure: 'accuracy' | 'loss' | 'val_accuracy' | 'val_loss') =>
    epochs.map((epoch) => epoch[figure] ?? null);
  return { accuracy: data(of('accuracy'), of('val_accuracy')), loss: data(of('loss'), of('val_loss')) };
}
