/**
 * The subset of Markdown that experiment texts use: headings, paragraphs, lists, **bold**, *emphasis*, `code` and [links](…). The
 * result is templates, not HTML text, so no text can become markup.
 */
import { html, type TemplateResult } from 'lit';

export function markdown(text: string): TemplateResult[] {
  return text
    .replace(/\r\n/g, '\n')
    .split(/\n{2,}/)
    .flatMap((block) => blocks(block.split('\n').filter((line) => line.trim() !== '')));
}

/** A block may contain a heading or a paragraph followed by a list, without an empty line between them. */
function blocks(lines: string[]): TemplateResult[] {
  const result: TemplateResult[] = [];
  while (lines.length > 0) {
    const kind = kindOf(lines[0] ?? '');
    let end = 1;
    while (end < lines.length && kind !== 'heading' && belongs(kind, lines[end] ?? '')) end += 1;
    result.push(element(kind, lines.splice(0, end)));
  }
  return result;
}

type Kind = 'heading' | 'bullets' | 'numbers' | 'paragraph';

function kindOf(line: string): Kind {
  if (/^#{1,6} /.test(line)) return 'heading';
  if (/^\s*[-*] /.test(line)) return 'bullets';
  return /^\s*\d+[.)] /.test(line) ? 'numbers' : 'paragraph';
}

/** A line continues its block if it has the same kind, or if it continues the text of a list item. */
function belongs(kind: Kind, line: string): boolean {
  const next = kindOf(line);
  return next === kind || (kind !== 'paragraph' && next === 'paragraph');
}

function element(kind: Kind, lines: string[]): TemplateResult {
  switch (kind) {
    case 'heading':
      return html`<h3>${inline((lines[0] ?? '').replace(/^#+ /, ''))}</h3>`;
    case 'bullets':
      return html`<ul>${items(lines, /^\s*[-*] /).map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
    case 'numbers':
      return html`<ol>${items(lines, /^\s*\d+[.)] /).map((item) => html`<li>${inline(item)}</li>`)}</ol>`;
    default:
      return html`<p>${inline(lines.join(' '))}</p>`;
  }
}

function items(lines: string[], marker: RegExp): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (marker.test(line)) result.push(line.replace(marker, ''));
    else result.push(`${result.pop() ?? ''} ${line.trim()}`);
  }
  return result;
}

const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\((https?:\/\/[^\s)]+)\)/g;

export function inline(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, emphasis, code, label, href] = match;
    if (match.index > from) parts.push(text.slice(from, match.index));
    if (bold !== undefined) parts.push(html`<strong>${inline(bold)}</strong>`);
    else if (emphasis !== undefined) parts.push(html`<em>${inline(emphasis)}</em>`);
    else if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else parts.push(html`<a href=${href ?? ''} target="_blank" rel="noopener">${label}</a>`);
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
