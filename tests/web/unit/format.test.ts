import { describe, expect, test } from 'vitest';
import {
  compact,
  fileSize,
  integer,
  loss,
  percent,
  plural,
  rate,
  ratio,
  sentences,
} from '../../../www/src/base/format';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('number formats', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [9_999, '9,999'],
    [56_448, '56.4 k'],
    [4_620_000, '4.62 M'],
    [146_800_000, '146.8 M'],
    [1_135_256_096, '1.14 G'],
  ])('%d is compactly %s', (count, text) => expect(plain(compact(count))).toBe(text));

  test.each([
    [2.302449, '2.3024'],
    [0, '0.0000'],
    [0.00001234, '1.23e-5'],
    [123456, '1.23e+5'],
    [Number.NaN, 'NaN'],
    [null, '–'],
    [undefined, '–'],
  ])('a loss of %s is %s', (value, text) => expect(loss(value)).toBe(text));

  test.each([
    [512, '512 B'],
    [8058, '9 KB'],
    [8_100_000, '8.1 MB'],
    [143_646_105, '144 MB'],
    [2_400_000_000, '2.4 GB'],
  ])('a file of %d bytes has %s', (bytes, text) => expect(fileSize(bytes)).toBe(text));

  test('shares, rates and counts', () => {
    expect(plain(percent(0.9712))).toBe('97.1 %');
    expect(plain(percent(0.9712, 2))).toBe('97.12 %');
    expect(plain(percent(-0.0004, 0))).toBe('0 %');
    expect(plain(percent(-0.0004, 2))).toBe('-0.04 %');
    expect(percent(Number.NaN)).toBe('–');
    expect(ratio(0.30142)).toBe('0.3014');
    expect(ratio(undefined)).toBe('–');
    expect(rate(4906.4)).toBe('4,906');
    expect(rate(42.4)).toBe('42');
    expect(rate(3.14)).toBe('3.1');
    expect(integer(60000)).toBe('60,000');
    expect(plural(1, 'file')).toBe('1 file');
    expect(plural(4, 'file')).toBe('4 files');
    expect(plural(1234, 'file')).toBe('1,234 files');
    expect(plural(9.9, 'epoch')).toBe('9.9 epochs');
  });
});

test('sentences end with a full stop', () => {
  expect(sentences(['The file is damaged', 'HTTP status 404.', 'Is it there?'])).toBe(
    'The file is damaged. HTTP status 404. Is it there?',
  );
});
