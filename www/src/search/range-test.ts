/** The learning-rate range test: its numbers, the curve, and the proposed rate. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type ChartData, EMPTY } from '../charts/curve';
import '../charts/line-chart';
import { loss, small } from '../base/format';
import { CURVES } from '../charts/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { callback } from '../worker/client';
import type { Range, RangeCurve } from '../worker/range';
import { SEARCH } from './text';
import { Trainer } from './trainer';

const TEXT = SEARCH.range;

@customElement('lab-range-test')
export class LabRangeTest extends LabElement {
  @state() private range: Range = { low: 1e-5, high: 1, steps: 100 };
  @state() private busy = false;
  @state() private curve: RangeCurve | null = null;
  #data: ChartData = EMPTY;
  #drawn: RangeCurve | null = null;

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.8rem;
      }
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr));
        gap: 0.6rem 0.8rem;
        align-items: end;
      }
    `,
  ];

  override render() {
    const { curve } = this;
    return html`<section class="card">
      <header><h2>${TEXT.title}</h2></header>
      <p class="small soft">${TEXT.hint}</p>
      <form @submit=${this.#start}>
        ${(['low', 'high', 'steps'] as const).map(
          (name) => html`<label>
            <span>${TEXT[name]}</span>
            <input
              name=${name}
              inputmode="decimal"
              autocomplete="off"
              .value=${String(this.range[name])}
              @change=${(event: Event) => this.#enter(name, event.target as HTMLInputElement)}
            />
          </label>`,
        )}
        <button ?disabled=${this.busy}>${this.busy ? TEXT.testing : TEXT.start}</button>
      </form>
      ${
        curve
          ? html`<lab-line-chart
                heading=${TEXT.axis}
                theme=${this.lab.theme}
                label=${TEXT.chart}
                .format=${(value: number) => loss(value)}
                .at=${(x: number) => CURVES.atRate(small(10 ** x))}
                .data=${this.#chart(curve)}
              ></lab-line-chart>
              ${this.#proposal(curve)}`
          : nothing
      }
    </section>`;
  }

  #proposal({ found }: RangeCurve) {
    if (this.busy) return nothing;
    const { proposed } = found;
    if (proposed === null) return html`<p role="status">${TEXT.none}</p>`;
    const rate = String(proposed);
    return html`<div class="row">
      <p role="status">${TEXT.proposed(rate)}</p>
      <button @click=${() => this.#use(proposed)}>${TEXT.use(rate)}</button>
    </div>`;
  }

  #use(rate: number): void {
    this.lab.model.change((now) => ({ ...now, optimizer: { ...now.optimizer, learning_rate: rate } }));
  }

  #chart(curve: RangeCurve): ChartData {
    if (this.#drawn === curve) return this.#data;
    this.#drawn = curve;
    const { rates, losses, found } = curve;
    // Losses of the explosion would flatten the rest.
    const most = 2 * Math.max(...found.smoothed);
    this.#data = {
      x: losses.map((_, i) => Math.log10(rates[i] ?? 1)),
      curves: [
        {
          name: TEXT.loss,
          color: '--train',
          faint: true,
          values: losses.map((value) => (value <= most ? value : null)),
        },
        { name: TEXT.smoothed, color: '--train', values: losses.map((_, i) => found.smoothed[i] ?? null) },
      ],
      marks:
        found.proposed === null
          ? []
          : [{ x: Math.log10(found.proposed), text: String(found.proposed), color: '--validation' }],
    };
    return this.#data;
  }

  #enter(name: keyof Range, input: HTMLInputElement): void {
    const value = Number(input.value.trim());
    const wrong = !(value > 0 && Number.isFinite(value) && (name !== 'steps' || Number.isInteger(value)));
    input.setAttribute('aria-invalid', String(wrong));
    if (wrong) this.lab.messages.error(TEXT.number(TEXT[name], input.value));
    else this.range = { ...this.range, [name]: value };
  }

  readonly #start = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { lab } = this;
    if (lab.run.active) return lab.messages.error(SEARCH.busy);
    const trainer = new Trainer(lab, () => lab.messages.error(SEARCH.crash));
    this.busy = true;
    try {
      const experiment = await lab.prepare();
      if (!experiment) return;
      const client = await trainer.with(experiment);
      const show = callback((curve: RangeCurve) => {
        this.curve = curve;
      });
      this.curve = await client.rangeTest(experiment, this.range, show);
    } catch (error) {
      lab.messages.failure(error);
    } finally {
      trainer.close();
      this.busy = false;
    }
  };
}
