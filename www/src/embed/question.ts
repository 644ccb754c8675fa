/** Asks whether a document may be loaded from another site, which thereby learns of this visit. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { quoted } from '../base/format';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tokens } from '../ui/styles/tokens';
import { EMBED } from './text';

@customElement('lab-question')
export class LabQuestion extends LitElement {
  @property() what: 'experiment' | 'lesson' = 'experiment';
  @property() address = '';
  @property({ attribute: false }) answer: (agreed: boolean) => void = () => undefined;

  static override styles = [
    tokens,
    base,
    controls,
    css`
      p {
        overflow-wrap: anywhere;
      }
      .row {
        margin-top: 0.6rem;
      }
    `,
  ];

  override render() {
    const { question } = EMBED;
    return html`<section class="card" role="group" aria-labelledby="title">
      <strong id="title">${question.title(this.what, new URL(this.address).host)}</strong>
      <p>${question[this.what]}</p>
      <p class="small"><code>${quoted(this.address, 300)}</code></p>
      <div class="row">
        <button class="primary" @click=${() => this.answer(true)}>${question.yes}</button>
        <button @click=${() => this.answer(false)}>${question.no}</button>
      </div>
    </section>`;
  }
}
