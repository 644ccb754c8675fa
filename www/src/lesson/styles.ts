/** Styles of a lesson's parts, in the lab's colours. */
import { css } from 'lit';

export const prose = css`
  .prose {
    overflow-wrap: break-word;
  }
  .prose > :first-child {
    margin-top: 0;
  }
  .prose > h2:first-child {
    margin-top: 1.4rem;
  }
  /* A table needs a first row of headings, which may be empty. */
  .prose thead:not(:has(th:not(:empty))) {
    display: none;
  }
  .prose > :last-child {
    margin-bottom: 0;
  }
  .prose :is(p, ul, ol, blockquote, pre, .wide) {
    margin: 0 0 0.9rem;
  }
  .prose :is(h2, h3, h4, h5, h6) {
    line-height: 1.2;
    letter-spacing: -0.02em;
    text-wrap: balance;
    margin: 2.2rem 0 0.5rem;
    font-weight: 700;
  }
  .prose h2 {
    font-size: 1.5rem;
  }
  .prose h3 {
    font-size: 1.15rem;
  }
  .prose :is(h4, h5, h6) {
    font-size: 1rem;
  }
  .prose :not(pre) > code {
    padding: 0.1em 0.35em;
    border-radius: 5px;
    background: var(--sunken);
  }
  .prose pre {
    padding: 0.8rem 1rem;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--panel);
    overflow-x: auto;
    line-height: 1.5;
  }
  .prose blockquote {
    padding-inline-start: 1rem;
    border-inline-start: 3px solid var(--line-strong);
    color: var(--ink-soft);
  }
  .prose img {
    max-width: 100%;
    height: auto;
  }
  .prose .wide {
    overflow-x: auto;
  }
  .prose table {
    border-collapse: collapse;
    font-size: 0.94em;
  }
  .prose :is(th, td) {
    padding: 0.4rem 1rem 0.4rem 0;
    border-bottom: 1px solid var(--line);
    text-align: start;
    vertical-align: top;
  }
  .prose :is(th, td).right {
    text-align: end;
  }
  .prose :is(th, td).center {
    text-align: center;
  }
`;

/** The frame around a question or a box of code, with what is said about the answer. */
export const frame = css`
  .frame {
    padding: 1rem 1.2rem;
    border: 1px solid var(--line);
    border-inline-start: 4px solid var(--validation);
    border-radius: 10px;
    background: var(--panel);
  }
  .kind {
    font-size: 0.82rem;
    font-weight: 650;
    color: var(--ink-soft);
    margin-bottom: 0.3rem;
  }
  form {
    margin-top: 0.8rem;
    display: grid;
    gap: 0.7rem;
    justify-items: start;
  }
  .words {
    width: 100%;
  }
  .outcome {
    display: grid;
    gap: 0.4rem;
    margin-top: 0.7rem;
  }
  .outcome:empty {
    display: none;
  }
  .right {
    display: flex;
    gap: 0.4rem;
    align-items: center;
    color: var(--good);
    font-weight: 600;
  }
  .wrong {
    color: var(--warn);
    font-weight: 600;
  }
`;
