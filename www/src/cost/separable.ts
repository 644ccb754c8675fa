/** Depthwise separable convolution: its cost for the student's own D, M and N. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Separable } from '../base/engine';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { COST } from './text';

type Letter = 'd' | 'm' | 'n';

@customElement('lab-cost-separable')
export class LabCostSeparable extends LabElement {
  @state() private numbers: Record<Letter, number> = { d: 3, m: 64, n: 128 };
  @state() private worked: Separable | null = null;

  static override styles = [
    base,
    controls,
    tables,
    css`
      .fields {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 10rem));
        gap: 0.6rem 1rem;
        margin: 0.7rem 0 1rem;
        align-items: end;
      }
      td {
        white-space: normal;
        min-width: 14rem;
      }
      .ratio {
        margin-top: 0.9rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#work();
  }

  override render() {
    return html`<section class="card">
      <header><h2>${COST.separable}</h2></header>
      <p class="small soft">${COST.separableHint}</p>
      <div class="fields">
        ${(Object.entries(COST.dmn) as [Letter, string][]).map(
          ([letter, label]) => html`<label>
            <span>${label}</span>
            <input
              name=${letter}
              inputmode="numeric"
              autocomplete="off"
              .value=${String(this.numbers[letter])}
              @change=${(event: Event) => this.#enter(letter, label, event.target as HTMLInputElement)}
            />
          </label>`,
        )}
      </div>
      ${this.worked ? table(this.worked) : nothing}
    </section>`;
  }

  #enter(letter: Letter, label: string, input: HTMLInputElement): void {
    const text = input.value.trim();
    const wrong = !/^[1-9]\d{0,8}$/.test(text);
    input.setAttribute('aria-invalid', String(wrong));
    if (wrong) {
      this.lab.messages.error(COST.wholeNumber(label, text));
    } else {
      this.numbers = { ...this.numbers, [letter]: Number(text) };
      void this.#work();
    }
  }

  async #work(): Promise<void> {
    const { d, m, n } = this.numbers;
    try {
      this.worked = await this.lab.worker.separable(d, m, n);
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }
}

function table({
  d,
  m,
  n,
  standard,
  depthwise,
  pointwise,
  separable,
  ratio,
  standard_params,
  separable_params,
}: Separable) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${COST.separable}>
      <table>
        <thead>
          <tr>
            <td></td>
            <th scope="col">${COST.multiplications}</th>
            <th scope="col">${COST.parameters}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${COST.ordinary}</th>
            <td>D² · M · N = ${d}² · ${m} · ${n} = <b>${integer(standard)}</b></td>
            <td>(D² · M + 1) · N = (${d}² · ${m} + 1) · ${n} = <b>${integer(standard_params)}</b></td>
          </tr>
          <tr>
            <th scope="row">${COST.separated}</th>
            <td>
              D² · M + M · N = ${integer(depthwise)} + ${integer(pointwise)} = <b>${integer(separable)}</b>
            </td>
            <td>
              (D² + 1) · M + (M + 1) · N = (${d}² + 1) · ${m} + (${m} + 1) · ${n} =
              <b>${integer(separable_params)}</b>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
    <p class="ratio number">
      ${COST.ratio} = 1 / ${n} + 1 / ${d}² = <b>${ratio.toFixed(4)}</b>, ${COST.less((1 / ratio).toFixed(1))}
    </p>
  `;
}
