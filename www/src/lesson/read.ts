/** Reads a lesson from JSON or Markdown. */
import { parseJson } from '../base/json-text';
import { checked } from './check';
import type { Lesson } from './document';
import { LESSON } from './text';

/** The most characters of a document. The lessons of the site have a few thousand; images take the most. */
export const MOST_CHARACTERS = 4 << 20;

/** Reads a lesson in either form: a JSON document begins with a brace. */
export async function readLesson(source: string): Promise<Lesson> {
  if (source.length > MOST_CHARACTERS) throw new Error(LESSON.tooLarge(MOST_CHARACTERS));
  const plain = source.replace(/^\uFEFF/, '').trimStart();
  if (!plain.startsWith('{')) {
    const { fromMarkdown } = await import('./markdown-form');
    const { value, place } = fromMarkdown(plain);
    return checked(value, place);
  }
  let value: unknown;
  try {
    value = parseJson(plain);
  } catch (error) {
    throw new Error(LESSON.notJson(error instanceof Error ? error.message : String(error)));
  }
  return checked(value);
}
