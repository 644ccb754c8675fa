/** An assignment in a lesson: what a card gets of its document. */
import type { Lesson } from './document';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** The title of an assignment's document; that of an experiment, which alone is an assignment, too. */
export const assignmentTitle = (document: Fields): string =>
  String(document.assignment ?? document.title ?? document.name ?? '');

/** The document without what only the teacher needs: the right answers, their tolerances, and the list of students. */
export function forStudents(document: Fields): Fields {
  const { students: _, questions, ...rest } = document;
  const asked = listOf(questions).map(({ answer: _answer, tolerance: _tolerance, ...question }) => question);
  return { ...rest, ...(Array.isArray(questions) && { questions: asked }) };
}

/** The document without the questions that the lesson asks itself, and their points, so that each is asked once. */
export function withoutLessonQuestions(document: Fields, { parts }: Lesson): Fields {
  const own = new Set(parts.flatMap((part) => (part.type === 'question' ? [part.id] : [])));
  const { questions, rubric, ...rest } = document;
  return {
    ...rest,
    ...(Array.isArray(questions) && { questions: listOf(questions).filter(({ id }) => !own.has(String(id))) }),
    ...(Array.isArray(rubric) && {
      rubric: listOf(rubric).filter(({ answer }) => answer === undefined || !own.has(String(answer))),
    }),
  };
}
