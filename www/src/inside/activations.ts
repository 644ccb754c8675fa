/** The activations for one image: the output of every layer as feature maps. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import './arithmetic-panel';
import './mosaic';
import './strongest';
import '../charts/image';
import type { LayerSummary } from '../base/engine';
import { integer } from '../base/format';
import { softmax } from '../base/softmax';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { readTensors, type Tensor } from '../worker/weights';
import type { Explained, Values } from './arithmetic';
import type { Picked } from './cursor';
import { short } from './grid';
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
  /** The value whose arithmetic is shown: its layer and its position. */
  @state() private picked: { layer: number; at: number[] } | null = null;
  /** The weights that were read last, and their file. */
  #read: { file: Uint8Array; tensors: Tensor[] } | null = null;
  /** The network whose activations are shown. */
  #of: unknown;

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
        overflow-wrap: anywhere;
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

  override willUpdate(_changed: PropertyValues): void {
    const info = this.lab.inside.subject?.info;
    if (info === this.#of) return;
    this.#of = info;
    this.picked = null;
  }

  override render() {
    const { look } = this.lab.inside;
    return html`
      <section class="card">
        <header>
          <h2>${INSIDE.activations}</h2>
          ${this.#chooser(look)}
        </header>
        <p class="small soft">${INSIDE.activationsHint}</p>
        ${look ? html`<p class="small soft number">${INSIDE.at(integer(look.step))}</p>` : nothing}
        ${look ? guard([look, this.lab.inside.summary, this.opened, this.picked], () => this.#layers(look)) : nothing}
      </section>
    `;
  }

  #chooser(look: Look | null) {
    const { inside, predictions } = this.lab;
    const { own } = predictions;
    return html`<div class="row">
      <lab-index-chooser
        .index=${look ? look.index : 0}
        last=${(inside.subject?.info.test_samples ?? 1) - 1}
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
    const { inside } = this.lab;
    const { experiment } = inside.subject ?? {};
    const layers = inside.summary?.layers ?? [];
    if (!experiment) return nothing;
    const shape = experiment.input_shape;
    const outputs = byLayer(
      look.outputs,
      layers.map(({ output_shape }) => output_shape),
    );
    // The engine computes a final softmax in the loss, so its last values are logits.
    const logits = experiment.layers.at(-1)?.activation === 'softmax' ? (outputs.pop() ?? null) : null;
    if (logits) outputs.push(Float32Array.from(softmax(logits)));
    return html`<div class="layers">
      <div class="layer">
        <div><b>${INSIDE.input}</b><span class="small soft">${shape.join(' × ')}</span></div>
        <lab-image .pixels=${look.pixels} .shape=${shape} label=${INSIDE.input}></lab-image>
      </div>
      ${layers.map((layer, i) =>
        SAME.test(layer.type)
          ? nothing
          : html`${this.#layer(layer, outputs[i] ?? new Float32Array(), i)}
            ${this.picked?.layer === i ? this.#arithmetic(look, i, outputs, i === layers.length - 1 ? logits : null) : nothing}`,
      )}
    </div>`;
  }

  #layer({ name, class_name, output_shape: shape }: LayerSummary, values: Float32Array, index: number) {
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
          pickable
          hint=${INSIDE.pick}
          .say=${(at: Picked) => this.#say(values, shape, width, at)}
          .marked=${this.#mark(index, width)}
          @pick=${({ detail }: CustomEvent<Picked>) => this.#pick(index, shape, width, detail)}
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

  #mark(layer: number, width: number): Picked | null {
    if (this.picked?.layer !== layer) return null;
    const [first = 0, second = 0, map = 0] = this.picked.at;
    return this.picked.at.length === 1
      ? { map: 0, y: Math.floor(first / width), x: first % width }
      : { map, y: first, x: second };
  }

  #say(values: Float32Array, shape: number[], width: number, { map, y, x }: Picked): string {
    const at = shape.length === 1 ? y * width + x : (y * width + x) * (shape[2] ?? 1) + map;
    const value = values[at];
    if (value === undefined) return '';
    return shape.length === 1
      ? INSIDE.unit(String(at), short(value))
      : INSIDE.place(String(map), String(y), String(x), short(value));
  }

  #pick(layer: number, shape: number[], width: number, { map, y, x }: Picked): void {
    const at = shape.length === 1 ? [y * width + x] : [y, x, map];
    if (shape.length === 1 && (at[0] ?? 0) >= (shape[0] ?? 0)) return;
    this.picked = { layer, at };
    void this.lab.inside.explain();
    void this.updateComplete.then(() =>
      this.renderRoot
        .querySelector<HTMLElement>('lab-arithmetic')
        ?.shadowRoot?.querySelector<HTMLElement>('section')
        ?.focus(),
    );
  }

  #tensors(file: Uint8Array): Tensor[] {
    if (this.#read?.file !== file) this.#read = { file, tensors: readTensors(file) };
    return this.#read.tensors;
  }

  #arithmetic(look: Look, at: number, outputs: Float32Array[], logits: Float32Array | null) {
    const { inside } = this.lab;
    const { experiment } = inside.subject ?? {};
    const layers = inside.summary?.layers ?? [];
    const [layer, spec] = [layers[at], experiment?.layers[at]];
    if (!layer || !spec || !experiment || !this.picked) return nothing;
    const input: Values = {
      values: Float32Array.from(look.pixels, (pixel) => pixel / 255),
      shape: experiment.input_shape,
    };
    const valuesOf = (name: string): Values => {
      const from = layers.findIndex((one) => one.name === name);
      const found = layers[from];
      return found ? { values: outputs[from] ?? new Float32Array(), shape: found.output_shape } : input;
    };
    const tensors = look.weights ? this.#tensors(look.weights) : [];
    const tensor = (name: string): Values | null => {
      const found = tensors.find((one) => one.name === `${layer.name}.${name}`);
      return found ? { values: found.values, shape: found.shape } : null;
    };
    const explained: Explained = {
      spec,
      inputs: layer.inputs.map(valuesOf),
      output: { values: outputs[at] ?? new Float32Array(), shape: layer.output_shape },
      kernel: tensor('kernel'),
      bias: tensor('bias'),
      logits,
    };
    const channel = this.picked.at.at(-1) ?? 0;
    return html`<div>
      <lab-arithmetic
      .layer=${explained}
      .at=${this.picked.at}
      name=${layer.name}
      @move=${({ detail }: CustomEvent<number[]>) => (this.picked = { layer: at, at: detail })}
    ></lab-arithmetic>
      <lab-strongest .lab=${this.lab} .layer=${at} .channel=${channel} .name=${layer.name} .shape=${layer.output_shape}></lab-strongest>
    </div>`;
  }
}
