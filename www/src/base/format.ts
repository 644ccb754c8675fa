/** Numbers as text; bytes of memory and durations are written by the engine (`lab/texts.ts`). */
import { grouping } from './localized';

const AMOUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });
const INTEGER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A narrow no-break space between a number and its unit. */
const NBSP = '\u202f';

export const integer = (value: number): string => INTEGER.format(value).replaceAll(',', grouping());

export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${withoutMinusZero((share * 100).toFixed(digits))}${NBSP}%` : '–';

/** A small negative number is rounded to “-0”. */
const withoutMinusZero = (text: string): string => (Number(text) === 0 ? text.replace('-', '') : text);

/** A loss, with four decimals at ordinary sizes. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 0.0001 || size >= 10_000) ? value.toExponential(2) : value.toFixed(4);
}

/** A share to four decimals, as Keras prints an accuracy. */
export const ratio = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(4);

/** A learning rate: 0.001, 0.00025, 2.5e-7. */
export const small = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-4
    ? Number(value.toPrecision(3)).toExponential()
    : String(Number(value.toPrecision(3)));

/** A large count with about three digits: 4.62 M, 146.8 M. */
export function compact(count: number): string {
  const steps = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k', 1e3],
  ] as const;
  for (const [limit, unit, divisor = limit] of steps) {
    if (count < limit) continue;
    const value = count / divisor;
    return `${value.toFixed(value < 10 ? 2 : 1)}${NBSP}${unit}`;
  }
  return integer(count);
}

export const rate = (perSecond: number): string =>
  perSecond >= 100 ? integer(perSecond) : perSecond.toFixed(perSecond >= 10 ? 0 : 1);

/** The size of a file in decimal units, as download pages and browsers give it: 512 B, 9 KB, 8.1 MB, 144 MB. */
export function fileSize(bytes: number): string {
  if (bytes < 1e3) return `${integer(bytes)} B`;
  if (bytes < 1e6) return `${integer(Math.ceil(bytes / 1e3))} KB`;
  const [count, unit] = bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${count < 10 ? count.toFixed(1) : integer(count)} ${unit}`;
}

/** "1 file", "3 files"; "9.9 epochs". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${AMOUNT.format(count).replaceAll(',', grouping())} ${count === 1 ? one : many}`;

/** Sentences one after another, each with a full stop at its end. */
export const sentences = (texts: readonly string[]): string =>
  texts.map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`)).join(' ');

/**
 * Text from outside for a message: shortened, on one line. Control characters and marks of direction, which could hide or reorder the
 * rest, are written as escapes.
 */
export function quoted(text: string, most = 120): string {
  const characters = [...text.slice(0, 2 * most)];
  const cut = characters.length > most || text.length > 2 * most;
  const kept = characters.slice(0, most).join('');
  const plain = kept.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
  return cut ? `${plain}…` : plain;
}
