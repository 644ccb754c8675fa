/** The live picture: an image, the network, its prediction; the first filters, feature maps, and a dozen test images with predictions. */

import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { COUNTED } from '../base/text';
import '../charts/bars';
import '../charts/image';
import '../inside/mosaic';
import '../model/network';
import './guesses';
import './next';
import type { Summary } from '../base/engine';
import { integer, percent } from '../base/format';
import { byLayer, mapsOf } from '../inside/maps';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { Glance } from '../worker/glance';
import { Glances } from './glances';
import { liveStyles } from './styles';
import { LIVE } from './text';

const MAPS = 12;
const BARS = 3;

@customElement('lab-live')
export class LabLive extends LabElement {
  readonly #glances = new Glances(
    () => this.lab,
    () => this.requestUpdate(),
  );

  static override styles = [base, controls, liveStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#glances.open();
    document.addEventListener('visibilitychange', this.#shown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#shown);
    this.#glances.close();
  }

  override updated(): void {
    this.#glances.follow();
  }

  readonly #shown = (): void => this.#glances.follow();

  override render() {
    const { lab } = this;
    const { run, inside } = lab;
    // The network of the run, once there is one: the chosen experiment may be another one by now.
    const experiment = run.info ? run.experiment : lab.experiment;
    const summary = (run.info ? inside.summary : null) ?? lab.summary;
    const isCostSheet = !run.info && lab.isCostSheet;
    const { glance } = this.#glances;
    if (!summary || !experiment) return nothing;
    const shown = glance && isOf(glance, experiment.input_shape, summary) ? glance : null;
    return html`
      <section class="card">
        <header>
          <h2>${isCostSheet ? LIVE.network : LIVE.title}</h2>
          ${
            shown
              ? html`<button class="small" @click=${() => this.#glances.choose(this.#glances.index + 1)}>${LIVE.another}</button>`
              : nothing
          }
        </header>
        <div class="flow">
          ${shown ? this.#image(shown, experiment.input_shape) : nothing}
          ${run.info ? nothing : this.#network(summary, experiment.input_shape)}
          ${isCostSheet ? nothing : html`<div class="says">${shown ? this.#says(shown) : html`<p class="small soft">${this.#glances.isHeavy && !run.info ? LIVE.heavy : LIVE.waiting}</p>`}</div>`}
        </div>
      </section>
      ${shown ? guard([shown, summary], () => this.#sees(shown, summary, experiment.input_shape)) : nothing}
    `;
  }

  /** Before the run; during it, what changes has the room. */
  #network(summary: Summary, shape: [number, number, number]) {
    const { lab } = this;
    return html`<div class="net ${lab.specError ? 'old' : ''}">
      ${guard([summary, shape.join()], () => html`<lab-network fit .summary=${summary} .inputShape=${shape} @choose=${() => lab.set({ tab: 'model' })}></lab-network>`)}
    </div>`;
  }

  #name(index: number): string {
    const { run, data } = this.lab;
    return (run.info?.classes ?? data.info?.classes)?.[index] ?? String(index);
  }

  #image({ pixels, label }: Glance, shape: [number, number, number]) {
    const caption = LIVE.image(this.#name(label));
    return html`<figure class="image">
      <lab-image .pixels=${pixels} .shape=${shape} label=${caption}></lab-image>
      <figcaption class="small soft">${caption}</figcaption>
    </figure>`;
  }

  #says({ label, probabilities }: Glance) {
    const order = probabilities.map((share, i) => ({ share, i })).sort((a, b) => b.share - a.share);
    const first = order[0] ?? { share: 0, i: 0 };
    const words = [this.#name(first.i), this.#name(label), percent(first.share, 0)] as const;
    const { epochs } = this.#glances;
    const bars = order.slice(0, BARS).map(({ share, i }) => ({
      name: this.#name(i),
      share,
      text: percent(share, 0),
      ...(i === label && { mark: 'right' as const }),
    }));
    return html`
      <p class="verdict">${epochs === null ? LIVE.untrained(...words) : LIVE.trained(...words, epochsText(epochs))}</p>
      <lab-bars .bars=${bars} label=${LIVE.probabilities}></lab-bars>
    `;
  }

  #sees(glance: Glance, summary: Summary, shape: [number, number, number]) {
    const { filters } = glance;
    const { layers } = summary;
    const outputs = byLayer(
      glance.outputs,
      layers.map(({ output_shape }) => output_shape),
    );
    const at = layers.findIndex(({ output_shape }) => output_shape.length === 3);
    const layer = layers[at];
    const maps = layer ? mapsOf(outputs[at] ?? new Float32Array(), layer.output_shape, MAPS) : null;
    return html`<section class="card">
      <header>
        <h2>${LIVE.sees}</h2>
        ${this.#glances.epochs === null ? html`<span class="small soft">${LIVE.start}</span>` : nothing}
      </header>
      <div class="sees">
        ${
          filters
            ? html`<div>
                <h3>${LIVE.filters(filters.layer)}</h3>
                <lab-mosaic .maps=${filters.images} .size=${[filters.height, filters.width]} scale=${filters.channels === 3 ? 'color' : 'signed'} label=${LIVE.filters(filters.layer)}></lab-mosaic>
              </div>`
            : nothing
        }
        ${
          maps && layer
            ? html`<div>
                <h3>${LIVE.maps(layer.name)}</h3>
                <lab-mosaic .maps=${maps.maps} .size=${[maps.height, maps.width]} .most=${maps.most} scale=${maps.signed ? 'signed' : 'positive'} label=${LIVE.maps(layer.name)}></lab-mosaic>
              </div>`
            : nothing
        }
        ${this.#dozen(glance, shape)}
      </div>
    </section>`;
  }

  #dozen({ guesses }: Glance, shape: [number, number, number]) {
    const right = guesses.filter(({ label, predicted }) => label === predicted).length;
    return html`<div>
      <h3>${LIVE.dozen} <span class="soft number">${LIVE.right(integer(right), integer(guesses.length))}</span></h3>
      <lab-guesses .lab=${this.lab} .guesses=${guesses} .shape=${shape} .name=${(index: number) => this.#name(index)}></lab-guesses>
    </div>`;
  }
}

/** Whether a look can be one at this network: its image and its outputs have the right sizes. */
function isOf({ pixels, outputs }: Glance, input: number[], { layers }: Summary): boolean {
  const sizes = [input, ...layers.map(({ output_shape }) => output_shape)].map((shape) =>
    shape.reduce((a, b) => a * b, 1),
  );
  return pixels.length === sizes[0] && pixels.length + outputs.length === sizes.reduce((a, b) => a + b);
}

const epochsText = (epochs: number): string =>
  epochs < 1 ? COUNTED.percentOfEpoch(Math.round(100 * epochs)) : COUNTED.epochs(Math.floor(epochs));
