/** Brings the answers of a lesson into the reports: as observations of the run that they are about, or of the comparison. */
import { COMPARISON, isCompared, type ObservedFigure, postObservation } from '../base/observed';
import { cardId, type Lesson } from './document';
import type { AnswerStore } from './store';

/** The texts by the run, or the comparison, and then by the figure. */
type Observations = Record<string, Partial<Record<ObservedFigure, string>>>;

/** Answers about the same figure stand one below the other. */
export function observationsOf({ parts }: Lesson, store: Pick<AnswerStore, 'given' | 'ran'>): Observations {
  const found: Observations = {};
  for (const [i, part] of parts.entries()) {
    if (part.type !== 'question' || !part.report) continue;
    const text = String(store.given(part.id)?.value ?? '').trim();
    const to = isCompared(part.report) ? COMPARISON : runOf(parts, i, store);
    if (!to || !text) continue;
    const before = found[to]?.[part.report];
    found[to] = { ...found[to], [part.report]: before ? `${before}\n${text}` : text };
  }
  return found;
}

/** The last run of the card before the question, or of the first card after it. */
function runOf(parts: Lesson['parts'], index: number, store: Pick<AnswerStore, 'ran'>): string | undefined {
  const before = parts.findLastIndex(({ type }, i) => i < index && type === 'experiment');
  const at = before >= 0 ? before : parts.findIndex(({ type }) => type === 'experiment');
  const card = parts[at];
  return card?.type === 'experiment' ? store.ran(cardId(card, at))?.run : undefined;
}

/** Posts each observation that changes from now on. */
export function reportAnswers(lesson: Lesson, store: AnswerStore): () => void {
  let sent = observationsOf(lesson, store);
  return store.subscribe(() => {
    const now = observationsOf(lesson, store);
    for (const to of new Set([...Object.keys(sent), ...Object.keys(now)])) {
      for (const figure of new Set([...Object.keys(sent[to] ?? {}), ...Object.keys(now[to] ?? {})])) {
        const name = figure as ObservedFigure;
        const [before = '', text = ''] = [sent[to]?.[name], now[to]?.[name]];
        if (text !== before) postObservation(to, name, text, before);
      }
    }
    sent = now;
  });
}
