/** Documents in UTF-8 and UTF-16, with and without a byte-order mark: the page reads them as the engine does. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { decodeText } from '../../../www/src/base/decode';

const TEXT = '{"ä": "😀"}';

/** A text in an encoding, with a byte-order mark or without. */
function encoded(text: string, encoding: 'utf-8' | 'utf-16le' | 'utf-16be', marked: boolean): Uint8Array {
  const full = (marked ? '\ufeff' : '') + text;
  if (encoding === 'utf-8') return new TextEncoder().encode(full);
  const units = Buffer.from(full, 'utf16le');
  return new Uint8Array(encoding === 'utf-16le' ? units : units.swap16());
}

const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be'] as const;

/** Half a unit, half a pair, zeros, Latin-1. */
const BAD = ['\xff\xfea', '\xff\xfe\x00\xd8', '\xff\xfe\0\0', 'caf\xe9'].map((text) => Buffer.from(text, 'latin1'));

describe('the text of a document', () => {
  it.each(ENCODINGS)('is read in %s', (encoding) => {
    for (const marked of [true, false]) expect(decodeText(encoded(TEXT, encoding, marked))).toBe(TEXT);
  });

  it('may be empty', () => {
    expect(decodeText(new Uint8Array())).toBe('');
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('');
  });

  it('is refused where it is none', () => {
    for (const bytes of BAD) expect(() => decodeText(bytes)).toThrow('not a text file (UTF-8 or UTF-16)');
  });
});

const WASM = new URL('../../../www/pkg-tools/convlab_bg.wasm', import.meta.url);

test.skipIf(!existsSync(WASM))('the engine reads the same bytes as the same text', async () => {
  const tools = await import('../../../www/pkg-tools/convlab.js');
  tools.initSync({ module: readFileSync(WASM) });
  const inputs = [
    ...ENCODINGS.flatMap((encoding) => [true, false].map((marked) => encoded(TEXT, encoding, marked))),
    ...BAD,
    ...[
      '',
      'a',
      'ab',
      '\0',
      '\0\0',
      'a\0',
      '\0a',
      'a\0b',
      '\xef\xbb\xbf',
      '\xff\xfe',
      '\xfe\xff',
      '\xff',
      'a\0\0b',
    ].map((text) => Buffer.from(text, 'latin1')),
    encoded('\ufeff', 'utf-16le', true),
    encoded('\ufeffa', 'utf-8', true),
    encoded('a\0b', 'utf-8', false),
  ];
  const read = (reader: (bytes: Uint8Array) => string, bytes: Uint8Array) => {
    try {
      return reader(bytes);
    } catch {
      return null;
    }
  };
  for (const bytes of inputs) {
    expect(read(decodeText, bytes), [...bytes].join(' ')).toBe(read(tools.text_of, bytes));
  }
});
