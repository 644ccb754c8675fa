/** The tabs of the views: a row of groups, and below it a row of the group's views. */
import { css } from 'lit';

export const tabStyles = css`
  .views {
    display: grid;
    gap: 0.45rem;
  }
  [role='tablist'] {
    display: flex;
    gap: 0.25rem;
  }
  [role='tab'] {
    border: 0;
    border-bottom: 3px solid transparent;
    border-radius: 6px 6px 0 0;
    background: none;
    color: var(--ink-soft);
  }
  [role='tab'][aria-selected='true'] {
    color: var(--ink);
    border-bottom-color: var(--accent);
  }
  [role='tab']:focus-visible {
    outline-offset: -3px;
  }
  .groups {
    border-bottom: 1px solid var(--line);
  }
  .groups [aria-selected='true'] .icon {
    color: var(--accent);
  }
  .group-views [role='tab'] {
    min-height: 2rem;
    padding: 0.15rem 0.8rem;
    border: 1px solid transparent;
    border-radius: 99px;
    font-size: 0.92rem;
  }
  .group-views [role='tab'][aria-selected='true'] {
    border-color: var(--line-strong);
    background: var(--panel);
  }
  /* On a phone the groups share the width, with their icons above their names, so that none is out of sight. */
  @container (max-width: 40rem) {
    .groups {
      display: grid;
      grid-template-columns: repeat(4, auto) 6rem;
      gap: 0;
    }
    .groups [role='tab'] {
      flex-direction: column;
      justify-content: flex-start;
      gap: 0.15rem;
      padding: 0.35rem 0.1rem;
      font-size: 0.8rem;
      line-height: 1.2;
    }
    .groups .icon {
      width: 1.3rem;
      height: 1.3rem;
    }
  }
`;
