/** A student's progress in one lesson: answers and finished runs. Where it is kept, the page decides: see `Keeper`. */
import { Observable } from '../lab/observable';
import { cardId, kindOf, type Lesson, type Question } from './document';
import { LESSON } from './text';

export interface Given {
  value: string | number;
  /** The number of wrong tries. */
  wrong?: number;
  /** Whether the student has asked for the answer. */
  shown?: boolean;
}

export interface Ran {
  /** The test accuracy, 0 to 1. */
  accuracy: number;
  guess?: number | null;
  /** The id under which the lab keeps the run. */
  run?: string;
}

export interface Progress {
  answers: Record<string, Given>;
  runs: Record<string, Ran>;
}

/** Where the progress is kept. `write` returns whether that was possible. */
export interface Keeper {
  read(): unknown;
  write(progress: Progress): boolean;
  /** What the student reads about it. */
  words: { kept: string; notKept: string };
}

const PREFIX = 'convlab.lesson ';

/** The longest answer that is kept. */
export const MOST_ANSWER = 4000;

/** The longest code that is kept. */
export const MOST_CODE = 20_000;

/** Keeps in the browser's storage, which a frame of another site may not have. */
export function localKeeper(key: string): Keeper {
  return {
    words: { kept: LESSON.keptHere, notKept: LESSON.notKept },
    read() {
      try {
        return JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
      } catch {
        return null;
      }
    },
    write(progress) {
      try {
        localStorage.setItem(PREFIX + key, JSON.stringify(progress));
        return true;
      } catch {
        return false;
      }
    },
  };
}

export class AnswerStore extends Observable {
  #progress: Progress;
  /** Whether the last change was kept. */
  isKept: boolean;

  constructor(
    readonly lesson: Lesson,
    private keeper: Keeper,
  ) {
    super();
    this.#progress = restored(lesson, keeper.read());
    this.isKept = keeper.write(this.#progress);
  }

  given(id: string): Given | null {
    return this.#progress.answers[id] ?? null;
  }

  ran(id: string): Ran | null {
    return this.#progress.runs[id] ?? null;
  }

  give(id: string, given: Given): void {
    this.#keep({ ...this.#progress, answers: { ...this.#progress.answers, [id]: given } });
  }

  finish(id: string, ran: Ran): void {
    this.#keep({ ...this.#progress, runs: { ...this.#progress.runs, [id]: ran } });
  }

  clear(): void {
    this.#keep({ answers: {}, runs: {} });
  }

  get words(): Keeper['words'] {
    return this.keeper.words;
  }

  /** The answers by the questions' ids, as a submission has them. */
  get answers(): Record<string, string | number> {
    const given = Object.entries(this.#progress.answers).filter(([, { value }]) => value !== '');
    return Object.fromEntries(given.map(([id, { value }]) => [id, value]));
  }

  /** The questions, experiments and boxes of code that are done, and all of them. */
  get done(): { done: number; all: number } {
    const { parts } = this.lesson;
    const states = parts.flatMap((part, i) => {
      if (part.type === 'question' || part.type === 'code') return [isAnswered(this.given(part.id))];
      return part.type === 'experiment' ? [this.ran(cardId(part, i)) !== null] : [];
    });
    return { done: states.filter(Boolean).length, all: states.length };
  }

  /** The right answers, and the questions that have one. */
  get score(): { right: number; all: number } {
    const checked = this.lesson.parts.filter((part): part is Question => part.type === 'question' && hasAnswer(part));
    const right = checked.filter((part) => {
      const given = this.given(part.id);
      return given !== null && !given.shown && isRight(part, given.value);
    });
    return { right: right.length, all: checked.length };
  }

  #keep(progress: Progress): void {
    this.#progress = progress;
    this.isKept = this.keeper.write(progress);
    this.changed();
  }
}

export const isAnswered = (given: Given | null): boolean => given !== null && given.value !== '';

export const hasAnswer = ({ answer }: Question): boolean => answer !== undefined;

/** Whether an answer cannot be changed any more. Without feedback a right answer stays open, since its end would be feedback. */
export const isFinal = (question: Question, given: Given | null, feedback: boolean): boolean =>
  given !== null &&
  (!!question.predict || !!given.shown || (feedback && hasAnswer(question) && isRight(question, given.value)));

/** As `convlab verify` counts it: numbers within the tolerance, words without regard to case. */
export function isRight({ answer, tolerance }: Question, value: string | number): boolean {
  // A small allowance, so that 0.3 is within 0.1 of 0.2.
  if (typeof answer === 'number') return Math.abs(Number(value) - answer) <= (tolerance ?? 0) + 1e-9 * Math.abs(answer);
  return answer?.trim().toLowerCase() === String(value).trim().toLowerCase();
}

/** The progress as it was kept. It may be of an earlier version of the lesson: what does not fit is left out. */
function restored({ parts }: Lesson, kept: unknown): Progress {
  const { answers, runs } = (kept ?? {}) as { answers?: Record<string, Given>; runs?: Record<string, Ran> };
  const progress: Progress = { answers: {}, runs: {} };
  for (const [i, part] of parts.entries()) {
    if (part.type === 'question') {
      const given = own(answers, part.id);
      if (given && fits(part, given.value)) progress.answers[part.id] = given;
    } else if (part.type === 'code') {
      const given = own(answers, part.id);
      if (typeof given?.value === 'string' && given.value.length <= MOST_CODE) progress.answers[part.id] = given;
    } else if (part.type === 'experiment') {
      const id = cardId(part, i);
      const ran = own(runs, id);
      const fits = Number.isFinite(ran?.accuracy) && ['string', 'undefined'].includes(typeof ran?.run);
      if (ran && fits) progress.runs[id] = ran;
    }
  }
  return progress;
}

const own = <T>(record: Record<string, T> | undefined, id: string): T | undefined =>
  typeof record === 'object' && record !== null && Object.hasOwn(record, id) && typeof record[id] === 'object'
    ? (record[id] ?? undefined)
    : undefined;

function fits(question: Question, value: unknown): value is string | number {
  switch (kindOf(question)) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'choice':
      return question.choices?.some((choice) => choice === value) ?? false;
    case 'text':
      return typeof value === 'string' && value.length <= MOST_ANSWER;
  }
}
