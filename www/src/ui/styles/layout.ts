/** The layout of the whole lab: header, set-up at the side, main column. */
import { css } from 'lit';

export const layout = css`
  /* The layout follows the width of the lab, not of the page; that of a view follows the width of the main column. */
  :host {
    position: relative;
    container-type: inline-size;
    contain-intrinsic-inline-size: 48rem;
  }
  .skip {
    position: absolute;
    top: 0.5rem;
    inset-inline-start: 0.5rem;
    z-index: 10;
  }
  .skip:not(:focus-visible) {
    clip-path: inset(50%);
    pointer-events: none;
  }
  .top {
    display: flex;
    align-items: center;
    gap: 0.9rem;
    padding: 0.7rem clamp(0.9rem, 2.2cqw, 2rem);
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }
  h1 {
    margin: 0;
    display: flex;
    align-items: center;
    gap: 0.6rem;
    font-size: 1.2rem;
    font-weight: 700;
    letter-spacing: -0.02em;
  }
  h1 svg {
    width: 1.7rem;
    height: 1.7rem;
  }
  .tagline {
    flex: 1;
    overflow-wrap: anywhere;
  }
  nav {
    display: flex;
    gap: 1rem;
    white-space: nowrap;
    font-size: 0.92rem;
  }
  .body {
    display: grid;
    grid-template: auto 1fr / minmax(17.5rem, 21rem) minmax(0, 1fr);
    gap: 0.9rem 1.1rem;
    align-items: start;
    max-width: 112rem;
    margin: 0 auto;
    padding: 1.1rem clamp(0.9rem, 2.2cqw, 2rem) 3rem;
  }
  /* Without the set-up at the side. */
  .body:not(:has(> aside)) > * {
    grid-column: 1 / -1;
  }
  aside {
    grid-row: span 2;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.9rem;
    outline: none;
    container-type: inline-size;
  }
  /* Always visible, at any scroll position: the run bar and the errors. */
  .dock {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.5rem;
    position: sticky;
    top: 0.5rem;
    z-index: 5;
    container-type: inline-size;
  }
  .dock:not(:has(> :not([hidden]))) {
    display: none;
  }
  .of {
    margin-bottom: 0.9rem;
  }
  .overlay {
    position: absolute;
    inset: 0.75rem;
    z-index: 20;
    text-align: center;
    font-size: 1.3rem;
    border: 3px dashed var(--accent);
    border-radius: 18px;
    background: color-mix(in srgb, var(--bg) 88%, transparent);
    pointer-events: none;
  }
  .overlay > div {
    position: sticky;
    top: 40vh;
    display: grid;
    justify-items: center;
    gap: 0.6rem;
    padding-block: 2rem;
  }
  @container (max-width: 56rem) {
    .body {
      grid-template: none / minmax(0, 1fr);
    }
    aside {
      grid-row: auto;
    }
  }
  @container (max-width: 40rem) {
    .tagline {
      display: none;
    }
    .top {
      flex-wrap: wrap;
      gap: 0.5rem;
    }
    h1 {
      flex: 1;
      gap: 0.4rem;
      font-size: 1.1rem;
    }
    nav {
      gap: 0.6rem;
    }
  }
  @container (max-width: 34rem) {
    /* At the bottom, where a thumb reaches the buttons. */
    .dock {
      order: 1;
      top: auto;
      bottom: 0.5rem;
    }
    .dock > lab-messages {
      order: -1;
    }
    .body {
      padding-bottom: 0.5rem;
    }
  }
`;
