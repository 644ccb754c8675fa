/**
 * Encodes a student's changes to a preset for the address of the page: the difference of the two documents as JSON, in base64url.
 *
 * Objects are patched as in a JSON merge patch (RFC 7396): only changed members, null for removed ones. Layers are a list in
 * which a number is the index of a preset's layer, `[from, to]` a range of them, `[number, patch]` a changed one, and an object a
 * new one.
 */
import type { Experiment } from '../base/engine';
import { parseJson } from '../base/json-text';
import { alignment } from './alignment';

type Json = unknown;
type Plain = Record<string, Json>;

/** Chat programs and mail cut longer addresses; the changes of a student are much shorter. */
const MOST_CHARACTERS = 16_000;
/** No experiment is nested deeper. */
const MOST_DEPTH = 12;

/** Null for changes that are too long for an address. */
export function encodeEdit(from: Experiment, to: Experiment): string | null {
  const { layers: before, text: _, ...rest } = from;
  const { layers: after, text: __, ...changed } = to;
  const patch = difference(rest, changed) as Plain | undefined;
  const layers = layersDifference(before, after);
  const text = JSON.stringify({ ...patch, ...(layers && { layers }) });
  // Checked before, because base64 makes it longer only.
  if (text.length > MOST_CHARACTERS) return null;
  const encoded = toBase64Url(text);
  return encoded.length > MOST_CHARACTERS ? null : encoded;
}

/** The changed experiment; null for a text that `encodeEdit` cannot have made. The engine checks the experiment itself. */
export function decodeEdit(from: Experiment, text: string): Experiment | null {
  if (text.length > MOST_CHARACTERS) return null;
  try {
    const patch = parseJson(fromBase64Url(text)) as Json;
    if (!isPlain(patch) || depth(patch) > MOST_DEPTH) return null;
    const { layers, ...rest } = patch;
    const { layers: before, text: _, ...own } = from;
    const after = layers === undefined ? before : patchedLayers(before, layers);
    return after && ({ ...(patched(own, rest) as Plain), layers: after } as unknown as Experiment);
  } catch {
    return null;
  }
}

/** The merge patch; undefined if nothing differs. */
function difference(from: Json, to: Json): Json | undefined {
  if (!isPlain(from) || !isPlain(to)) return same(from, to) ? undefined : (to ?? null);
  const changes: [string, Json][] = [];
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const change = difference(from[key] ?? null, to[key] ?? null);
    if (change !== undefined) changes.push([key, change]);
  }
  return changes.length > 0 ? Object.fromEntries(changes) : undefined;
}

/** Builds objects from entries, so that a key such as `__proto__` is an ordinary key. */
function patched(from: Json, patch: Json): Json {
  if (!isPlain(patch)) return patch;
  const result = new Map(Object.entries(isPlain(from) ? from : {}));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) result.delete(key);
    else result.set(key, patched(result.get(key), change));
  }
  return Object.fromEntries(result);
}

/** The list of layers as described above; undefined if no layer differs. */
function layersDifference(from: Json[], to: Json[]): Json[] | undefined {
  if (same(from, to)) return undefined;
  const list: Json[] = [];
  /** Layers of the preset without a partner so far. A new layer of the same type in their place is one of them, changed. */
  let gone: number[] = [];
  for (const [i, j] of alignment(from.map(sorted), to.map(sorted))) {
    if (i === null) {
      const twin = gone.findIndex((number) => typeOf(from[number]) === typeOf(to[j]));
      const number = gone[twin];
      list.push(number === undefined ? to[j] : [number, difference(from[number], to[j]) ?? {}]);
      gone = gone.slice(twin + 1);
    } else if (j === null) {
      gone.push(i);
    } else {
      extend(list, i);
      gone = [];
    }
  }
  return list;
}

const typeOf = (layer: Json): Json => (isPlain(layer) ? layer.type : undefined);

/** Adds the index of a layer, or extends the range before it. */
function extend(list: Json[], number: number): void {
  const last = list.at(-1);
  if (last === number - 1) list[list.length - 1] = [last, number];
  else if (Array.isArray(last) && last[1] === number - 1) last[1] = number;
  else list.push(number);
}

/** Null for a list that `layersDifference` cannot have made. */
function patchedLayers(from: Json[], list: Json): Json[] | null {
  if (!Array.isArray(list)) return null;
  const layers: Json[] = [];
  for (const item of list) {
    if (isPlain(item)) {
      layers.push(item);
      continue;
    }
    const [first, second = first]: Json[] = Array.isArray(item) ? item : [item];
    if (!isPlace(first, from)) return null;
    if (isPlain(second)) layers.push(patched(from[first], second));
    else if (isPlace(second, from) && second >= first) layers.push(...from.slice(first, second + 1));
    else return null;
  }
  return layers;
}

const isPlace = (value: Json, list: Json[]): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < list.length;

const isPlain = (value: Json): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two experiments are equal, apart from the description that is shown with a preset. */
export function sameDocument({ text: _, ...a }: Experiment, { text: __, ...b }: Experiment): boolean {
  return same(a, b);
}

const same = (a: Json, b: Json): boolean => sorted(a) === sorted(b);

/** As text that does not depend on the order of the keys. */
const sorted = (value: Json): string =>
  JSON.stringify(value, (_, item: Json) =>
    isPlain(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  ) ?? 'null';

/** How deep a value is nested, counted up to just above the limit. */
function depth(value: Json): number {
  let level: Json[] = [value];
  let count = 0;
  while (level.length > 0 && count <= MOST_DEPTH) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    count += 1;
  }
  return count;
}

const toBase64Url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

function fromBase64Url(text: string): string {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
