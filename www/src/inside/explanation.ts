/** What a prediction depends on: a map over the image, for the predicted class or any other; and how little noise changes it. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '../charts/image';
import './mosaic';
import type { Summary } from '../base/engine';
import { percent } from '../base/format';
import { softmax } from '../base/softmax';
import { sentence } from '../lab/messages';
import { LabElement } from '../ui/lab-element';
import { segmented } from '../ui/segmented';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { attacked, covered, coverOf, enlarged, fallen, gradCam, saliency } from './attribution';
import type { Look, Subject } from './lab-inside';
import { byLayer } from './maps';
import { EXPLANATION } from './text';

type Method = 'saliency' | 'grad-cam' | 'occlusion';
type Shape = [number, number, number];

/** The strongest noise, of 255. */
const MOST_NOISE = 48;

interface Attack {
  gradient: Float32Array;
  amount: number;
  pixels: Uint8Array;
  probabilities: number[];
}

@customElement('lab-explanation')
export class LabExplanation extends LabElement {
  @state() private method: Method = 'saliency';
  /** Null for the predicted one. */
  @state() private of: number | null = null;
  @state() private map: Float32Array | null = null;
  @state() private attack: Attack | null = null;
  @state() private busy = false;
  @state() private problem = '';
  #of: Look | null = null;
  #wanted = 0;

  static override styles = [
    base,
    controls,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 0.6rem 1.2rem;
        align-items: end;
        margin-block: 0.7rem;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 9rem), 11rem));
        gap: 0.8rem 1.2rem;
        align-items: start;
      }
      h3 {
        margin-top: 1.2rem;
      }
      input[type='range'] {
        width: min(100%, 20rem);
        padding: 0;
        border: 0;
        background: none;
        accent-color: var(--accent);
      }
      .verdict {
        margin-top: 0.5rem;
      }
    `,
  ];

  override willUpdate(_changed: PropertyValues): void {
    const { look } = this.lab.inside;
    if (look === this.#of) return;
    this.#of = look;
    this.map = null;
    this.attack = null;
    this.problem = '';
  }

  override render() {
    const { inside, run } = this.lab;
    const { look, summary, subject } = inside;
    if (!look || !summary || !subject) return nothing;
    const shape = subject.experiment.input_shape;
    const { classes } = subject.info;
    const predicted = this.#predicted(look, summary);
    const methods: [Method, string][] = (Object.keys(EXPLANATION.methods) as Method[]).map((one) => [
      one,
      EXPLANATION.methods[one],
    ]);
    return html`<section class="card">
      <header><h2>${EXPLANATION.title}</h2></header>
      <p class="small soft">${EXPLANATION.hints[this.method]} ${run.info ? '' : EXPLANATION.untrained}</p>
      <div class="tools dense">
        ${segmented(EXPLANATION.method, methods, this.method, (method) => {
          this.method = method;
          this.map = null;
        })}
        <label>
          <span>${EXPLANATION.of}</span>
          <select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
            <option value="" .selected=${this.of === null}>${EXPLANATION.predicted(classes[predicted] ?? String(predicted))}</option>
            ${classes.map((name, i) => html`<option value=${i} .selected=${this.of === i}>${name}</option>`)}
          </select>
        </label>
        <button ?disabled=${this.busy} @click=${() => this.#explain(look, summary, shape, this.of ?? predicted)}>
          ${this.busy ? EXPLANATION.computing : EXPLANATION.show}
        </button>
      </div>
      ${this.problem ? html`<p class="error small" role="alert">${this.problem}</p>` : nothing}
      <div class="pictures">
        <figure>
          <lab-image .pixels=${look.pixels} .shape=${shape} label=${EXPLANATION.image}></lab-image>
          <figcaption class="small soft">${EXPLANATION.image}</figcaption>
        </figure>
        ${
          this.map
            ? html`<figure>
                <lab-mosaic .maps=${[this.map]} .size=${[shape[0], shape[1]]} scale="positive" label=${EXPLANATION.map}></lab-mosaic>
                <figcaption class="small soft">${EXPLANATION.map}</figcaption>
              </figure>`
            : nothing
        }
      </div>
      ${this.#noise(look, shape, predicted, classes)}
    </section>`;
  }

  #noise(look: Look, shape: Shape, predicted: number, classes: string[]) {
    const { attack } = this;
    const name = (index: number) => classes[index] ?? String(index);
    const now = attack ? attack.probabilities.indexOf(Math.max(...attack.probabilities)) : predicted;
    return html`<h3>${EXPLANATION.noise}</h3>
      <p class="small soft">${EXPLANATION.noiseHint}</p>
      <div class="tools">
        <label>
          <span>${EXPLANATION.amount(String(attack?.amount ?? 0))}</span>
          <input
            type="range"
            min="0"
            max=${MOST_NOISE}
            .value=${String(attack?.amount ?? 0)}
            ?disabled=${this.busy && !attack}
            @input=${(event: Event) => this.#disturb(look, predicted, Number((event.target as HTMLInputElement).value))}
          />
        </label>
      </div>
      ${
        attack
          ? html`<div class="pictures">
                <figure>
                  <lab-image .pixels=${attack.pixels} .shape=${shape} label=${EXPLANATION.disturbed}></lab-image>
                  <figcaption class="small soft">${EXPLANATION.disturbed}</figcaption>
                </figure>
              </div>
              <p class="verdict" aria-live="polite">
                ${EXPLANATION.verdict(name(predicted), name(now), percent(attack.probabilities[now] ?? 0))}
              </p>`
          : nothing
      }`;
  }

  #choose(value: string): void {
    this.of = value === '' ? null : Number(value);
    this.map = null;
  }

  #predicted({ outputs }: Look, { layers }: Summary): number {
    const classes = layers.at(-1)?.output_shape.at(-1) ?? 1;
    const logits = outputs.subarray(outputs.length - classes);
    return logits.indexOf(Math.max(...logits));
  }

  get #subject(): Subject {
    const { subject } = this.lab.inside;
    if (!subject) throw new Error(EXPLANATION.gone);
    return subject;
  }

  async #explain(look: Look, summary: Summary, shape: Shape, of: number): Promise<void> {
    const { method, of: chosen } = this;
    await this.#attempt(async () => {
      const map =
        method === 'occlusion'
          ? await this.#occlude(look, summary, shape, of)
          : await this.#derive(look, summary, shape, of, method);
      // Another image, method or class may have been chosen meanwhile.
      if (look === this.#of && method === this.method && chosen === this.of) this.map = map;
    });
  }

  async #derive(
    look: Look,
    { layers }: Summary,
    shape: Shape,
    of: number,
    method: Exclude<Method, 'occlusion'>,
  ): Promise<Float32Array> {
    const { worker } = this.lab;
    const { experiment } = this.#subject;
    if (method === 'saliency') return saliency(await worker.inputGradient(experiment, look.pixels, of, false), shape);
    const gradients = await worker.gradients(experiment, look.pixels, of, false);
    const shapes = layers.map(({ output_shape }) => output_shape);
    const [, ...ofLayers] = byLayer(gradients, [shape, ...shapes]);
    // The last feature maps that are still maps.
    const at = shapes.findLastIndex((one) => one.length === 3 && (one[0] ?? 1) * (one[1] ?? 1) > 1);
    const maps = shapes[at] as Shape | undefined;
    if (!maps) throw new Error(EXPLANATION.noMaps);
    const outputs = byLayer(look.outputs, shapes);
    const cam = gradCam(outputs[at] ?? new Float32Array(), ofLayers[at] ?? new Float32Array(), maps);
    return enlarged(cam, [maps[0], maps[1]], [shape[0], shape[1]]);
  }

  async #occlude(look: Look, { layers }: Summary, shape: Shape, of: number): Promise<Float32Array> {
    const cover = coverOf(shape);
    const images = covered(look.pixels, shape, cover);
    const all = await this.#probabilities(new Uint8Array([...look.pixels, ...images]), layers.length - 1);
    const [own = [], ...others] = all;
    const map = fallen(
      own[of] ?? 0,
      others.map((one) => one[of] ?? 0),
    );
    return enlarged(map, [cover.rows, cover.columns], [shape[0], shape[1]]);
  }

  async #probabilities(pixels: Uint8Array, last: number): Promise<number[][]> {
    const { experiment, info } = this.#subject;
    const logits = await this.lab.worker.layerOutputs(experiment, last, pixels);
    const classes = info.classes.length;
    return Array.from({ length: logits.length / classes }, (_, i) =>
      softmax(logits.subarray(i * classes, (i + 1) * classes)),
    );
  }

  /** The gradient is computed once for an image; each position of the slider is one prediction. */
  async #disturb(look: Look, predicted: number, amount: number): Promise<void> {
    const { worker, inside } = this.lab;
    this.#wanted = amount;
    if (this.busy) return;
    await this.#attempt(async () => {
      const { experiment } = this.#subject;
      const gradient = this.attack?.gradient ?? (await worker.inputGradient(experiment, look.pixels, predicted, true));
      const pixels = attacked(look.pixels, gradient, amount);
      const [probabilities = []] = await this.#probabilities(pixels, (inside.summary?.layers.length ?? 1) - 1);
      if (look === this.#of) this.attack = { gradient, amount, pixels, probabilities };
    });
    // The slider has moved on meanwhile.
    if (this.problem === '' && look === this.#of && this.#wanted !== amount)
      await this.#disturb(look, predicted, this.#wanted);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      await act();
    } catch (error) {
      this.problem = sentence(error);
    }
    this.busy = false;
  }
}
