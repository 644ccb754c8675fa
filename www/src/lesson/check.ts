/** Checks a lesson's document. */
import * as v from 'valibot';
import { jsonPlace, kindOf, type Lesson, LessonSchema, type Place, type Question } from './document';
import { problemOf, twoNumbers } from './problem';
import { LESSON } from './text';

/** Checks a document; throws an error of one sentence with the place. */
export function checked(value: unknown, place: Place = jsonPlace): Lesson {
  const { output, issues, success } = v.safeParse(LessonSchema, value, { abortEarly: true, abortPipeEarly: true });
  if (!success) throw new Error(problemOf(issues[0], place));
  const found = inconsistency(output);
  if (found) throw new Error(LESSON.at(place(['parts', ...found.path]), found.message));
  return output;
}

interface Found {
  path: PropertyKey[];
  message: string;
}

/** What the schema cannot say: names are used once, answers fit their kind, and a prediction comes before an experiment. */
function inconsistency({ parts }: Lesson): Found | null {
  const ids = new Set<string>();
  for (const [i, part] of parts.entries()) {
    if (!('id' in part) || part.id === undefined) continue;
    if (ids.has(part.id)) return { path: [i, 'id'], message: LESSON.rules.sameId(part.id) };
    ids.add(part.id);
  }
  for (const [i, part] of parts.entries()) {
    if (part.type === 'experiment' && part.experiment === undefined && part.assignment === undefined)
      return { path: [i, 'experiment'], message: LESSON.rules.noExperiment };
    if (part.type !== 'question') continue;
    const wrong = wrongAnswer(part);
    if (wrong) return { path: [i, wrong.field], message: wrong.message };
    if (part.predict && !parts.slice(i).some(({ type }) => type === 'experiment'))
      return { path: [i, 'predict'], message: LESSON.rules.predict };
  }
  return null;
}

function wrongAnswer(question: Question): { field: string; message: string } | null {
  const { choices, answer, tolerance } = question;
  const kind = kindOf(question);
  if (question.report && kind !== 'text') return { field: 'report', message: LESSON.rules.report };
  if (kind === 'choice' && !choices) return { field: 'choices', message: LESSON.rules.noChoices };
  if (kind !== 'choice' && choices) return { field: 'choices', message: LESSON.rules.notChoice(kind) };
  if (kind === 'number' && answer !== undefined && typeof answer !== 'number')
    return { field: 'answer', message: twoNumbers(answer) ?? LESSON.rules.notNumber(answer) };
  if (kind === 'choice' && answer !== undefined && !choices?.includes(String(answer)))
    return { field: 'answer', message: LESSON.rules.notOne(String(answer)) };
  if (kind === 'text' && typeof answer === 'number') return { field: 'answer', message: LESSON.rules.notText };
  if (tolerance !== undefined && (kind !== 'number' || answer === undefined))
    return { field: 'tolerance', message: LESSON.rules.tolerance };
  return null;
}
