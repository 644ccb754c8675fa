/** The question before another experiment takes the place of changes that are not saved. */
import { css, html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { OWN } from '../lab/text';
import { LabElement } from './lab-element';
import { base } from './styles/base';
import { controls } from './styles/controls';

@customElement('lab-unsaved-question')
export class LabUnsavedQuestion extends LabElement {
  @query('dialog') private dialog!: HTMLDialogElement;
  #leave: (() => void) | null = null;

  static override styles = [
    base,
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.35rem;
      }
      dialog {
        max-width: min(30rem, calc(100vw - 2rem));
        padding: 1.2rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--panel);
        color: var(--ink);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      p {
        margin: 0.6rem 0 1rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.lab.experiments.asks();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override updated(): void {
    const isWaiting = this.lab.experiments.waiting !== null;
    if (isWaiting && !this.dialog.open) this.dialog.showModal();
    if (!isWaiting && this.dialog.open) this.dialog.close();
  }

  override render() {
    const { experiments, title } = this.lab;
    return html`<dialog aria-labelledby="ask" @cancel=${this.#cancelled}>
      <h2 id="ask">${OWN.ask(title)}</h2>
      <p>${OWN.askText}</p>
      <div class="row">
        <button class="primary" @click=${() => experiments.answer('save')}>${OWN.saveFirst}</button>
        <button @click=${() => experiments.answer('discard')}>${OWN.discard}</button>
        <button @click=${() => experiments.answer('cancel')}>${OWN.cancel}</button>
      </div>
    </dialog>`;
  }

  /** The Escape key. */
  readonly #cancelled = (event: Event): void => {
    event.preventDefault();
    void this.lab.experiments.answer('cancel');
  };
}
