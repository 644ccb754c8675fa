/** Styles of a lesson's text, in the lab's colours. */
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
