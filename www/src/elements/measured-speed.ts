/** How fast this device is, measured when asked: training arithmetic and memory, on each engine. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { base } from '../styles/base';
import { controls } from '../styles/controls';
import { tables } from '../styles/tables';
import { TEXT } from '../text';
import type { DeviceRates } from '../worker/measure';
import { LabElement } from './lab-element';

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
    const { device } = TEXT;
    const { active } = this.lab.run;
    return html`
      <section class="card">
        <header>
          <h2>${device.measure}</h2>
          <button ?disabled=${this.busy || active} @click=${this.#measure}>
            ${this.busy ? device.measuring : device.press}
          </button>
        </header>
        <p class="small soft">${active ? device.busy : device.measureHint}</p>
        <div aria-live="polite">${this.rates.length > 0 ? this.#table() : nothing}</div>
      </section>
    `;
  }

  #table() {
    const { columns, engines } = TEXT.device;
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
            <th scope="row">${engines[engine]}</th>
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

/** Three digits are more than the measurement is good for. */
const figure = (value: number): string => value.toPrecision(value >= 100 ? 3 : 2);
