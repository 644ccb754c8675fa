/** The activations for one image: the output of every layer as feature maps. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import './mosaic';
import '../charts/image';
import type { LayerSummary } from '../base/engine';
import { integer } from '../base/format';
import { softmax } from '../base/softmax';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { Look } from './lab-inside';
import { byLayer, mapsOf } from './maps';
import { INSIDE } from './text';
import '../ui/index-chooser';
import { LabElement } from '../ui/lab-element';

/** More channels are shown on request. */
const CHANNELS = 24;

/** Layers that only reshape their input, or return it unchanged at inference. */
const SAME = /^(flatten|dropout)$/;

@customElement('lab-activations')
export class LabActivations extends LabElement {
  /** Layers of which all channels are shown. */
  @state() private opened: ReadonlySet<string> = new Set();

  static override styles = [
    base,
    controls,
    css`
      .layers {
        display: grid;
        gap: 0.9rem;
        margin-top: 0.9rem;
      }
      .layer {
        display: grid;
        grid-template-columns: minmax(10rem, 13rem) minmax(0, 1fr);
        gap: 0.9rem;
        align-items: start;
        padding-top: 0.8rem;
        border-top: 1px solid var(--line);
      }
      .layer b {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        font-weight: 600;
      }
      lab-image {
        max-width: 7rem;
      }
      @container (max-width: 34rem) {
        .layer {
          grid-template-columns: minmax(0, 1fr);
          gap: 0.4rem;
        }
      }
    `,
  ];

  override render() {
    const { look } = this.lab.inside;
    return html`
      <section class="card">
        <header>
          <h2>${INSIDE.activations}</h2>
          ${this.#chooser(look)}
        </header>
        <p class="small soft">${INSIDE.activationsHint}</p>
        ${look ? guard([look, this.lab.inside.summary, this.opened], () => this.#layers(look)) : nothing}
      </section>
    `;
  }

  #chooser(look: Look | null) {
    const { inside, predictions, run } = this.lab;
    const { own } = predictions;
    return html`<div class="row">
      <lab-index-chooser
        .index=${look ? look.index : 0}
        last=${(run.info?.test_samples ?? 1) - 1}
        label=${INSIDE.index}
        @choose=${({ detail }: CustomEvent<number>) => inside.lookAt(detail)}
      ></lab-index-chooser>
      ${
        own
          ? html`<button class="small" @click=${() => inside.lookAt(null, own.pixels)}>${INSIDE.own}</button>`
          : nothing
      }
    </div>`;
  }

  #layers(look: Look) {
    const { inside, run } = this.lab;
    const shape = run.experiment?.input_shape;
    const layers = inside.summary?.layers ?? [];
    if (!shape) return nothing;
    const outputs = byLayer(
      look.outputs,
      layers.map(({ output_shape }) => output_shape),
    );
    // The engine computes a final softmax in the loss, so its last values are logits.
    if (run.experiment?.layers.at(-1)?.activation === 'softmax') {
      const logits = outputs.pop();
      if (logits) outputs.push(Float32Array.from(softmax(logits)));
    }
    return html`<div class="layers">
      <div class="layer">
        <div><b>${INSIDE.input}</b><span class="small soft">${shape.join(' × ')}</span></div>
        <lab-image .pixels=${look.pixels} .shape=${shape} label=${INSIDE.input}></lab-image>
      </div>
      ${layers.map((layer, i) =>
        SAME.test(layer.type) ? nothing : this.#layer(layer, outputs[i] ?? new Float32Array()),
      )}
    </div>`;
  }

  #layer({ name, class_name, output_shape: shape }: LayerSummary, values: Float32Array) {
    const atMost = this.opened.has(name) ? Number.POSITIVE_INFINITY : CHANNELS;
    const { height, width, maps, channels, most, signed } = mapsOf(values, shape, atMost);
    return html`<div class="layer">
      <div>
        <b title=${name}>${name}</b>
        <span class="small soft">${class_name}<br />${shape.join(' × ')}</span>
      </div>
      <div>
        <lab-mosaic
          .maps=${maps}
          .size=${[height, width]}
          .most=${most}
          scale=${signed ? 'signed' : 'positive'}
          label=${INSIDE.maps(name, integer(maps.length))}
        ></lab-mosaic>
        ${
          maps.length < channels
            ? html`<button class="quiet small" @click=${() => (this.opened = new Set([...this.opened, name]))}>
                ${INSIDE.all(integer(channels))}
              </button>`
            : nothing
        }
      </div>
    </div>`;
  }
}
