/** Three estimates of time: instructions ÷ clock with the student's numbers, measured here and extrapolated, and the roofline. */

import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Cost, CostQuestion, Experiment } from '../base/engine';
import { integer, percent, rate } from '../base/format';
import { phrase } from '../base/localized';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { ENGINES } from '../ui/text';
import type { DeviceRates, StepTime } from '../worker/measure';
import type { Measured } from './measured';
import { PROFILES } from './profiles';
import { COST } from './text';

type Field = keyof typeof COST.fields;

@customElement('lab-cost-time')
export class LabCostTime extends LabElement {
  @property({ attribute: false }) cost!: Cost;
  /** The experiment, with the batch size that is measured. */
  @property({ attribute: false }) experiment: Experiment | null = null;
  @property({ type: Boolean }) trainable = true;
  /** The student's numbers; the `numbers` event changes them. */
  @property({ attribute: false }) numbers: CostQuestion = {};
  /** The measured step of this experiment; the `measured` event brings one. */
  @property({ attribute: false }) step: StepTime | null = null;
  /** The device whose numbers are filled in. */
  @state() private profile = '';
  @state() private measuring = false;
  @state() private rates: DeviceRates | null = null;

  static override styles = [
    base,
    controls,
    css`
      .ways {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14.5rem), 1fr));
        gap: 1.4rem 1.6rem;
      }
      section section {
        display: grid;
        gap: 0.6rem;
        align-content: start;
      }
      .fields {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.5rem 0.7rem;
      }
      dl {
        display: grid;
        gap: 0.35rem;
      }
      dl div {
        display: flex;
        justify-content: space-between;
        gap: 0.2rem 1rem;
        border-bottom: 1px solid var(--line);
        padding-bottom: 0.3rem;
      }
      dt {
        color: var(--ink-soft);
      }
      dd {
        flex: none;
        max-width: 60%;
        font-weight: 600;
        text-align: end;
      }
      dd small {
        display: block;
        font-weight: 400;
        color: var(--ink-soft);
      }
    `,
  ];

  override render() {
    return html`<section class="card">
      <header><h2>${COST.time}</h2></header>
      <div class="ways">${this.#clock()} ${this.#measured()} ${this.#roofline()}</div>
    </section>`;
  }

  #clock() {
    const { by_clock } = this.cost.time;
    const { duration: time } = this.lab.texts;
    const { images, epochs } = this.cost.sheet;
    const shown: Record<Field, number | null | undefined> = { clock_ghz: 3, cores: 1, images, epochs };
    return html`<section>
      <h3>${COST.clock}</h3>
      <p class="small soft">${COST.clockHint}</p>
      <label>
        <span>${COST.profile}</span>
        <select @change=${(event: Event) => this.#useProfile((event.target as HTMLSelectElement).value)}>
          <option value="">${COST.profileOwn}</option>
          ${Object.entries(PROFILES).map(([id, { name }]) => html`<option value=${id} .selected=${id === this.profile}>${phrase(name)}</option>`)}
        </select>
      </label>
      ${this.#profileText()}
      <div class="fields">
        ${(Object.keys(COST.fields) as Field[]).map(
          (name) => html`<label>
            <span>${COST.fields[name]}</span>
            <input
              name=${name}
              inputmode=${name === 'clock_ghz' ? 'decimal' : 'numeric'}
              autocomplete="off"
              placeholder=${shown[name] ?? ''}
              .value=${String(this.numbers[name] ?? '')}
              @change=${(event: Event) => this.#enter(name, event.target as HTMLInputElement)}
            />
          </label>`,
        )}
      </div>
      ${
        by_clock
          ? list([
              [COST.perImage, time(by_clock.seconds_per_image)],
              [COST.forward, time(by_clock.forward_seconds)],
              [COST.both, time(by_clock.training_seconds)],
            ])
          : html`<p class="small">${COST.imagesMissing}</p>`
      }
    </section>`;
  }

  #measured() {
    const { measured } = this.cost.time;
    const why = this.#cannot();
    return html`<section>
      <h3>${COST.measured}</h3>
      <p class="small soft">${this.trainable ? COST.measuredHint : COST.measuredNoise(this.experiment?.batch_size ?? 1)}</p>
      <div>
        <button ?disabled=${this.measuring || why !== null} @click=${this.#measure}>
          ${this.measuring ? COST.measuring : COST.measure}
        </button>
      </div>
      ${why ? html`<p class="small">${why}</p>` : nothing}
      ${
        measured
          ? list([
              [
                COST.step(measured.measured.batch),
                this.#plusMinus(measured.measured.ms_per_step / 1e3, measured.measured.error_ms / 1e3),
              ],
              [COST.epoch(measured.steps_per_epoch), this.#plusMinus(measured.epoch_seconds, measured.epoch_error)],
              [COST.run, this.#plusMinus(measured.run_seconds, measured.run_error)],
              ...(this.step ? ([[COST.on, engineText(this.step)]] as [string, string][]) : []),
            ])
          : nothing
      }
    </section>`;
  }

  #roofline() {
    const { roofline, measured } = this.cost.time;
    if (!roofline) {
      return html`<section>
        <h3>${COST.roofline}</h3>
        <p class="small soft">${COST.rooflineHint}</p>
        ${
          // If the network can be measured, the button of the second estimate measures both; otherwise only the device's rates
          // are needed.
          this.#cannot() !== null && !this.lab.run.active
            ? html`<div>
                <button ?disabled=${this.measuring} @click=${this.#measure}>
                  ${this.measuring ? COST.measuring : COST.measure}
                </button>
              </div>`
            : nothing
        }
      </section>`;
    }
    const { rates, ridge, layers, ms_per_step } = roofline;
    const { duration: time } = this.lab.texts;
    const { training, images, epochs } = this.cost.sheet;
    const count = this.numbers.images ?? images;
    const steps = count === null ? null : Math.ceil(count / training.batch) * (this.numbers.epochs ?? epochs);
    const waiting = layers.filter((layer) => layer.memory_bound).length;
    const rows: [string, string, string?][] = [
      [COST.rates, COST.rate(rate(rates.gflops), rate(rates.gb_per_s)), COST.rateHint],
      [COST.ridge, rate(ridge)],
      [COST.best(training.batch), time(ms_per_step / 1e3)],
    ];
    if (steps !== null) rows.push([COST.bestRun, time((ms_per_step * steps) / 1e3)]);
    rows.push([COST.waiting, COST.of(integer(waiting), integer(layers.length))]);
    if (measured) rows.push([COST.reached, percent(ms_per_step / measured.measured.ms_per_step, 0)]);
    return html`<section>
      <h3>${COST.roofline}</h3>
      <p class="small soft">${COST.rooflineHint}</p>
      ${list(rows)}
    </section>`;
  }

  #useProfile(id: string): void {
    this.profile = id;
    const found = PROFILES[id];
    if (found) this.#ask({ clock_ghz: found.clockGhz, cores: found.cores() });
  }

  /** What the clock's rate means on the device, and whether a training step fits into its memory. */
  #profileText() {
    const found = PROFILES[this.profile];
    if (!found) return nothing;
    const { total, batch } = this.cost.sheet.training;
    const { bytes } = this.lab.texts;
    const memory =
      found.memoryGb === null ? '' : COST.memoryOf(bytes(total), integer(batch), total > found.memoryGb * 1e9);
    return html`<p class="small soft">${phrase(found.about)} ${memory}</p>`;
  }

  /** Why the network cannot be measured now; null if it can. */
  #cannot(): string | null {
    return this.lab.run.active ? COST.busy : null;
  }

  readonly #measure = async (): Promise<void> => {
    const { worker, settings, boot, messages } = this.lab;
    // Another network or batch may be chosen while this one is measured.
    const { experiment } = this;
    this.measuring = true;
    try {
      const step = experiment && (await worker.measureStep(experiment, settings.engine));
      if (step) this.dispatchEvent(new CustomEvent<Measured>('measured', { detail: { experiment, step } }));
      const software = boot?.gpu.state === 'ready' && boot.gpu.software;
      const engine = step?.engine ?? (settings.engine === 'gpu' ? 'gpu' : 'cpu');
      if (this.rates?.engine !== engine) this.rates = await worker.measureRates(engine, software);
      this.#ask({ gflops: this.rates.gflops, gb_per_s: this.rates.gbPerS });
    } catch (error) {
      messages.failure(error);
    }
    this.measuring = false;
  };

  #enter(name: Field, input: HTMLInputElement): void {
    const text = input.value.trim();
    const value = Number(text);
    const whole = name !== 'clock_ghz';
    const wrong = text !== '' && !(value > 0 && Number.isFinite(value) && (!whole || Number.isSafeInteger(value)));
    input.setAttribute('aria-invalid', String(wrong));
    const label = COST.fields[name];
    if (wrong) this.lab.messages.error(whole ? COST.wholeNumber(label, text) : COST.number(label, text));
    else this.#ask(text === '' ? { [name]: undefined } : { [name]: value });
  }

  #plusMinus(seconds: number, error: number): string {
    const { duration } = this.lab.texts;
    return COST.plusMinus(duration(seconds), duration(error));
  }

  #ask(numbers: { [K in keyof CostQuestion]: CostQuestion[K] | undefined }): void {
    this.dispatchEvent(new CustomEvent('numbers', { detail: numbers }));
  }
}

const list = (rows: [name: string, value: string, hint?: string][]) => html`<dl class="number">
  ${rows.map(
    ([name, value, hint]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}${hint ? html`<small>${hint}</small>` : nothing}</dd>
      </div>`,
  )}
</dl>`;

const engineText = ({ engine, device }: StepTime): string => `${ENGINES[engine]}: ${device}`;
