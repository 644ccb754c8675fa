/** A lesson as one document: its schema and its types. `check.ts` checks one, `read.ts` reads one from JSON or Markdown. */
import * as v from 'valibot';
import { decimalNumber } from '../base/settings';
import { LESSON } from './text';

const MOST_PARTS = 300;

const text = v.pipe(v.string(), v.minLength(1, LESSON.rules.empty), v.maxLength(100_000, LESSON.rules.long));
const line = v.pipe(v.string(), v.minLength(1, LESSON.rules.empty), v.maxLength(300, LESSON.rules.long));
const id = v.pipe(v.string(), v.regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, LESSON.rules.id));
const count = v.pipe(v.number(), v.integer(LESSON.rules.whole), v.minValue(0, LESSON.rules.negative));
const epochs = v.pipe(
  v.number(),
  v.check((value) => decimalNumber.parse(String(value)) !== undefined, LESSON.rules.decimals),
  v.minValue(0, LESSON.rules.negative),
);

const Text = v.strictObject({
  type: v.literal('text'),
  /** Markdown. */
  text,
});

/** A part that can be hidden: what to look for, a solution. */
const Hint = v.strictObject({ type: v.literal('hint'), title: v.optional(line), text });

/** A card: the attributes of `<conv-lab>`. */
const Card = v.strictObject({
  type: v.literal('experiment'),
  id: v.optional(id),
  /** An experiment's id, a document, or the address of one, which may be relative to the lesson. */
  experiment: v.union([line, v.record(v.string(), v.unknown())]),
  view: v.optional(line),
  data: v.optional(line),
  engine: v.optional(line),
  epochs: v.optional(epochs),
  batch: v.optional(count),
  seed: v.optional(count),
  train: v.optional(count),
  test: v.optional(count),
  locked: v.optional(v.boolean()),
  guess: v.optional(v.boolean()),
  about: v.optional(v.picklist(['all', 'question', 'none'])),
});

/** A question. `id`, `text`, `choices`, `answer` and `tolerance` mean the same as in an assignment. */
const Question = v.strictObject({
  type: v.literal('question'),
  id,
  /** Markdown. */
  text,
  /** Without it: a choice if there are choices, a number if the answer is one, else a text. */
  kind: v.optional(v.picklist(['number', 'choice', 'text'])),
  choices: v.optional(
    v.pipe(v.array(line), v.minLength(2, LESSON.rules.choices), v.maxLength(20, LESSON.rules.choices)),
  ),
  answer: v.optional(v.union([v.number(), line])),
  tolerance: v.optional(v.pipe(v.number(), v.minValue(0, LESSON.rules.negative))),
  unit: v.optional(line),
  /** Markdown, shown with the right answer. */
  explanation: v.optional(text),
  /** Whether the next experiment appears only when this is answered. The answer then stays. */
  predict: v.optional(v.boolean()),
});

const Part = v.variant('type', [Text, Hint, Card, Question]);

export const LessonSchema = v.strictObject({
  $schema: v.optional(v.string()),
  /** The title. */
  lesson: line,
  /** The name under which the answers are kept; the address of the document if this is not set. */
  id: v.optional(id),
  description: v.optional(v.pipe(v.string(), v.maxLength(1000, LESSON.rules.long))),
  minutes: v.optional(count),
  /** The language of the text, such as `de`. */
  language: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, LESSON.rules.language))),
  /** Whether hints are shown, shown after the experiment before them has run, or left out. */
  hints: v.optional(v.picklist(['shown', 'after', 'hidden'])),
  /** Whether a student learns at once if an answer is right. */
  feedback: v.optional(v.boolean()),
  parts: v.pipe(v.array(Part), v.minLength(1, LESSON.rules.noParts), v.maxLength(MOST_PARTS, LESSON.rules.parts)),
});

export type Lesson = v.InferOutput<typeof LessonSchema>;
export type Part = v.InferOutput<typeof Part>;
export type PartType = Part['type'];
export type Question = v.InferOutput<typeof Question>;
export type Card = v.InferOutput<typeof Card>;
export type Hint = v.InferOutput<typeof Hint>;
export type QuestionKind = NonNullable<Question['kind']>;

export const PART_TYPES: readonly PartType[] = ['text', 'experiment', 'question', 'hint'];

/** The place of a part or of a field, for an error. */
export type Place = (path: readonly PropertyKey[]) => string;

/** `parts[3].answer` */
export const jsonPlace: Place = (path) =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');

export const kindOf = ({ kind, choices, answer }: Question): QuestionKind =>
  kind ?? (choices ? 'choice' : typeof answer === 'number' ? 'number' : 'text');

/** The name of the n-th part's card: its own, or one from its place. */
export const cardId = (card: Card, index: number): string => card.id ?? `experiment-${index + 1}`;
