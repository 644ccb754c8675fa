/** A box for program code: its lines are not broken, and scroll. */
import { css } from 'lit';

export const codeArea = css`
  textarea {
    width: 100%;
    height: 14rem;
    resize: vertical;
    line-height: 1.45;
    white-space: pre;
    overflow: auto;
    tab-size: 4;
    background: var(--sunken);
  }
`;
