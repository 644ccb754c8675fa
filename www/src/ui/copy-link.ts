/** Copies the page's address, which has all settings of the lab. */
import { css, html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { icons } from './icons';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { LINK } from './text';

const SHOWN_MS = 2000;

@customElement('lab-copy-link')
export class LabCopyLink extends LitElement {
  @state() private copied = false;

  static override styles = [
    base,
    controls,
    css`
      button {
        white-space: nowrap;
      }
      @container (max-width: 40rem) {
        .word {
          display: none;
        }
      }
    `,
  ];

  override render() {
    return html`<button class="small" title=${LINK.hint} aria-label=${LINK.copy} @click=${this.#copy}>
      ${this.copied ? icons.check : icons.link}<span class="word" aria-live="polite"
        >${this.copied ? LINK.copied : LINK.copy}</span
      >
    </button>`;
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href);
      this.copied = true;
      setTimeout(() => (this.copied = false), SHOWN_MS);
    } catch {
      // Without a clipboard (for example on an insecure page) the address can be copied by hand.
      this.dispatchEvent(new CustomEvent<string>('uncopied', { detail: LINK.failed(location.href) }));
    }
  };
}
