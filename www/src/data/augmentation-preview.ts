/** Augmented training images, one row per epoch, with the augmentations as a form to change. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import '../charts/image';
import type { DatasetInfo, Experiment } from '../base/engine';
import { integer } from '../base/format';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { DATA } from './text';
import '../forms/augmentation-editor';
import { LabElement } from '../ui/lab-element';

const COLUMNS = 7;
const ROWS = 4;
const INTERVAL_MS = 700;

@customElement('lab-augmentation-preview')
export class LabAugmentationPreview extends LabElement {
  /** The first epoch shown, from 0. */
  @state() private epoch = 0;
  @state() private originals: Uint8Array | null = null;
  @state() private rows: Uint8Array[] = [];
  @state() private playing = false;
  #of: DatasetInfo | null = null;
  /** The data set and experiment that the rows belong to. */
  #shown = '';
  #timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    base,
    controls,
    css`
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: 1.4rem;
        margin-top: 0.8rem;
        align-items: start;
      }
      .rows {
        display: grid;
        grid-template-columns: max-content repeat(${COLUMNS}, minmax(0, 1fr));
        gap: 0.35rem;
        align-items: center;
      }
      .rows span {
        font-size: 0.82rem;
        color: var(--ink-soft);
        padding-inline-end: 0.4rem;
      }
      .rows .whole {
        grid-column: 1 / -1;
        border-top: 1px solid var(--line);
        margin-block: 0.15rem;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override updated(): void {
    const { data, document, specError } = this.lab;
    if (data.busy || !data.info || !document || specError) return;
    const wanted = `${this.epoch} ${document.seed ?? 0} ${JSON.stringify(document.augmentation ?? [])}`;
    if (data.info === this.#of && wanted === this.#shown) return;
    this.#of = data.info;
    this.#shown = wanted;
    void this.#load(document, wanted);
  }

  override render() {
    const { augmented } = DATA;
    const any = (this.lab.document?.augmentation ?? []).length > 0;
    return html`
      <section class="card">
        <header>
          <h2>${augmented.title}</h2>
          ${
            any
              ? html`<div class="row">
                  <button class="small" @click=${this.#next}>${augmented.next}</button>
                  <button class="small" aria-pressed=${this.playing} @click=${this.#play}>
                    ${this.playing ? augmented.stop : augmented.play}
                  </button>
                </div>`
              : nothing
          }
        </header>
        <p class="small soft">${any ? augmented.note : augmented.none}</p>
        <div class="pair">
          ${guard([this.originals, this.rows, any], () => this.#images(any))}
          <lab-augmentation-editor .lab=${this.lab}></lab-augmentation-editor>
        </div>
      </section>
    `;
  }

  #images(any: boolean) {
    const { augmented } = DATA;
    if (!this.originals) return nothing;
    return html`<div class="rows number">
      ${this.#row(augmented.original, this.originals)} ${any ? html`<div class="whole"></div>` : nothing}
      ${any ? this.rows.map((row, i) => this.#row(augmented.epoch(integer(this.epoch + i + 1)), row)) : nothing}
    </div>`;
  }

  #row(name: string, pixels: Uint8Array) {
    const info = this.lab.data.info as DatasetInfo;
    const shape = [info.height, info.width, info.channels];
    const size = info.height * info.width * info.channels;
    return html`<span>${name}</span>${Array.from(
      { length: COLUMNS },
      (_, i) => html`<lab-image
        .shape=${shape}
        .pixels=${pixels.subarray(i * size, (i + 1) * size)}
        label=${DATA.augmented.image(`${i + 1}`, name)}
      ></lab-image>`,
    )}`;
  }

  async #load(document: Experiment, wanted: string): Promise<void> {
    const { worker, data } = this.lab;
    const indices = Array.from({ length: Math.min(COLUMNS, data.info?.train ?? 0) }, (_, i) => i);
    try {
      const originals = (await worker.images('data', 'train', indices)).pixels;
      const epochs = Array.from({ length: ROWS }, (_, i) => this.epoch + i);
      const rows = await Promise.all(epochs.map((epoch) => worker.augmented(document, epoch, indices)));
      if (wanted !== this.#shown) return;
      this.originals = originals;
      this.rows = rows;
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }

  readonly #next = (): void => {
    this.epoch += ROWS;
  };

  readonly #play = (): void => {
    if (this.playing) {
      this.#stop();
      return;
    }
    this.playing = true;
    this.#timer = setInterval(() => {
      this.epoch += 1;
    }, INTERVAL_MS);
  };

  #stop(): void {
    clearInterval(this.#timer);
    this.playing = false;
  }
}
