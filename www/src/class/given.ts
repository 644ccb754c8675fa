/** The files that are given to the page that checks a class. */
import { textOf } from '../base/decode';

/** The largest document that is looked into, to tell an assignment from a submission. */
const MOST_DOCUMENT_BYTES = 4 << 20;

/** Two files are compared in pieces of this size, so that large ones take no memory. */
const PIECE_BYTES = 1 << 20;

/** The text of a file that is an assignment or an experiment; null for any other. */
export async function documentOf(file: File): Promise<string | null> {
  if (file.size > MOST_DOCUMENT_BYTES || !/\.json$/i.test(file.name)) return null;
  try {
    const text = await textOf(file, MOST_DOCUMENT_BYTES);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || 'format' in value) return null;
    return 'assignment' in value || 'layers' in value ? text : null;
  } catch {
    return null;
  }
}

export async function sameContent(one: File, other: File): Promise<boolean> {
  if (one.size !== other.size) return false;
  for (let from = 0; from < one.size; from += PIECE_BYTES) {
    const piece = (file: File) => file.slice(from, from + PIECE_BYTES).arrayBuffer();
    const [a, b] = await Promise.all([piece(one), piece(other)]);
    const right = new Uint8Array(b);
    if (!new Uint8Array(a).every((byte, at) => byte === right[at])) return false;
  }
  return true;
}

/** Files that systems leave in folders, as on the command line. */
export const isOfTheSystem = (path: string): boolean =>
  path.split('/').some((name) => name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name));
