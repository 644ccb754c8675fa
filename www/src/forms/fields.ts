/** Options as form fields: how each kind of value is shown as text and parsed. The engine checks the values. */

export type Kind = 'number' | 'pair' | 'boolean' | 'choice' | 'object' | 'text' | 'names' | 'json';

/** The numbers that an option accepts, as JSON Schema writes ranges. */
export interface Range {
  whole: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

export interface Field {
  /** Keras's name of the option. */
  name: string;
  kind: Kind;
  /** The engine's default; absent if the option is required. */
  fallback?: unknown;
  /** The values of a choice. */
  values?: readonly string[];
  /** The range of a number, or of both numbers of a pair. */
  range?: Range;
  /** The options of an object, such as the factors of a regularizer. */
  parts?: readonly Field[];
  /** What the option does. */
  help?: string;
}

export type Options = Record<string, unknown>;

/** The text that a field shows for a value. */
export function show(field: Field, value: unknown): string {
  const given = value ?? field.fallback;
  if (given === undefined || given === null) return '';
  if (field.kind === 'pair' && Array.isArray(given)) return given[0] === given[1] ? String(given[0]) : given.join(', ');
  if (field.kind === 'names' && Array.isArray(given)) return given.join(', ');
  return typeof given === 'object' ? JSON.stringify(given) : String(given);
}

/** Parses the text of a field. Text of the wrong kind is passed to the engine as it is, which reports what it expects. */
export function read(field: Field, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (field.kind) {
    case 'number':
      return asNumber(trimmed);
    case 'boolean':
      return trimmed === 'true';
    case 'pair': {
      const parts = trimmed
        .split(/[\s,×x]+/)
        .filter(Boolean)
        .map(asNumber);
      return parts.length === 1 ? parts[0] : parts;
    }
    case 'choice':
    case 'text':
      return trimmed;
    case 'names':
      return trimmed.split(/[\s,]+/);
    default:
      try {
        return JSON.parse(trimmed) as unknown;
      } catch {
        return trimmed;
      }
  }
}

const asNumber = (text: string): unknown => (Number.isFinite(Number(text)) ? Number(text) : text);

/** A copy of the options with one of them set. A value that equals the default is left out. */
export function withOption(options: Options, field: Field, value: unknown): Options {
  const plain = value === undefined || (field.fallback !== undefined && same(value, field.fallback));
  const { [field.name]: _, ...others } = options;
  // An existing option keeps its position, so that the JSON changes in one place only.
  return plain ? others : { ...options, [field.name]: value };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** An object with one of its options set; undefined if it is then empty or lacks a required option. */
export function withPart(field: Field, value: unknown, part: Field, text: string): unknown {
  const now = typeof value === 'object' && value !== null ? (value as Options) : {};
  const next = withOption(now, part, read(part, text));
  const lacks = field.parts?.some(({ name, fallback }) => fallback === undefined && next[name] === undefined);
  return lacks || Object.keys(next).length === 0 ? undefined : next;
}

/** Whether a value is not a number, or not a number within the field's range. */
export function isOutside({ range }: Field, value: unknown): boolean {
  if (!range || value === undefined || value === null) return false;
  return ![value].flat().every((number) => typeof number === 'number' && isWithin(range, number));
}

function isWithin(range: Range, value: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = range;
  return (
    value >= minimum &&
    value <= maximum &&
    value > exclusiveMinimum &&
    value < exclusiveMaximum &&
    (!range.whole || Number.isInteger(value))
  );
}
