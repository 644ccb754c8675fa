import { expect, it } from 'vitest';
import { numberIn } from '../../../www/src/base/number';

/** The same cases as in src/submission/rubric.rs. */
it.each<[text: string, answer: number, read: number]>([
  ['17,386', 17_386, 17_386],
  ['17.386', 17_386, 17_386],
  ['17 386', 17_386, 17_386],
  ['17\u202f386', 17_386, 17_386],
  ["17'386", 17_386, 17_386],
  ['17’386', 17_386, 17_386],
  ['3,267,306', 5, 3_267_306],
  ['3.267.306', 0.5, 3_267_306],
  ['1,168.5', 0, 1168.5],
  ['1.168,5', 0, 1168.5],
  ['-1,168', -1168, -1168],
  ['97.625', 98, 97.625],
  ['97,625 %', 98, 97.625],
  ['0.125', 125, 0.125],
  ['1.000', 1, 1],
  ['1234,567', 1_234_567, 1234.567],
  ['1e-3', 0, 0.001],
  [',5', 0, 0.5],
  ['1,16,5', 0, Number.NaN],
  ['1,2.3,4', 0, Number.NaN],
  ['inf', 0, Number.NaN],
  ['ten', 0, Number.NaN],
  ['', 0, Number.NaN],
])('“%s” for an answer of %d is %d', (text, answer, read) => {
  expect(numberIn(text, answer)).toBe(read);
});

it('without a right answer a single comma or point is decimal', () => {
  expect(numberIn('17,386')).toBe(17.386);
  expect(numberIn('17.386')).toBe(17.386);
  expect(numberIn('3,267,306')).toBe(3_267_306);
  expect(numberIn('0x10')).toBeNaN();
});
