/**
 * JSON in a compact layout: a value that fits on one line is written on one line, so that a layer is one line. The package
 * `json-stringify-pretty-compact` does nearly this, but writes a short document on one line too.
 */
import { quoted } from './format';

const WIDTH = 100;

export function jsonText(value: unknown, indent = ''): string {
  const flat = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= WIDTH) {
    // The document itself is always written on several lines.
    if (indent !== '' || typeof value !== 'object' || value === null) return flat;
  }
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const lines = Array.isArray(value)
    ? value.map((item) => deeper + jsonText(item, deeper))
    : entries(value).map(([name, item]) => `${deeper}${JSON.stringify(name)}: ${jsonText(item, deeper)}`);
  return lines.length === 0 ? flat : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  return `{${entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`)
    .join(', ')}}`;
}

const entries = (value: object): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== undefined);

/** The deepest document that is read, as by the engine. The browser's own limit is the stack, whose end has no clear message. */
const MOST_DEPTH = 127;

/**
 * Parses JSON and rejects, as the engine does, numbers that overflow to infinity, documents that are nested too deeply, and objects that
 * have a key twice: of such a key the browser would take the last value.
 */
export function parseJson(text: string): unknown {
  const { depth, twice } = scan(text);
  if (depth > MOST_DEPTH) {
    throw new RangeError(`it is nested ${depth} levels deep, and at most ${MOST_DEPTH} can be read`);
  }
  const value: unknown = JSON.parse(text, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is too large a number`);
    return value;
  });
  // Told last: a text that is no JSON has another problem.
  if (twice !== null) throw new SyntaxError(`an object may have a key once. Received twice: ${twice}`);
  return value;
}

/** How deep a JSON text is nested, and the first key that an object has twice, with its line. */
function scan(text: string): { depth: number; twice: string | null } {
  /** For each bracket that is open: the keys of an object, null for an array. */
  const open: (Set<string> | null)[] = [];
  let [depth, twice]: [number, string | null] = [0, null];
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    // What is nested too deeply is rejected, so its keys do not matter.
    if (sign === '{' && open.length < MOST_DEPTH) open.push(new Set());
    else if (sign === '{' || sign === '[') open.push(null);
    else if (sign === ']' || sign === '}') open.pop();
    else if (sign === '"') {
      const end = endOfString(text, i);
      const keys: Set<string> | null | undefined = open.at(-1);
      const key: string | null = keys && twice === null ? keyAt(text, i, end) : null;
      if (key !== null && keys?.has(key)) twice = `"${quoted(key)}" at line ${text.slice(0, i).split('\n').length}`;
      if (key !== null) keys?.add(key);
      i = end;
    }
    depth = Math.max(depth, open.length);
  }
  return { depth, twice };
}

/** The place of the quotation mark that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** The key that a string is; null for a value, and in a text that is no JSON. */
function keyAt(text: string, start: number, end: number): string | null {
  let next = end + 1;
  while (/^\s$/.test(text[next] ?? '')) next += 1;
  if (text[next] !== ':') return null;
  try {
    return String(JSON.parse(text.slice(start, end + 1)));
  } catch {
    return null;
  }
}
