/** Numbers as people write them. */

/** Groups of three digits between commas, or between points. */
const GROUPED = /^[-+]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*$/;

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const ungrouped = (text: string): string => (GROUPED.test(text) ? text.replace(/[.,]/g, '') : text);

const decimal = (text: string): number => (DECIMAL.test(text) ? Number(text) : Number.NaN);

/**
 * The numbers that a text can be: none, one, or two as 17,386 is 17.386 or 17386. They are written with a decimal point or comma, with
 * groups of digits between commas, points, spaces or apostrophes, and with a per cent sign.
 */
export function readings(text: string): number[] {
  const plain = text.replace(/[\s%'’]/g, '');
  const at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  const [before, sign, after] = [plain.slice(0, Math.max(at, 0)), plain.charAt(at), plain.slice(at + 1)];
  const asDecimal = at < 0 || before.includes(sign) ? Number.NaN : decimal(`${ungrouped(before)}.${after}`);
  return [...new Set([asDecimal, decimal(ungrouped(plain))])].filter(Number.isFinite);
}

/**
 * The number, or NaN. Of two readings it is the one nearer to the right answer; without a right answer the comma is decimal. `number`
 * in src/submission/rubric.rs is the same rule.
 */
export function numberIn(text: string, answer = Number.NaN): number {
  const [first = Number.NaN, second = first] = readings(text);
  return Math.abs(second - answer) < Math.abs(first - answer) ? second : first;
}

/** The number of a document's field, or NaN. A point is decimal, as in the document; 17,386 is refused, since it can be 17386, too. */
export function fieldNumber(text: string): number {
  const [first = Number.NaN, second] = readings(text);
  return second === undefined || text.includes('.') ? first : Number.NaN;
}
