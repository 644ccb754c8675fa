/** Styles of the editor's list of layers: each row opens a form. */
import { css } from 'lit';

export const layerRows = css`
  /* The list of a deep network scrolls in its own box, beside the JSON. */
  ol {
    list-style: none;
    padding: 3px;
    margin: -3px;
    display: grid;
    gap: 0.35rem;
    max-height: 37rem;
    overflow-y: auto;
    align-content: start;
  }
  li {
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--panel);
    min-width: 0;
  }
  li.open {
    border-color: var(--accent);
  }
  li.wrong {
    border-color: var(--danger);
    background: var(--danger-soft);
  }
  li.dragged {
    opacity: 0.5;
  }
  li > .row {
    flex-wrap: nowrap;
    gap: 0;
  }
  .grip {
    padding: 0.3rem 0 0.3rem 0.5rem;
    color: var(--line-strong);
    cursor: grab;
    user-select: none;
  }
  .head {
    flex: 1;
    min-width: 0;
    justify-content: space-between;
    border: 0;
    background: none;
    text-align: start;
    font-weight: 400;
    gap: 0.6rem;
    padding-inline: 0.5rem 0.7rem;
  }
  .name {
    overflow-wrap: anywhere;
    min-width: 0;
  }
  .name b {
    font-weight: 600;
  }
  .figures {
    display: flex;
    gap: 0.7rem;
    font-size: 0.82rem;
    white-space: nowrap;
  }
  .figures .soft {
    min-width: 3.4rem;
    text-align: end;
  }
  .form {
    display: grid;
    gap: 0.7rem;
    padding: 0.4rem 0.8rem 0.9rem;
    border-top: 1px solid var(--line);
  }
  .error {
    padding: 0 0.8rem 0.6rem;
    font-size: 0.9rem;
  }
  .adder {
    display: flex;
    gap: 0.5rem;
    margin-top: 0.7rem;
  }
  .adder select {
    flex: 1;
    min-width: 0;
  }
  .adder button {
    white-space: nowrap;
  }
  @container (max-width: 34rem) {
    .grip {
      display: none;
    }
  }
`;
