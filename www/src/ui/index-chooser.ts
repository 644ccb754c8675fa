/** Chooses an image of a set by its index: first, previous, a number, next, random. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { wholeNumber } from '../base/settings';
import { BoundedElement } from './bounded';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { CHOOSER } from './text';

@customElement('lab-index-chooser')
export class LabIndexChooser extends BoundedElement {
  /** The current index; null for an image that is not from the set. */
  @property({ attribute: false }) index: number | null = null;
  @property({ type: Number }) last = 0;
  @property() label = '';

  static override styles = [
    base,
    controls,
    css`
      input {
        width: 4rem;
        min-height: 2rem;
      }
      @container (max-width: 30rem) {
        .row {
          gap: 0.3rem;
        }
        button.small {
          padding-inline: 0.4rem;
        }
        input {
          width: 3rem;
        }
      }
    `,
  ];

  override render() {
    const { index, last } = this;
    const button = (text: string, to: number, disabled = false) =>
      html`<button class="small" ?disabled=${disabled} @click=${() => this.#choose(to)}>${text}</button>`;
    return html`<div class="row">
      ${button(CHOOSER.first, 0)} ${button(CHOOSER.previous, (index ?? 0) - 1, index === 0)}
      <input
        inputmode="numeric"
        aria-label=${this.label}
        .value=${index === null ? '' : String(index)}
        @change=${(event: Event) => {
          const to = wholeNumber.parse((event.target as HTMLInputElement).value);
          if (to === undefined) this.requestUpdate();
          else this.#choose(to);
        }}
      />
      ${button(CHOOSER.next, (index ?? -1) + 1, index === last)}
      ${button(CHOOSER.random, Math.floor(Math.random() * (last + 1)))}
    </div>`;
  }

  #choose(to: number): void {
    const detail = Math.min(this.last, Math.max(0, to));
    this.dispatchEvent(new CustomEvent<number>('choose', { detail }));
  }
}
