// Measured figures as tables, and where they are kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib.mjs';

/** A Markdown table of rows of texts; the first row is its head. */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** 6270 as 6 270; a dash where there is nothing. */
export const count = (value) =>
  value === undefined ? '–' : Math.round(value).toLocaleString('en').replaceAll(',', ' ');

/** An experiment's document. */
export const document = (id) => JSON.parse(readFileSync(join(root, 'src/experiments', `${id}.json`), 'utf8'));

const HEAD =
  '# Measured beside other libraries\n\nNewest first; `npm run bench:peers -- --save true` and `npm run bench:gpu -- --save true` add to it.\n';

/** Adds a run to tests/bench/results: its raw figures, and a section above the older ones. */
export function save({ date, about, figures }, markdown) {
  const folder = join(root, 'tests/bench/results');
  mkdirSync(folder, { recursive: true });
  const stamp = date.slice(0, 16).replace(':', '');
  writeFileSync(join(folder, `${stamp}.json`), `${JSON.stringify({ date, about, figures }, null, 2)}\n`);
  const page = join(folder, 'README.md');
  const text = existsSync(page) ? readFileSync(page, 'utf8') : HEAD;
  const before = text.slice(text.indexOf('\n## '));
  const section = `\n## ${date.slice(0, 10)}\n\n${about}.\nRaw figures: \`${stamp}.json\`.\n\n${markdown}\n`;
  writeFileSync(page, HEAD + section + (text.includes('\n## ') ? before : ''));
}
