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

  it('is refused where an object has a key twice, with the key and its line, as by the engine', () => {
    const twice = (text: string, key: string) =>
      expect(() => parseJson(text)).toThrow(`an object may have a key once. Received twice: ${key}`);
    twice('{"epochs": 1,\n "seed": 2,\n "epochs": 3}', '"epochs" at line 3');
    twice('[{"a": {"b": 1, "c": [{}], "b": 1}}]', '"b" at line 1');
    // The same key in another spelling; a key that objects have by themselves.
    twice('{"a": 1, "\\u0061" : 2}', '"a" at line 1');
    twice('{"__proto__": 1, "__proto__": 2}', '"__proto__" at line 1');
    twice('{"a\\"": 1, "a\\"": 2}', '"a"" at line 1');
  });

  it('may have a key once in each object, and any string as a value', () => {
    for (const text of ['{"a": {"a": "a"}, "b": ["a", "a", {"a": 1}, {"a": 1}]}', '"a"', '{}', '[]'])
      expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(() => parseJson('{"a": 1, "a": ')).toThrow(/JSON/);
  });
});
