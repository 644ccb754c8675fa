/** Buttons, fields, choices and progress bars. */
import { css } from 'lit';

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
  button:is(:disabled, [aria-disabled='true']) {
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
  input[type='checkbox'] {
    width: 1.05rem;
    min-height: 1.05rem;
    flex: none;
    accent-color: var(--accent);
    vertical-align: middle;
  }
  /* Many fields in little space. */
  .dense :is(input:not([type='checkbox']), select) {
    min-height: 2.1rem;
    padding-block: 0.2rem;
  }
  label > span,
  .label {
    display: block;
    margin-bottom: 0.2rem;
    font-size: 0.87rem;
    color: var(--ink-soft);
  }
  /* A field beside its label. */
  label.beside {
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  label.beside > span {
    margin: 0;
  }
  /* One or two fields and their button. */
  form.ask {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 0.5rem 0.8rem;
    margin-top: 0.7rem;
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
