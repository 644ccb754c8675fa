/** Measures the speed of this device on request: training arithmetic and memory, for each engine. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { ENGINES } from '../ui/text';
import type { DeviceRates } from '../worker/measure';
import { DEVICE } from './text';

@customElement('lab-measured-speed')
export class LabMeasuredSpeed extends LabElement {
  @state() private rates: DeviceRates[] = [];
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    tables,
    css`
      table {
        max-width: 34rem;
        margin-top: 0.7rem;
      }
    `,
  ];

  override render() {
    const { active } = this.lab.run;
    return html`
      <section class="card">
        <header>
          <h2>${DEVICE.measure}</h2>
          <button ?disabled=${this.busy || active} @click=${this.#measure}>
            ${this.busy ? DEVICE.measuring : DEVICE.press}
          </button>
        </header>
        <p class="small soft">${active ? DEVICE.busy : DEVICE.measureHint}</p>
        <div aria-live="polite">${this.rates.length > 0 ? this.#table() : nothing}</div>
      </section>
    `;
  }

  #table() {
    const { columns } = DEVICE;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${columns.engine}</th>
          <th scope="col">${columns.gflops}</th>
          <th scope="col">${columns.bandwidth}</th>
        </tr>
      </thead>
      <tbody>
        ${this.rates.map(
          ({ engine, gflops, gbPerS }) => html`<tr>
            <th scope="row">${ENGINES[engine]}</th>
            <td>${figure(gflops)}</td>
            <td>${figure(gbPerS)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  readonly #measure = async (): Promise<void> => {
    const { lab } = this;
    const gpu = lab.boot?.gpu;
    this.busy = true;
    this.rates = [];
    try {
      this.rates = [await lab.worker.measureRates('cpu', false)];
      if (gpu?.state === 'ready') this.rates = [...this.rates, await lab.worker.measureRates('gpu', gpu.software)];
    } catch (error) {
      lab.messages.failure(error);
    }
    this.busy = false;
  };
}

/** Two or three digits, since the measurement is not more precise. */
const figure = (value: number): string => value.toPrecision(value >= 100 ? 3 : 2);
