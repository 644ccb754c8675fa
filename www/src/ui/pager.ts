/** The buttons that page through a long table: only one page of it is in the document. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { integer } from '../base/format';
import { PAGER } from './text';

/** The rows of one page. */
export const PAGE_ROWS = 200;

export const lastPage = (rows: number): number => Math.max(0, Math.ceil(rows / PAGE_ROWS) - 1);

/** The rows of a page; beyond the last one, that of the last. */
export function pageOf<T>(rows: readonly T[], page: number): T[] {
  const from = Math.min(page, lastPage(rows.length)) * PAGE_ROWS;
  return rows.slice(from, from + PAGE_ROWS);
}

/** Nothing for a table of one page. */
export function pager(rows: number, page: number, go: (page: number) => void): TemplateResult | typeof nothing {
  const last = lastPage(rows);
  if (last === 0) return nothing;
  const at = Math.min(page, last);
  const button = (text: string, to: number) =>
    html`<button class="small" ?disabled=${to < 0 || to > last || to === at} @click=${() => go(to)}>${text}</button>`;
  const [from, to] = [at * PAGE_ROWS + 1, Math.min(rows, (at + 1) * PAGE_ROWS)];
  return html`<div class="row pager">
    ${button(PAGER.first, 0)} ${button(PAGER.previous, at - 1)}
    <span class="small soft">${PAGER.rows(integer(from), integer(to), integer(rows))}</span>
    ${button(PAGER.next, at + 1)} ${button(PAGER.last, last)}
  </div>`;
}

export const pagerStyles = css`
  .pager {
    margin-top: 0.5rem;
    align-items: center;
  }
`;
