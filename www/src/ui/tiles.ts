/** A row of figures. */
import { css, html, nothing, type TemplateResult } from 'lit';

export interface Tile {
  name: string;
  value: string;
  kind?: 'train' | 'validation';
  /** Shown below in small type. */
  note?: string;
}

export const tiles = (list: Tile[]): TemplateResult => html`
  <dl class="tiles">
    ${list.map(
      ({ name, value, kind, note }) => html`<div class="tile ${kind ?? ''}">
        <dt>${name}</dt>
        <dd class="number">${value}</dd>
        ${note ? html`<dd class="note number">${note}</dd>` : nothing}
      </div>`,
    )}
  </dl>
`;

export const tileStyles = css`
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr));
    gap: 0.7rem;
  }
  /* Many figures wrap into rows of the same length. */
  @container (max-width: 50rem) {
    .tiles:has(> :nth-child(5)) {
      grid-template-columns: repeat(3, minmax(0, 1fr));
    }
  }
  .tile {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: 0.65rem 0.9rem 0.7rem;
    border-top: 3px solid var(--line);
  }
  .tile.train {
    border-top-color: var(--train);
  }
  .tile.validation {
    border-top-color: var(--validation);
  }
  .tile dt {
    font-size: 0.8rem;
    color: var(--ink-soft);
    overflow-wrap: anywhere;
  }
  .tile .note {
    font-size: 0.8rem;
    font-weight: 400;
    letter-spacing: 0;
    color: var(--ink-soft);
  }
  .tile dd:not(.note) {
    font-size: 1.32rem;
    font-weight: 650;
    letter-spacing: -0.02em;
    white-space: nowrap;
  }
  @container (max-width: 30rem) {
    .tiles:has(> :nth-child(3)):not(:has(> :nth-child(5))) {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    /* Smaller, so that the curves below are visible. */
    .tiles:has(> :nth-child(5)) {
      gap: 0.5rem;
    }
    .tile {
      padding: 0.45rem 0.6rem 0.5rem;
    }
    .tile dd:not(.note) {
      font-size: 1.15rem;
    }
    .tile:last-child:nth-child(odd) {
      grid-column: span 2;
    }
  }
`;
