/** What is wrong with a document, in one sentence with the place. */
import type { BaseIssue } from 'valibot';
import { quoted } from '../base/format';
import { readings } from '../base/number';
import type { Place } from './document';
import { LESSON } from './text';

/** The longest part of a received value that is quoted. */
const MOST = 80;

export function problemOf(issue: BaseIssue<unknown>, place: Place): string {
  const path = issue.path?.map(({ key }) => key as PropertyKey) ?? [];
  return LESSON.at(place(path), message(issue));
}

function message({ kind, type, expected, received, message, input }: BaseIssue<unknown>): string {
  if (type === 'strict_object' && expected === 'never') return LESSON.rules.unknown;
  if (input === undefined) return LESSON.rules.missing;
  const two = expected?.includes('number') && typeof input === 'string' ? twoNumbers(input) : null;
  if (two) return two;
  const got = quoted(typeof input === 'object' ? received : String(input), MOST);
  // A rule of a value, in contrast to its type, has its own message.
  return LESSON.received(kind === 'validation' ? message : LESSON.rules.expected(names(expected)), got);
}

/** What is wrong with a number such as 17,386; null for other texts. */
export function twoNumbers(text: string): string | null {
  const [small, large] = readings(text);
  return large === undefined ? null : LESSON.rules.twoNumbers(quoted(text, MOST), String(large), String(small));
}

/** `("number" | "choice")` as words. */
const names = (expected: string | null): string =>
  (expected ?? '')
    .replace(/[()]/g, '')
    .replaceAll(' | ', ' or ')
    .replaceAll('Object', 'an object')
    .replaceAll('Array', 'a list');
