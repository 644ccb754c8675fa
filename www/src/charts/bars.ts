/** Horizontal bars with names and figures, for example probabilities: a list that is complete without the bars. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';

export interface Bar {
  name: string;
  share: number;
  text: string;
  mark?: 'right' | 'wrong';
}

@customElement('lab-bars')
export class LabBars extends BoundedElement {
  @property({ attribute: false }) bars: Bar[] = [];
  @property() label = '';

  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        padding: 0;
        display: grid;
        grid-template-columns: minmax(0, max-content) minmax(3rem, 1fr) max-content;
        gap: 0.3rem 0.7rem;
        align-items: center;
        font-size: 0.9rem;
      }
      li {
        display: contents;
      }
      .name {
        overflow-wrap: anywhere;
        max-width: 11rem;
      }
      svg {
        display: block;
        width: 100%;
        height: 0.85rem;
        border-radius: 4px;
        background: var(--sunken);
      }
      rect {
        fill: var(--line-strong);
      }
      .right rect {
        fill: var(--good);
      }
      .wrong rect {
        fill: var(--danger);
      }
      .right .name,
      .wrong .name {
        font-weight: 650;
      }
    `,
  ];

  override render() {
    return html`<ul aria-label=${this.label}>
      ${this.bars.map(
        ({ name, share, text, mark }) => html`<li class=${mark ?? ''}>
          <span class="name" title=${name}>${name}</span>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            <rect width=${widthOf(share)} height="1" />
          </svg>
          <span class="number">${text}</span>
        </li>`,
      )}
    </ul>`;
  }
}

/** In percent; a share above zero can be seen, and one that is not a number has no width. */
function widthOf(share: number): number {
  return share > 0 ? Math.min(100, Math.max(0.6, share * 100)) : 0;
}
