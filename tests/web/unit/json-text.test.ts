import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../www/src/base/json-text';

const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;

describe('JSON from outside', () => {
  it('is read up to the engine’s depth, and refused beyond it with one sentence', () => {
    expect(() => parseJson(nested(126))).not.toThrow();
    for (const levels of [128, 1500, 1_000_000]) {
      expect(() => parseJson(nested(levels))).toThrow(
        `it is nested ${levels} levels deep, and at most 127 can be read`,
      );
    }
    expect(() => parseJson('['.repeat(1e6))).toThrow('levels deep');
  });

  it('has brackets in strings that do not count', () => {
    const text = JSON.stringify({ a: '['.repeat(500), '{"\\{': `"${'{\\"['.repeat(500)}` });
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(() => parseJson('"\\')).toThrow();
  });
});
