/** Changes the learning rate during a run, and lists the changes so far. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { integer, small } from '../base/format';
import { LOCKED } from '../lab/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { CONTROLS } from './text';

@customElement('lab-run-controls')
export class LabRunControls extends LabElement {
  /** The text being typed; null while the field shows the run's learning rate. */
  @state() private draft: string | null = null;

  static override styles = [
    base,
    controls,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.6rem;
        padding: 0.7rem 1.25rem;
      }
      label {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 0.2rem 0.7rem;
      }
      label > span {
        margin: 0;
      }
      input {
        width: 7rem;
        min-height: 2rem;
        font-variant-numeric: tabular-nums;
      }
      ol {
        flex-basis: 100%;
        padding-inline-start: 1.2rem;
        font-size: 0.87rem;
        color: var(--ink-soft);
      }
      @container (max-width: 34rem) {
        form {
          padding: 0.7rem 0.9rem;
        }
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    return html`<form class="card" @submit=${this.#submit}>
      ${this.#rate()}
      ${
        run.changes.length > 0
          ? html`<ol aria-label=${CONTROLS.changes}>
              ${run.changes.map(
                ({ learning_rate, epoch, step }) =>
                  html`<li>${CONTROLS.changed(small(learning_rate), integer(epoch), integer(step + 1))}</li>`,
              )}
            </ol>`
          : nothing
      }
    </form>`;
  }

  #rate() {
    const { run, locked } = this.lab;
    if (!run.active) return nothing;
    return locked ? html`<p class="small soft">${LOCKED.rate}</p>` : this.#field(run.step?.learning_rate ?? null);
  }

  #field(rate: number | null) {
    return html`
      <label>
        <span>${CONTROLS.rate}</span>
        <input
          inputmode="decimal"
          autocomplete="off"
          .value=${this.draft ?? (rate === null ? '' : small(rate))}
          @input=${(event: Event) => (this.draft = (event.target as HTMLInputElement).value)}
        />
      </label>
      <button class="small" ?disabled=${this.draft === null}>${CONTROLS.rateSet}</button>
      ${Object.entries(CONTROLS.scale).map(
        ([name, factor]) => html`<button
          type="button"
          class="small"
          ?disabled=${rate === null}
          @click=${() => this.#set((rate ?? 0) * factor)}
        >
          ${name}
        </button>`,
      )}
      ${
        this.lab.run.experiment?.learning_rate_schedule
          ? html`<span class="small soft">${CONTROLS.scheduled}</span>`
          : nothing
      }
    `;
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const text = (this.draft ?? '').trim();
    const rate = Number(text);
    if (text === '' || !(rate > 0) || !Number.isFinite(rate)) this.lab.messages.error(CONTROLS.rateInvalid(text));
    else this.#set(rate);
  };

  #set(rate: number): void {
    this.draft = null;
    void this.lab.run.setLearningRate(Number(rate.toPrecision(6)));
  }
}
