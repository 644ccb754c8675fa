/** The lesson in the editor, as plain changes: each returns a new lesson, and parts that did not change stay the same objects. */
import type { Lesson, Part, PartType } from '../lesson/document';
import { EDITOR } from './text';

const KEY = 'convlab.lesson-draft';

export const example = (): Lesson => ({
  lesson: EDITOR.example.lesson,
  id: 'my-lesson',
  language: 'en',
  parts: [
    { type: 'text', text: EDITOR.example.text },
    { type: 'question', id: 'expected', text: EDITOR.example.question, predict: true },
    { type: 'experiment', experiment: 'mnist-10', data: 'synthetic', epochs: 2, train: 1000, test: 200, engine: 'cpu' },
  ],
});

/** A new part of a type, with a name that is not used yet. */
export function newPart(type: PartType, { parts }: Lesson): Part {
  switch (type) {
    case 'text':
      return { type, text: EDITOR.example.text };
    case 'hint':
      return { type, text: EDITOR.example.hint };
    case 'experiment':
      return {
        type,
        id: freeName(type, parts),
        experiment: 'mnist-10',
        data: 'synthetic',
        epochs: 2,
        train: 1000,
        test: 200,
        engine: 'cpu',
      };
    case 'question':
      return { type, id: freeName(type, parts), text: EDITOR.example.question };
    case 'code':
      return { type, id: freeName(type, parts), experiment: 'net-1' };
  }
}

function freeName(type: PartType, parts: Lesson['parts']): string {
  const used = new Set(parts.flatMap((part) => ('id' in part ? [part.id] : [])));
  let number = 1;
  while (used.has(`${type}-${number}`)) number += 1;
  return `${type}-${number}`;
}

export const withPart = (lesson: Lesson, index: number, part: Part): Lesson => ({
  ...lesson,
  parts: lesson.parts.with(index, part),
});

export const inserted = (lesson: Lesson, index: number, part: Part): Lesson => ({
  ...lesson,
  parts: lesson.parts.toSpliced(index, 0, part),
});

export const removed = (lesson: Lesson, index: number): Lesson => ({
  ...lesson,
  parts: lesson.parts.toSpliced(index, 1),
});

export function moved(lesson: Lesson, from: number, to: number): Lesson {
  const part = lesson.parts[from];
  if (!part || to < 0 || to >= lesson.parts.length) return lesson;
  return { ...lesson, parts: lesson.parts.toSpliced(from, 1).toSpliced(to, 0, part) };
}

/** The lesson without an image; the texts that show it stay. */
export function withoutImage(lesson: Lesson, name: string): Lesson {
  const { [name]: _, ...images } = lesson.images ?? {};
  return withField(lesson, 'images', Object.keys(images).length > 0 ? images : undefined);
}

/** An object with a field set; an empty value removes the field. */
export function withField<T extends object>(object: T, name: string, value: unknown): T {
  const { [name]: _, ...rest } = object as Record<string, unknown>;
  if (value === '' || value === undefined || value === false) return rest as T;
  // The order of the fields stays.
  return (name in object ? { ...object, [name]: value } : { ...rest, [name]: value }) as T;
}

export function keptDraft(): Lesson | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Lesson | null;
    return kept && typeof kept.lesson === 'string' && Array.isArray(kept.parts) ? kept : null;
  } catch {
    return null;
  }
}

/** Returns whether the browser could keep it. */
export function keepDraft(lesson: Lesson): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(lesson));
    return true;
  } catch {
    return false;
  }
}
