/** The text of a document in UTF-8 or UTF-16, by the rule of `decode` in src/base/text.rs, for pages that have not loaded the engine. */
import { bytesOf, MOST } from './bytes';

const NOT_TEXT = 'this is not a text file (UTF-8 or UTF-16)';

/** Throws if the bytes are not text in one of these encodings. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    // A byte-order mark is left out by the decoder.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (encoding === 'utf-8' || !text.includes('\0')) return text;
  } catch {
    // The sentence below says it.
  }
  throw new Error(NOT_TEXT);
}

/** By the byte-order mark; without one, UTF-16 is known by a first letter of ASCII, whose other byte is zero. */
function encodingOf([a, b]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (a === undefined || b === undefined) return 'utf-8';
  if ((a === 0xff && b === 0xfe) || (a > 0 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b > 0)) return 'utf-16be';
  return 'utf-8';
}

/** The text of a file of at most `most` bytes. */
export const textOf = async (file: Blob, most: number = MOST.document): Promise<string> =>
  decodeText(await bytesOf(file, most));
