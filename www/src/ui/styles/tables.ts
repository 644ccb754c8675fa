/** Tables of figures. */
import { css } from 'lit';

/** What is wider than its box scrolls; a shadow at an edge is the sign that there is more beyond it. */
export const scrolling = css`
  .scroll {
    overflow-x: auto;
    margin-inline: -0.25rem;
    padding-inline: 0.25rem;
    background:
      linear-gradient(to right, var(--panel) 30%, transparent) left / 2.5rem 100% no-repeat local,
      linear-gradient(to left, var(--panel) 30%, transparent) right / 2.5rem 100% no-repeat local,
      linear-gradient(to right, var(--line-strong), transparent) left / 0.7rem 100% no-repeat scroll,
      linear-gradient(to left, var(--line-strong), transparent) right / 0.7rem 100% no-repeat scroll;
  }
`;

export const tables = css`
  ${scrolling}
  /* A long table scrolls in its own box, with a fixed head. */
  .tall {
    max-height: var(--tall, 26rem);
    overflow: auto;
  }
  .tall thead th {
    position: sticky;
    top: 0;
    background: var(--panel);
  }
  td code {
    font-size: 0.92em;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.4rem 0.6rem;
    text-align: end;
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
    text-align: start;
  }
  tbody th {
    font-weight: 550;
  }
  @container (max-width: 34rem) {
    table {
      font-size: 0.87rem;
    }
    th,
    td {
      padding-inline: 0.25rem;
    }
    thead th {
      white-space: normal;
      vertical-align: bottom;
    }
  }
`;
