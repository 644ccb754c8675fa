/** What the preview of a draft needs: a keeper of the answers that are tried in it, and the names of places in errors. */
import type { Lesson, Place } from '../lesson/document';
import type { Keeper } from '../lesson/store';
import { EDITOR } from './text';

/** The answers that the teacher tries in the preview are not kept. */
export const previewKeeper = (): Keeper => {
  let kept: unknown = null;
  return {
    words: { kept: '', notKept: '' },
    read: () => kept,
    write: (progress) => {
      kept = progress;
      return true;
    },
  };
};

/** A place as the editor names it: `part 3 (question), answer`. */
export const placeIn =
  ({ parts }: Lesson): Place =>
  ([first, index, ...rest]) => {
    const part = parts[Number(index)];
    if (first !== 'parts' || !part) return String(first ?? '');
    return EDITOR.place(Number(index) + 1, EDITOR.types[part.type], rest.map(String).join(', '));
  };
