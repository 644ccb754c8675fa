/** The assignment of a lesson's locked experiment, by which `convlab verify` checks what students hand in. */
import type { Experiment } from '../base/engine';
import { fromUrl, withSettings } from '../base/settings';
import { syntheticFor } from '../base/synthetic';
import { SETTING_ATTRIBUTES, settingsOf } from '../embed/attributes';
import type { Card, Lesson, Question } from '../lesson/document';
import { experimentOf } from '../lesson/experiment';
import { EDITOR } from './text';

/** The first experiment that students hand in and that has no assignment yet. */
export const lockedCard = ({ parts }: Lesson): Card | null =>
  parts.find((part): part is Card => part.type === 'experiment' && part.locked === true && !part.assignment) ?? null;

/** The document; `folder` is the address to which those in the lesson are relative. */
export async function assignmentOf(lesson: Lesson, card: Card, folder: string): Promise<object> {
  const { experiment = '' } = card;
  const own = await experimentOf(experiment, folder, [location.origin]).catch(() => {
    throw new Error(EDITOR.noExperiment(String(experiment)));
  });
  const questions = lesson.parts.filter((part): part is Question => part.type === 'question');
  return {
    assignment: lesson.lesson,
    experiment: applied(own, card),
    ...(card.engine === 'gpu' && { engine: 'gpu', exact: false }),
    questions: questions.map(({ id, text, choices, answer, tolerance }) => ({
      id,
      text: text.trim(),
      ...(choices && { choices }),
      ...(answer !== undefined && { answer }),
      ...(tolerance !== undefined && { tolerance }),
    })),
    rubric: [
      ...questions.map(({ id }) => ({ points: 1, answer: id })),
      ...(card.guess ? [{ points: 1, guess: 1 }] : []),
    ],
  };
}

/** The experiment as the card trains it. */
function applied(experiment: Experiment, card: Card): Experiment {
  const { search } = settingsOf((name) => (name in SETTING_ATTRIBUTES ? String(card[name as 'data'] ?? '') : null));
  const { settings } = fromUrl(search);
  return withSettings(experiment, settings, settings.data === 'synthetic' ? syntheticFor(experiment) : null);
}
