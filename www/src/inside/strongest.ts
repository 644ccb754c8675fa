/** The test images that a channel of a layer answers to most strongly. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../charts/image';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { short } from './grid';
import { STRONGEST } from './text';

/** Images that are looked through. */
const AMONG = 300;
/** Images that are shown. */
const SHOWN = 9;

interface Found {
  index: number;
  value: number;
  pixels: Uint8Array;
}

/** The largest value of a channel in each image, channels last. */
export function peaks(values: Float32Array, length: number, channels: number, channel: number): number[] {
  return Array.from({ length: values.length / length }, (_, image) => {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = channel; i < length; i += channels) most = Math.max(most, values[image * length + i] ?? most);
    return most;
  });
}

@customElement('lab-strongest')
export class LabStrongest extends LabElement {
  @property({ type: Number }) layer = 0;
  @property({ type: Number }) channel = 0;
  @property() name = '';
  @property({ attribute: false }) shape: readonly number[] = [];
  @state() private found: Found[] = [];
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        margin-top: 0.7rem;
      }
      .images {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(4rem, 5.5rem));
        gap: 0.6rem;
        margin-top: 0.5rem;
      }
      figcaption {
        text-align: center;
        font-size: 0.78rem;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues): void {
    if (['layer', 'channel', 'shape'].some((one) => changed.has(one))) this.found = [];
  }

  override render() {
    const { subject } = this.lab.inside;
    if (!subject) return nothing;
    const shape = subject.experiment.input_shape;
    const among = integer(Math.min(AMONG, subject.info.test_samples));
    return html`<div class="row">
        <strong class="small">${STRONGEST.title(this.name, String(this.channel))}</strong>
        <button class="small" ?disabled=${this.busy} @click=${() => this.#find()}>
          ${this.busy ? STRONGEST.finding : STRONGEST.find}
        </button>
      </div>
      ${
        this.found.length > 0
          ? html`<p class="small soft">${STRONGEST.among(among)}</p>
              <div class="images">
                ${this.found.map(({ index, value, pixels }) => {
                  const words = STRONGEST.image(integer(index), short(value));
                  return html`<figure>
                    <lab-image .pixels=${pixels} .shape=${shape} label=${words}></lab-image>
                    <figcaption class="number">${short(value)}</figcaption>
                  </figure>`;
                })}
              </div>`
          : nothing
      }`;
  }

  async #find(): Promise<void> {
    const { inside, worker, messages } = this.lab;
    if (!inside.subject) return;
    const { experiment, info } = inside.subject;
    this.busy = true;
    const { layer, channel, shape } = this;
    try {
      const indices = Array.from({ length: Math.min(AMONG, info.test_samples) }, (_, i) => i);
      const { pixels } = await worker.images('inspected', 'test', indices);
      const size = pixels.length / indices.length;
      const values = await worker.layerOutputs(experiment, layer, pixels);
      const length = values.length / indices.length;
      const all = peaks(values, length, shape.at(-1) ?? 1, channel);
      const order = indices.toSorted((a, b) => (all[b] ?? 0) - (all[a] ?? 0)).slice(0, SHOWN);
      if (layer !== this.layer || channel !== this.channel) return;
      this.found = order.map((index) => ({
        index,
        value: all[index] ?? 0,
        pixels: pixels.slice(index * size, (index + 1) * size),
      }));
    } catch (error) {
      messages.failure(error);
    } finally {
      this.busy = false;
    }
  }
}
