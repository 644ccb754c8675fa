/**
 * JSON in a compact layout: a value that fits on one line is written on one line, so that a layer is one line. The package
 * `json-stringify-pretty-compact` does nearly this, but writes a short document on one line too.
 */

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

/** Parses JSON and rejects, as the engine does, numbers that overflow to infinity and documents that are nested too deeply. */
export function parseJson(text: string): unknown {
  const received = depth(text);
  if (received > MOST_DEPTH) {
    throw new RangeError(`it is nested ${received} levels deep, and at most ${MOST_DEPTH} can be read`);
  }
  return JSON.parse(text, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is too large a number`);
    return value;
  });
}

/** How deep a JSON text is nested: the most brackets that are open at one place, those in strings left out. */
function depth(text: string): number {
  let [open, most, inString] = [0, 0, false];
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (sign === '"') inString = !inString;
    else if (inString) i += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') most = Math.max(most, ++open);
    else if (sign === ']' || sign === '}') open -= 1;
  }
  return most;
}
