/** Numbers as people write them. */

/** Groups of three digits between commas, or between points. */
const GROUPED = /^[-+]?[1-9]\d{0,2}([.,])\d{3}(\1\d{3})*$/;

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const ungrouped = (text: string): string => (GROUPED.test(text) ? text.replace(/[.,]/g, '') : text);

const decimal = (text: string): number => (DECIMAL.test(text) ? Number(text) : Number.NaN);

/**
 * The number, or NaN: with a decimal point or comma, with groups of digits between commas, points, spaces or apostrophes, and with a per
 * cent sign. Of the two numbers that 17,386 can be, it is the one nearer to the right answer; without a right answer the comma is
 * decimal. `number` in src/submission/rubric.rs is the same rule.
 */
export function numberIn(text: string, answer = Number.NaN): number {
  const plain = text.replace(/[\s%'’]/g, '');
  const at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','));
  if (at < 0) return decimal(plain);
  const [before, sign, after] = [plain.slice(0, at), plain.charAt(at), plain.slice(at + 1)];
  const asDecimal = before.includes(sign) ? Number.NaN : decimal(`${ungrouped(before)}.${after}`);
  const asGroups = decimal(ungrouped(plain));
  const isNearer = Math.abs(asGroups - answer) < Math.abs(asDecimal - answer);
  return isNearer || Number.isNaN(asDecimal) ? asGroups : asDecimal;
}
