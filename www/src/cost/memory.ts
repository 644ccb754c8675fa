/** Memory for training, by part, and whether it fits into this device's memory. */

import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { COUNTED } from '../base/text';
import '../charts/bars';
import type { CostSheet } from '../base/engine';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { type DeviceMemory, deviceMemory, type Fit, fits } from './fit';
import { COST } from './text';

@customElement('lab-cost-memory')
export class LabCostMemory extends LabElement {
  @property({ attribute: false }) sheet!: CostSheet;
  /** One image: height, width, channels. */
  @property({ attribute: false }) pixels: number[] = [];
  /** The number of images of the data set. */
  @property({ type: Number }) images = 0;
  @state() private device: DeviceMemory | null = null;

  static override styles = [
    base,
    css`
      p {
        margin-bottom: 0.6rem;
      }
      ul {
        list-style: none;
        padding: 0;
        display: grid;
        gap: 0.6rem;
      }
      .badge {
        margin-inline-end: 0.3rem;
      }
      .after {
        margin: 0.8rem 0 0;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void deviceMemory().then((device) => (this.device = device));
  }

  override render() {
    return html`<div class="columns">${this.#parts()} ${this.device ? this.#fit(this.device) : nothing}</div>`;
  }

  #parts() {
    const { training, allocation, cpu_allocation: cpu } = this.sheet;
    const { bytes } = this.lab.texts;
    const names = Object.entries(COST.parts) as [keyof typeof COST.parts, string][];
    const bars = names.map(([key, name]) => ({
      name,
      share: training[key] / training.total,
      text: bytes(training[key]),
    }));
    return html`<section class="card">
      <header><h2>${COST.memory}</h2></header>
      <p class="small soft">${COST.memoryHint}</p>
      <lab-bars .bars=${bars} label=${COST.memory}></lab-bars>
      <p class="small after">${COST.allocation(bytes(cpu.bytes), COUNTED.cores(cpu.lanes), this.device?.largestBuffer ? bytes(allocation.bytes) : null)}</p>
    </section>`;
  }

  #fit(device: DeviceMemory) {
    // A value of an image is a byte.
    const dataBytes = this.pixels.reduce((product, size) => product * size, this.images);
    const verdicts = fits(this.sheet, dataBytes, device);
    return html`<section class="card">
      <header><h2>${COST.fit}</h2></header>
      <ul>
        ${verdicts.map(
          (verdict) => html`<li>
            <span class="badge ${verdict.fits ? '' : 'warn'}">${verdict.fits ? '✓' : '!'}</span>${words(verdict, this.lab.texts.bytes)}
          </li>`,
        )}
        ${device.largestBuffer === null ? html`<li class="soft">${COST.noGpu}</li>` : nothing}
      </ul>
    </section>`;
  }
}

function words({ engine, needs, fits, tightest, batch }: Fit, bytes: (count: number) => string): string {
  const [need, allow] = [bytes(tightest.needs), bytes(tightest.allows)];
  if (fits) {
    return engine === 'cpu' ? COST.fitsCpu(need, allow) : COST.fitsGpu(bytes(needs), tightest.what, need, allow);
  }
  const fails = engine === 'cpu' ? COST.failsCpu(need, allow) : COST.failsGpu(tightest.what, need, allow);
  return `${fails} ${batch === null ? COST.tooLarge : COST.smaller(integer(batch))}`;
}
