/**
 * The student guesses the test accuracy before the run buttons appear; afterwards the guess and the result are shown together.
 */

import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { percent } from '../base/format';
import { COUNTED } from '../base/text';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { EMBED } from './text';

/** A guess within this many percentage points is very close. */
const CLOSE = 0.03;

@customElement('lab-guess')
export class LabGuess extends LabElement {
  @property({ attribute: false }) guessed: number | null = null;
  @state() private problem = '';

  static override styles = [
    base,
    controls,
    css`
      label {
        width: 10rem;
      }
      .error {
        flex-basis: 100%;
      }
      .outcome {
        display: grid;
        gap: 0.15rem;
      }
      .bars {
        position: relative;
        height: 1.6rem;
        margin-top: 0.5rem;
        border-radius: 6px;
        background: var(--sunken);
      }
      .bars svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .reached {
        fill: var(--train);
      }
      .line {
        stroke: var(--validation);
        stroke-width: 3;
      }
    `,
  ];

  override render() {
    const { guessed } = this;
    return html`<div class="card">${guessed === null ? this.#ask() : this.#tell(guessed)}</div>`;
  }

  #ask() {
    const epochs = COUNTED.epochs(this.lab.experiment?.epochs ?? 1);
    return html`
      <strong>${EMBED.guess.title}</strong>
      <p>${EMBED.guess.ask(epochs)}</p>
      <form class="ask" novalidate @submit=${this.#commit}>
        <label>
          <span>${EMBED.guess.label}</span>
          <input
            name="guess"
            inputmode="decimal"
            autocomplete="off"
            aria-invalid=${this.problem ? 'true' : 'false'}
            aria-describedby="problem"
          />
        </label>
        <button class="primary">${EMBED.guess.commit}</button>
        <span id="problem" class="error small" role="alert" ?hidden=${!this.problem}>${this.problem}</span>
      </form>
    `;
  }

  #tell(guessed: number) {
    const { result, state: running } = this.lab.run;
    if (!result || running !== 'done') return html`<p>${EMBED.guess.made(percent(guessed, 0))}</p>`;
    const off = result.accuracy - guessed;
    const words = EMBED.guess;
    const verdict = Math.abs(off) <= CLOSE ? words.close : off < 0 ? words.over : words.under;
    const text = words.result(percent(guessed, 0), percent(result.accuracy), (Math.abs(off) * 100).toFixed(1));
    return html`
      <div class="outcome" role="status">
        <strong>${verdict}</strong>
        <span>${text}</span>
      </div>
      <div class="bars" aria-hidden="true">
        <svg viewBox="0 0 100 10" preserveAspectRatio="none">
          <rect class="reached" width=${result.accuracy * 100} height="10" rx="1" />
          <line class="line" x1=${guessed * 100} x2=${guessed * 100} y1="-1" y2="11" vector-effect="non-scaling-stroke" />
        </svg>
      </div>
    `;
  }

  readonly #commit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('guess') ?? '').trim();
    const value = Number(text.replace('%', '').replace(',', '.'));
    if (text === '' || !(value >= 0 && value <= 100)) {
      this.problem = EMBED.guess.invalid;
      return;
    }
    this.problem = '';
    this.dispatchEvent(new CustomEvent<number>('guess', { detail: value / 100, bubbles: true, composed: true }));
  };
}
