import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fieldNumber, numberIn, readings } from '../../../www/src/base/number';

/** Texts, right answers and the numbers that are read, null for none; the tests of src/submission/rubric.rs read the same file. */
const CASES: [text: string, answer: number, read: number | null][] = JSON.parse(
  readFileSync(new URL('../../golden/numbers.json', import.meta.url), 'utf8'),
);

it('has cases', () => expect(CASES.length).toBeGreaterThan(20));

it.each(CASES)('“%s” for an answer of %d is %d', (text, answer, read) => {
  expect(numberIn(text, answer)).toBe(read ?? Number.NaN);
});

it('without a right answer a single comma or point is decimal', () => {
  expect(numberIn('17,386')).toBe(17.386);
  expect(numberIn('17.386')).toBe(17.386);
  expect(numberIn('3,267,306')).toBe(3_267_306);
  expect(numberIn('0x10')).toBeNaN();
});

it('a text has the readings that it can be meant as', () => {
  expect(readings('17,386')).toEqual([17.386, 17_386]);
  expect(readings('1,168.5')).toEqual([1168.5]);
  expect(readings('2,5')).toEqual([2.5]);
  expect(readings('1e999')).toEqual([]);
  expect(readings('')).toEqual([]);
});

it('a document’s field refuses a number that can be two, but a point is decimal', () => {
  expect(fieldNumber('17,386')).toBeNaN();
  expect(fieldNumber('17.386')).toBe(17.386);
  expect(fieldNumber('97,5')).toBe(97.5);
  expect(fieldNumber('3,267,306')).toBe(3_267_306);
  expect(fieldNumber(' ')).toBeNaN();
});
