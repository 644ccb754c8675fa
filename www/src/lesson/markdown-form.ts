/**
 * The Markdown form of a lesson: the lesson's own fields as YAML front matter, the text, and every other part as a fenced block whose
 * name is its type and whose content is YAML. Other programs that show Markdown show these blocks as they are.
 */
import MarkdownIt from 'markdown-it';
import { type Document, parseDocument, stringify } from 'yaml';
import { type Lesson, PART_TYPES, type Part, type Place } from './document';
import { LESSON } from './text';

const FRONT = /^---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/;

/** More references than this to named values of YAML are refused. */
const MOST_ALIASES = 50;

const blocks = new MarkdownIt('commonmark');

interface Read {
  value: unknown;
  place: Place;
}

export function fromMarkdown(source: string): Read {
  const front = FRONT.exec(source);
  if (!front) throw new Error(LESSON.noFront);
  const fields = yaml(front[1] ?? '', 2, 'front matter');
  if ('parts' in fields) throw new Error(LESSON.at('front matter, parts', LESSON.frontParts));
  const body = source.slice(front[0].length);
  const { parts, lines } = partsOf(body, front[0].split('\n').length);
  const place: Place = (path) => {
    const [first, index, ...rest] = path;
    if (first !== 'parts') return ['front matter', ...path.map(String)].join(', ');
    const line = lines[Number(index)];
    return line === undefined ? 'text' : [`line ${line}`, ...rest.map(String)].join(', ');
  };
  return { value: { ...fields, parts }, place };
}

/** The parts of the text with their lines; `first` is the line on which it begins. */
function partsOf(body: string, first: number): { parts: unknown[]; lines: number[] } {
  const all = body.split('\n');
  const [parts, lines]: [unknown[], number[]] = [[], []];
  let from = 0;
  const addText = (to: number) => {
    const text = all.slice(from, to).join('\n').trim();
    if (text !== '') {
      parts.push({ type: 'text', text });
      lines.push(first + from);
    }
  };
  for (const { type, level, info, map, content } of blocks.parse(body, {})) {
    const name = info.trim();
    if (type !== 'fence' || level > 0 || !map || name === 'text' || !isPart(name)) continue;
    addText(map[0]);
    parts.push({ type: name, ...yaml(content, first + map[0] + 1, name) });
    lines.push(first + map[0]);
    from = map[1];
  }
  addText(all.length);
  return { parts, lines };
}

const isPart = (name: string): boolean => PART_TYPES.some((type) => type === name);

/** The fields of a block of YAML; `line` is the line on which it begins. */
function yaml(text: string, line: number, what: string): Record<string, unknown> {
  const document: Document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const before = text.slice(0, error.pos[0]).split('\n').length - 1;
    throw new Error(LESSON.at(`line ${line + before}`, LESSON.notYaml(what, error.message)));
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new Error(LESSON.at(`line ${line}`, LESSON.notYaml(what, error instanceof Error ? error.message : '')));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(LESSON.at(`line ${line}`, LESSON.notFields(what)));
  return value as Record<string, unknown>;
}

export function toMarkdown({ parts, ...fields }: Lesson): string {
  return [`---\n${written(fields)}---`, ...parts.map(partText)].join('\n\n').concat('\n');
}

function partText(part: Part): string {
  if (part.type === 'text') return part.text.trim();
  const { type, ...fields } = part;
  const text = written(fields);
  // The fence is longer than any run of backticks in its content.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${type}\n${text}${fence}`;
}

const written = (fields: object): string => stringify(fields, { lineWidth: 110 });
