/** The order of the lines of a class. */
import type { ClassLine } from '../base/engine';

export const COLUMNS = [
  'student',
  'verdict',
  'accuracy',
  'guess',
  'points',
  'modified',
  'seconds',
  'copies',
  'file',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  column: Column;
  descending: boolean;
}

/** The best first. */
const VERDICTS = ['confirmed', 'plausible', 'refuted', 'unreadable'];

function key({ file, student, entry }: ClassLine, column: Column): string | number | null {
  switch (column) {
    case 'file':
      return file;
    case 'student':
      return student ?? null;
    case 'verdict':
      return entry ? VERDICTS.indexOf(entry.verdict) : null;
    case 'accuracy':
      return entry?.test_accuracy ?? null;
    case 'guess':
      return entry?.guess ?? null;
    case 'points':
      return entry?.points ?? null;
    case 'modified':
      return entry?.modified ?? null;
    case 'seconds':
      return entry?.seconds ?? null;
    case 'copies':
      return entry?.duplicates_of.length || null;
  }
}

/** The places of the lines in an order; those without a value come last in both directions. */
export function sorted(lines: readonly ClassLine[], order: Order | null): number[] {
  const places = lines.map((_, index) => index);
  if (!order) return places;
  const keys = lines.map((line) => key(line, order.column));
  const sign = order.descending ? -1 : 1;
  const compare = (a: string | number | null, b: string | number | null): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string' && typeof b === 'string') return sign * a.localeCompare(b);
    return sign * (Number(a) - Number(b));
  };
  return places.sort((a, b) => compare(keys[a] ?? null, keys[b] ?? null) || a - b);
}
