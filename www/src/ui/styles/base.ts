/** Styles shared by all elements: boxes, headings, text, badges. */
import { css } from 'lit';

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  [hidden],
  :host([hidden]) {
    display: none !important;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
  }
  h2,
  h3 {
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.25;
  }
  h2,
  h3 {
    font-size: 1rem;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  code,
  pre {
    font-family: var(--mono);
    font-size: 0.87em;
  }
  /* Drawings, code and formulas run to the right in every language. */
  svg,
  pre,
  code {
    direction: ltr;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .card {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: 1.1rem 1.25rem 1.25rem;
    min-width: 0;
  }
  .card > header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    margin-bottom: 0.8rem;
  }
  .stack {
    display: grid;
    gap: 1.1rem;
    grid-template-columns: minmax(0, 1fr);
  }
  /* As many columns of cards as fit. */
  .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, var(--column, 21rem)), 1fr));
    gap: 1.1rem;
    align-items: start;
  }
  .columns > * {
    min-width: 0;
  }
  /* Terms and their values, one pair per line. */
  dl.terms {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0.3rem 1rem;
  }
  dl.terms dt {
    color: var(--ink-soft);
  }
  dl.terms dd {
    overflow-wrap: anywhere;
  }
  .verdict {
    margin-bottom: 0.7rem;
    font-weight: 600;
  }
  .error {
    color: var(--danger);
    overflow-wrap: anywhere;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    font-size: 0.78rem;
    color: var(--ink-soft);
  }
  summary {
    cursor: pointer;
    color: var(--accent);
    font-weight: 550;
    font-size: 0.92rem;
    border-radius: 4px;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: 0.87rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .badge {
    display: inline-block;
    padding: 0.05rem 0.5rem;
    border-radius: 99px;
    background: var(--accent-soft);
    color: var(--accent);
    font-size: 0.78rem;
    font-weight: 600;
    line-height: 1.5;
  }
  .badge.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }
  .empty {
    display: grid;
    justify-items: center;
    gap: 0.35rem;
    padding: 2.5rem 1rem;
    text-align: center;
    color: var(--ink-soft);
  }
  .empty strong {
    color: var(--ink);
    font-size: 1.05rem;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (max-width: 34rem) {
    .card {
      padding: 0.9rem 0.9rem 1rem;
    }
    dl.terms {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dl.terms dd {
      margin-bottom: 0.4rem;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;
