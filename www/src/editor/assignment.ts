/** The assignment of a lesson's locked experiment, by which `convlab verify` checks what students hand in. */
import type { Experiment } from '../base/engine';
import { parseJson } from '../base/json-text';
import { fromUrl, withSettings } from '../base/settings';
import { syntheticFor } from '../base/synthetic';
import { SETTING_ATTRIBUTES, settingsOf } from '../embed/attributes';
import { fetchDocument } from '../embed/load';
import type { Card, Lesson, Question } from '../lesson/document';
import { EDITOR } from './text';

/** The first experiment that students hand in. */
export const lockedCard = ({ parts }: Lesson): Card | null =>
  parts.find((part): part is Card => part.type === 'experiment' && part.locked === true) ?? null;

/** The document; `folder` is the address to which those in the lesson are relative. */
export async function assignmentOf(lesson: Lesson, card: Card, folder: string): Promise<object> {
  const questions = lesson.parts.filter((part): part is Question => part.type === 'question');
  return {
    assignment: lesson.lesson,
    experiment: applied(await experimentOf(card, folder), card),
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

async function experimentOf({ experiment }: Card, folder: string): Promise<Experiment> {
  if (typeof experiment === 'object') return experiment as unknown as Experiment;
  const { presets } = await import('../worker/presets');
  const preset = presets.find(({ id }) => id === experiment.trim());
  if (preset) return preset.experiment;
  if (experiment.trim().startsWith('{')) return parseJson(experiment) as Experiment;
  const address = URL.canParse(experiment, folder) ? new URL(experiment, folder).href : experiment;
  // A document of another site is not fetched without a question, and the editor has none.
  const { text } = await fetchDocument('experiment', address, [location.origin], async () => false).catch(() => {
    throw new Error(EDITOR.noExperiment(experiment));
  });
  return parseJson(text) as Experiment;
}
