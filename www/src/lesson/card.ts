/** The card of an experiment or an assignment in a lesson. */
import { html } from 'lit';
import type { Experiment } from '../base/engine';
import type { ConvlabEvents } from '../embed/types';
import { withoutLessonQuestions } from './assigned';
import type { Card, Lesson } from './document';
import type { AnswerStore } from './store';

/** What a card needs of the lesson around it. */
export interface Around {
  lesson: Lesson;
  store: AnswerStore;
  /** The address of the lesson. */
  base: string;
}

const number = (value: number | undefined): string => String(value ?? '');

export function cardElement(card: Card, id: string, { lesson, store, base }: Around) {
  const { experiment = '' } = card;
  const own = typeof experiment === 'object' ? (experiment as unknown as Experiment) : null;
  return html`<conv-lab
    compact
    id=${id}
    .experiment=${own ? '' : addressIn(String(experiment), base)}
    .spec=${own}
    .assignment=${assignmentOf(card, lesson, base)}
    .view=${card.view ?? ''}
    .data=${card.data ?? ''}
    .engine=${card.engine ?? ''}
    .epochs=${number(card.epochs)}
    .batch=${number(card.batch)}
    .seed=${number(card.seed)}
    .train=${number(card.train)}
    .test=${number(card.test)}
    .about=${card.about ?? 'none'}
    ?locked=${card.locked}
    ?guess=${card.guess}
    .answers=${store.answers}
    @convlab-done=${({ detail }: CustomEvent<ConvlabEvents['convlab-done']>) =>
      store.finish(id, { accuracy: detail.accuracy, guess: detail.guess, run: detail.run })}
  ></conv-lab>`;
}

function assignmentOf({ assignment = '' }: Card, lesson: Lesson, base: string): string {
  return typeof assignment === 'object'
    ? JSON.stringify(withoutLessonQuestions(assignment, lesson))
    : addressIn(assignment, base);
}

/** The name of a preset stays; the address of a document is relative to the lesson. */
export function addressIn(experiment: string, base: string): string {
  const isAddress = /\/|\.json$/i.test(experiment.trim()) && !experiment.trim().startsWith('{');
  return isAddress && URL.canParse(experiment, base) ? new URL(experiment, base).href : experiment;
}
