/** What every part of the lab shares: boxes, headings, buttons, fields, tables. */
import { css } from 'lit';

export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
  }
  h2,
  h3,
  h4 {
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.25;
  }
  h2 {
    font-size: 1.2rem;
  }
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
  @media (max-width: 560px) {
    .card {
      padding: 0.9rem 0.9rem 1rem;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;

export const controls = css`
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45rem;
    min-height: 2.4rem;
    padding: 0.35rem 0.9rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--panel);
    font-weight: 550;
    cursor: pointer;
    transition:
      background 0.12s,
      border-color 0.12s;
  }
  button:hover:not(:disabled) {
    background: var(--sunken);
  }
  button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  button.primary {
    background: var(--accent);
    border-color: transparent;
    color: var(--on-accent);
  }
  button.primary:hover:not(:disabled) {
    background: var(--accent-hover);
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--accent);
    padding-inline: 0.5rem;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--accent-soft);
  }
  button.small {
    min-height: 2rem;
    padding: 0.15rem 0.65rem;
    font-size: 0.87rem;
  }
  svg.icon {
    width: 1.05em;
    height: 1.05em;
    flex: none;
    fill: currentColor;
  }
  textarea {
    font-family: var(--mono);
    font-size: 0.87rem;
  }
  input,
  select,
  textarea {
    width: 100%;
    min-height: 2.4rem;
    padding: 0.35rem 0.6rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--panel);
  }
  input::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  input[aria-invalid='true'] {
    border-color: var(--danger);
    outline-color: var(--danger);
  }
  label > span,
  .label {
    display: block;
    margin-bottom: 0.2rem;
    font-size: 0.87rem;
    color: var(--ink-soft);
  }
  .segmented {
    display: flex;
    padding: 3px;
    gap: 2px;
    border: 0;
    border-radius: 10px;
    background: var(--sunken);
    margin: 0;
    min-width: 0;
  }
  .segmented label {
    flex: 1;
    position: relative;
    text-align: center;
  }
  .segmented input {
    position: absolute;
    inset: 0;
    opacity: 0;
    min-height: 0;
    cursor: pointer;
  }
  .segmented label > span {
    margin: 0;
    padding: 0.3rem 0.6rem;
    border-radius: 7px;
    font-weight: 550;
    font-size: 0.92rem;
    white-space: nowrap;
  }
  .segmented input:checked + span {
    background: light-dark(#ffffff, #3d4c5c);
    color: var(--ink);
    box-shadow: 0 1px 3px light-dark(rgb(16 32 48 / 18%), rgb(0 0 0 / 50%));
  }
  .segmented input:focus-visible + span {
    outline: 3px solid var(--accent);
    outline-offset: 1px;
  }
  .segmented input:disabled + span {
    opacity: 0.5;
  }
  progress {
    appearance: none;
    display: block;
    width: 100%;
    height: 0.5rem;
    border: 0;
    border-radius: 99px;
    overflow: hidden;
    background: var(--sunken);
  }
  progress::-webkit-progress-bar {
    background: var(--sunken);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
    border-radius: 99px;
    transition: width 0.2s linear;
  }
  progress:indeterminate,
  progress:indeterminate::-webkit-progress-bar {
    background: linear-gradient(90deg, var(--sunken) 30%, var(--accent) 50%, var(--sunken) 70%) 0 0 / 300% 100%;
    animation: to-and-fro 1.6s linear infinite;
  }
  @keyframes to-and-fro {
    from {
      background-position: 100% 0;
    }
    to {
      background-position: -50% 0;
    }
  }
  progress::-moz-progress-bar {
    background: var(--accent);
    border-radius: 99px;
  }
`;

export const tables = css`
  .scroll {
    overflow-x: auto;
    margin-inline: -0.25rem;
    padding-inline: 0.25rem;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.4rem 0.6rem;
    text-align: right;
    white-space: nowrap;
    border-bottom: 1px solid var(--line);
  }
  thead th {
    color: var(--ink-soft);
    font-size: 0.82rem;
    font-weight: 600;
    border-bottom-color: var(--line-strong);
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  th:first-child,
  td:first-child,
  .text {
    text-align: left;
  }
  tbody th {
    font-weight: 550;
  }
  @media (max-width: 560px) {
    table {
      font-size: 0.87rem;
    }
    th,
    td {
      padding-inline: 0.32rem;
    }
  }
`;
