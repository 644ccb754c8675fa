/** Styles of the editor's forms. */
import { css } from 'lit';

export const formStyles = css`
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr));
    gap: 0.6rem 0.8rem;
    align-items: end;
  }
  .wide {
    grid-column: 1 / -1;
  }
  label {
    min-width: 0;
  }
  label.check {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  label.check > span {
    margin: 0;
    color: var(--ink);
    font-size: 0.94rem;
  }
  textarea {
    resize: vertical;
    line-height: 1.45;
  }
`;

export const editorStyles = css`
      :host {
        background: transparent;
      }
      .said {
        min-height: 1.6rem;
        margin-block: 0.4rem;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 1.4rem;
        align-items: start;
      }
      .stack {
        gap: 0.9rem;
      }
      h2 {
        font-size: 1.15rem;
      }
      .part > header {
        margin-bottom: 0.6rem;
      }
      .part h3 {
        margin-inline-end: auto;
      }
      button.icon {
        min-width: 2.2rem;
        padding: 0.15rem 0.4rem;
      }
      .add {
        padding: 0.7rem;
        border: 1px dashed var(--line-strong);
        border-radius: 12px;
      }
      .preview {
        position: sticky;
        top: 1rem;
        max-height: calc(100vh - 2rem);
        overflow-y: auto;
        padding: 1.1rem 1.25rem;
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        background: var(--bg);
      }
      .preview > h2 {
        color: var(--ink-soft);
        font-size: 0.87rem;
        margin-bottom: 0.8rem;
      }
      .problem {
        margin-bottom: 0.9rem;
      }
      @media (max-width: 60rem) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        .preview {
          position: static;
          max-height: none;
        }
      }
`;
