/** Shows errors and notices above the views. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Message } from '../lab/messages';
import { icons } from './icons';
import { LabElement } from './lab-element';
import { base } from './styles/base';
import { controls } from './styles/controls';
import { PAGE } from './text';

@customElement('lab-messages')
export class LabMessages extends LabElement {
  /** Shows only messages of this kind; '' for all. */
  @property() kind: Message['kind'] | '' = '';

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        max-height: 40vh;
        overflow-y: auto;
      }
      .message {
        display: flex;
        align-items: flex-start;
        gap: 0.7rem;
        padding: 0.6rem 0.6rem 0.6rem 1rem;
        border-radius: var(--radius);
        border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
        background: var(--warn-soft);
        color: var(--warn);
        animation: appear 0.18s ease-out;
      }
      .message.error {
        background: var(--danger-soft);
        color: var(--danger);
      }
      .message > svg {
        margin-top: 0.42rem;
      }
      .content {
        flex: 1;
        min-width: 0;
      }
      p {
        padding-block: 0.2rem;
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      table {
        margin-block: 0.3rem;
        color: var(--ink);
      }
      td {
        padding-inline-end: 1.2rem;
        overflow-wrap: anywhere;
      }
      .row {
        margin-block: 0.3rem;
      }
      .close {
        border-color: transparent;
        background: transparent;
        min-height: 1.9rem;
        padding: 0.2rem 0.45rem;
        color: inherit;
      }
      @keyframes appear {
        from {
          opacity: 0;
          transform: translateY(-4px);
        }
      }
    `,
  ];

  /** Hidden without a message, so that it takes no space. */
  override willUpdate(): void {
    this.hidden = this.#shown.length === 0;
  }

  get #shown(): Message[] {
    return this.lab.messages.list.filter(({ kind }) => this.kind === '' || kind === this.kind);
  }

  override render() {
    const { messages } = this.lab;
    return repeat(
      this.#shown,
      (message) => message.id,
      ({ id, kind, text, rows = [], actions = [] }) => html`
        <div class="message ${kind}" role=${kind === 'error' ? 'alert' : 'status'}>
          ${kind === 'error' ? icons.warn : icons.info}
          <div class="content">
            <p>${text}</p>
            ${rows.length > 0 ? html`<table class="small"><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>` : nothing}
            ${
              actions.length > 0
                ? html`<div class="row">
                    ${actions.map((action) => html`<button class="small" @click=${() => messages.dismiss(id, action)}>${action.label}</button>`)}
                  </div>`
                : nothing
            }
          </div>
          <button class="close" aria-label=${PAGE.dismiss} @click=${() => messages.dismiss(id)}>${icons.close}</button>
        </div>
      `,
    );
  }
}
