/** Checks the arithmetic on request: both engines layer by layer, and the gradients by finite differences. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Numbers } from '../base/engine';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { NUMBERS } from './text';

@customElement('lab-numbers')
export class LabNumbers extends LabElement {
  @state() private found: Numbers | null = null;
  @state() private checking = false;

  static override styles = [
    base,
    controls,
    tables,
    css`
      :host {
        display: block;
      }
      .tables {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr));
        gap: 1.1rem;
        margin-top: 1rem;
      }
      .scroll {
        max-height: 22rem;
        overflow: auto;
      }
      .row {
        margin-top: 0.7rem;
      }
      h3 {
        margin-bottom: 0.4rem;
      }
    `,
  ];

  override render() {
    return html`
      <section class="card">
        <header><h2>${NUMBERS.title}</h2></header>
        <p class="small soft">${NUMBERS.text}</p>
        <div class="row">
          <button ?disabled=${this.checking} @click=${this.#check}>
            ${this.checking ? NUMBERS.checking : NUMBERS.check}
          </button>
          <span role="status">${this.found && !this.checking ? this.#verdict(this.found) : nothing}</span>
        </div>
        ${this.found && !this.checking ? this.#tables(this.found) : nothing}
      </section>
    `;
  }

  #verdict(found: Numbers) {
    return found.agrees
      ? html`<strong class="agrees">${NUMBERS.agrees}</strong>`
      : html`<span class="badge warn">!</span> <strong>${NUMBERS.differs}</strong>`;
  }

  #tables(found: Numbers) {
    const { images, cpu, gpu, no_gpu, layers, gradients } = found;
    const about = gpu
      ? NUMBERS.engines(integer(images), cpu, gpu)
      : `${NUMBERS.onlyCpu(integer(images), cpu)} ${NUMBERS.noGpu(no_gpu ?? '')}`;
    const names = NUMBERS.columns;
    return html`
      <p class="small soft row">${about}</p>
      <div class="tables">
        <div>
          <h3>${NUMBERS.layers}</h3>
          <div class="scroll" tabindex="0" role="region" aria-label=${NUMBERS.layers}>
            <table>
              <thead>
                <tr>
                  <th scope="col">${names.layer}</th>
                  <th scope="col">${names.largest}</th>
                  <th scope="col">${names.difference}</th>
                </tr>
              </thead>
              <tbody>
                ${layers.map(
                  ({ name, largest, difference, agrees }) => html`<tr>
                    <th scope="row">${name} ${mark(agrees)}</th>
                    <td>${short(largest)}</td>
                    <td>${short(difference)}</td>
                  </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </div>
        <div>
          <h3>${NUMBERS.gradients}</h3>
          <div class="scroll" tabindex="0" role="region" aria-label=${NUMBERS.gradients}>
            <table>
              <thead>
                <tr>
                  <th scope="col">${names.tensor}</th>
                  <th scope="col">${names.gradient}</th>
                  <th scope="col">${names.finite}</th>
                  <th scope="col">${names.difference}</th>
                </tr>
              </thead>
              <tbody>
                ${gradients.map(
                  ({ name, gradient, finite_difference, difference, agrees }) => html`<tr>
                    <th scope="row">${name} ${mark(agrees)}</th>
                    <td>${short(gradient)}</td>
                    <td>${finite_difference === null ? NUMBERS.open : short(finite_difference)}</td>
                    <td>${short(difference)}</td>
                  </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </div>
      </div>
    `;
  }

  readonly #check = async (): Promise<void> => {
    this.checking = true;
    try {
      this.found = await this.lab.worker.numbers();
    } catch (error) {
      this.lab.messages.failure(error);
    }
    this.checking = false;
  };
}

const mark = (agrees: boolean) => (agrees ? nothing : html`<span class="badge warn">${NUMBERS.wrong}</span>`);

/** Three digits, to compare by eye. */
const short = (value: number | null): string => {
  if (value === null) return '–';
  return value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 10_000)
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
};
