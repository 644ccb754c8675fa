/** How a verdict looks: a word in a frame, so that it does not depend on colours. */
import { css } from 'lit';

export const verdictStyles = css`
  .verdict {
    display: inline-block;
    padding: 0 0.5rem;
    border: 1px solid currentColor;
    border-radius: 1rem;
    font-size: 0.87rem;
    font-weight: 600;
  }
  .verdict.confirmed {
    color: light-dark(#14662b, #6fd08c);
  }
  .verdict.plausible {
    color: light-dark(#6a5200, #e0c060);
  }
  .verdict.refuted {
    color: light-dark(#a3182b, #ff9aa5);
  }
  .verdict.unreadable {
    color: var(--ink-soft);
  }
`;
