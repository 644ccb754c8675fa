/** The cost view: memory, parameters with their formulas, multiply-accumulates, and three estimates of time. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import './layers';
import './memory';
import './separable';
import './sources';
import './time';
import './times';
import type { Cost, CostQuestion, DatasetInfo, Experiment, Preset } from '../base/engine';
import { compact, integer } from '../base/format';
import { wholeNumber } from '../base/settings';
import { sentence } from '../lab/messages';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Tile, tileStyles, tiles } from '../ui/tiles';
import type { StepTime } from '../worker/measure';
import { keyOf, setOf } from '../worker/protocol';
import { imagesOf } from './fit';
import { isOf, type Measured } from './measured';
import { COST } from './text';

/** The batch of a network that is measured, but not trained here. */
const SMALL_BATCH = 4;

@customElement('lab-cost-view')
export class LabCostView extends LabElement {
  /** The selected preset; null is the current experiment. */
  @state() private chosen: Preset | null = null;
  @state() private batch: number | null = null;
  /** The student's own numbers for the times. */
  @state() private numbers: CostQuestion = { clock_ghz: 3, cores: 1 };
  /** The step that was measured last; it counts only for the network and the batch that were measured. */
  @state() private measured: Measured | null = null;
  @state() private cost: Cost | null = null;
  @state() private error: string | null = null;
  #asked = '';

  static override styles = [
    base,
    controls,
    tileStyles,
    css`
      .choice {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(7rem, 10rem);
        gap: 0.6rem 1rem;
      }
      select {
        font-weight: 600;
      }
      .tile dt {
        white-space: normal;
      }
      @container (max-width: 34rem) {
        .choice {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override willUpdate(_changed: PropertyValues): void {
    void this.#ask();
  }

  override render() {
    const { cost } = this;
    return html`
      <div class="stack">
        ${this.#choice()}
        ${this.error ? html`<p class="card" role="alert"><span class="badge warn">!</span> ${this.error}</p>` : nothing}
        ${cost ? this.#sheet(cost) : nothing}
        <lab-cost-separable .lab=${this.lab}></lab-cost-separable>
      </div>
    `;
  }

  #sheet(cost: Cost) {
    const { lab } = this;
    const experiment = this.#experiment;
    return html`
      ${tiles(this.#tiles(cost))}
      ${cost.sheet.sources.length > 0 ? html`<lab-cost-sources .sources=${cost.sheet.sources}></lab-cost-sources>` : nothing}
      ${cost.sheet.time_sources.length > 0 ? html`<lab-cost-times .figures=${cost.sheet.time_sources} .step=${this.#step}></lab-cost-times>` : nothing}
      <lab-cost-layers .sheet=${cost.sheet}></lab-cost-layers>
      <lab-cost-memory
        .lab=${lab}
        .sheet=${cost.sheet}
        .pixels=${experiment?.input_shape ?? []}
        .images=${experiment ? imagesOf(experiment, this.#loaded) : 0}
      ></lab-cost-memory>
      <lab-cost-time
        .lab=${lab}
        .cost=${cost}
        .experiment=${this.#batched}
        .trainable=${this.#trainable}
        .numbers=${this.numbers}
        .step=${this.#step}
        @numbers=${(event: CustomEvent<CostQuestion>) => (this.numbers = { ...this.numbers, ...event.detail })}
        @measured=${(event: CustomEvent<Measured>) => (this.measured = event.detail)}
      ></lab-cost-time>
    `;
  }

  #choice() {
    const { lab } = this;
    return html`<div class="card choice">
      <label>
        <span>${COST.sheetOf}</span>
        <select @change=${(event: Event) => void this.#choose((event.target as HTMLSelectElement).value)}>
          <option value="" .selected=${this.chosen === null}>${COST.current(lab.title)}</option>
          ${lab.presets.map(
            ({ id, title }) => html`<option value=${id} .selected=${id === this.chosen?.id}>${id}: ${title}</option>`,
          )}
        </select>
      </label>
      <label>
        <span>${COST.batch}</span>
        <input
          inputmode="numeric"
          autocomplete="off"
          placeholder=${String(this.#experiment?.batch_size ?? '')}
          .value=${this.batch === null ? '' : String(this.batch)}
          @change=${(event: Event) => this.#setBatch(event.target as HTMLInputElement)}
        />
      </label>
    </div>`;
  }

  #tiles({ sheet }: Cost): Tile[] {
    const names = COST.tiles;
    const { bytes } = this.lab.texts;
    return [
      { name: names.params, value: integer(sheet.params) },
      { name: names.macs, value: compact(sheet.macs) },
      { name: names.flops, value: compact(2 * sheet.macs) },
      { name: names.forward, value: bytes(sheet.forward.bytes) },
      { name: names.training(integer(sheet.training.batch)), value: bytes(sheet.training.total) },
    ];
  }

  get #experiment(): Experiment | null {
    return this.chosen ? this.chosen.experiment : this.lab.experiment;
  }

  get #batched(): Experiment | null {
    const experiment = this.#experiment;
    if (!experiment) return null;
    if (this.batch !== null) return { ...experiment, batch_size: this.batch };
    // Large images: a few at a time fit into a tab's memory, and the time of an image hardly changes.
    return this.#trainable ? experiment : { ...experiment, batch_size: SMALL_BATCH };
  }

  /** The measured step of the shown network with the shown batch. */
  get #step(): StepTime | null {
    const { measured } = this;
    const experiment = this.#batched;
    return measured && experiment && isOf(measured, experiment) ? measured.step : null;
  }

  get #trainable(): boolean {
    return this.chosen ? this.chosen.trainable : !this.lab.isCostSheet;
  }

  /** The loaded set, where it is the one of the shown experiment. */
  get #loaded(): DatasetInfo | null {
    const { data, document } = this.lab;
    const { chosen } = this;
    const key = (experiment: Experiment) => keyOf(setOf(experiment));
    const isOwn = !chosen || (data.origin === 'official' && !!document && key(document) === key(chosen.experiment));
    return data.ready && isOwn ? data.info : null;
  }

  /** Only the page knows the number of images in the loaded set. */
  #known({ dataset }: Experiment): CostQuestion {
    const { ready, info } = this.lab.data;
    return dataset.name === 'custom' && ready && info ? { images: info.train } : {};
  }

  async #choose(id: string): Promise<void> {
    try {
      this.chosen = (await this.lab.worker.presets()).find((preset) => preset.id === id) ?? null;
    } catch (error) {
      this.lab.messages.failure(error);
      return;
    }
    this.batch = null;
    // Images and epochs belong to another network.
    const { clock_ghz, cores, gflops, gb_per_s } = this.numbers;
    this.numbers = defined({ clock_ghz, cores, gflops, gb_per_s });
  }

  #setBatch(input: HTMLInputElement): void {
    const text = input.value.trim();
    const value = text === '' ? null : wholeNumber.parse(text);
    const wrong = value === undefined || (value !== null && value < 1);
    input.setAttribute('aria-invalid', String(wrong));
    if (wrong) this.lab.messages.error(COST.wholeNumber(COST.batch, text));
    else this.batch = value;
  }

  /** Asks the engine again when the question has changed. */
  async #ask(): Promise<void> {
    const experiment = this.#experiment;
    if (!experiment) return;
    const step = this.#step;
    const question = {
      device_cores: navigator.hardwareConcurrency,
      ...this.#known(experiment),
      ...this.numbers,
      ...(step && { ms_per_step: step.msPerStep, ms_error: step.errorMs }),
      // The measured step is extrapolated by its own batch.
      ...(this.batch !== null ? { batch: this.batch } : step && !this.#trainable ? { batch: SMALL_BATCH } : {}),
    };
    const asked = JSON.stringify([experiment, question]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    try {
      const cost = await this.lab.worker.cost(experiment, question);
      // Answers to earlier questions are ignored.
      if (asked === this.#asked) [this.cost, this.error] = [cost, null];
    } catch (error) {
      if (asked === this.#asked) this.error = sentence(error);
    }
  }
}

/** Drops undefined members, which the engine does not accept. */
function defined(question: { [K in keyof CostQuestion]: CostQuestion[K] | undefined }): CostQuestion {
  return Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
}
