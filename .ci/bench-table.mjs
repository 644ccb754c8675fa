// Formats measured figures as tables and saves them in tests/bench/results.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib.mjs';

/** Formats rows of texts as a Markdown table. The first row is the header. */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Formats 6270 as 6 270, and undefined as a dash. */
export const count = (value) =>
  value === undefined ? '–' : Math.round(value).toLocaleString('en').replaceAll(',', ' ');

/** The path of a preset's document. */
export const presetPath = (id) => join(root, 'src/experiment/presets', `${id}.json`);

/** A preset's document. */
export const document = (id) => JSON.parse(readFileSync(presetPath(id), 'utf8'));

const HEAD =
  '# Comparisons with other libraries\n\nNewest first. `npm run bench:peers -- --save true` and `npm run bench:gpu -- --save true` add a section.\n';

/** Adds a comparison to tests/bench/results: a file of raw figures, and a section above the older ones. */
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
