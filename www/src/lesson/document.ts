/** A lesson as one document: its schema and its types. `check.ts` checks one, `read.ts` reads one from JSON or Markdown. */
import * as v from 'valibot';
import { OBSERVED } from '../base/observed';
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

/** The largest image of a lesson, in bytes. */
export const MOST_IMAGE_BYTES = 1 << 20;

const MOST_IMAGE_CHARACTERS = 30 + 4 * Math.ceil(MOST_IMAGE_BYTES / 3);

/** The beginnings of the four kinds of files, in base64. SVG is not among them: it can hold scripts and addresses. */
export const IMAGE =
  /^data:image\/(?:png;base64,iVBORw0KGg|jpeg;base64,\/9j\/|webp;base64,UklGR|gif;base64,R0lGOD)[A-Za-z0-9+/]*={0,2}$/;

const image = v.pipe(
  v.string(),
  v.maxLength(MOST_IMAGE_CHARACTERS, LESSON.rules.imageLarge),
  v.regex(IMAGE, LESSON.rules.image),
);

/** An experiment: its id, a document, or the address of one, which may be relative to the lesson. */
const experiment = v.union([line, v.record(v.string(), v.unknown())]);

const Text = v.strictObject({
  type: v.literal('text'),
  /** Markdown. */
  text,
});

/** A part that can be hidden: what to look for, a solution. */
const Hint = v.strictObject({ type: v.literal('hint'), title: v.optional(line), text });

/** A card: the attributes of `<conv-lab>`. One of `experiment` and `assignment` is needed. */
const Card = v.strictObject({
  type: v.literal('experiment'),
  id: v.optional(id),
  experiment: v.optional(experiment),
  /** An assignment, given as an experiment is. It sets the experiment, the data, the engine and the seed, and asks for the name. */
  assignment: v.optional(experiment),
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
  /** The figure of the report at which the answer stands as an observation: of the run before it, or of the comparison. */
  report: v.optional(v.picklist(OBSERVED)),
});

/** A box for Keras code of the student's own, whose network is compared with that of an experiment. */
const Code = v.strictObject({
  type: v.literal('code'),
  id,
  /** Markdown. */
  text: v.optional(text),
  experiment,
});

const Part = v.variant('type', [Text, Hint, Card, Question, Code]);

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
  /** Images that the texts show by their names: `![What it shows](name)`. */
  images: v.optional(v.record(id, image)),
  parts: v.pipe(v.array(Part), v.minLength(1, LESSON.rules.noParts), v.maxLength(MOST_PARTS, LESSON.rules.parts)),
});

export type Lesson = v.InferOutput<typeof LessonSchema>;
export type Part = v.InferOutput<typeof Part>;
export type PartType = Part['type'];
export type Question = v.InferOutput<typeof Question>;
export type Card = v.InferOutput<typeof Card>;
export type Code = v.InferOutput<typeof Code>;
export type Images = Lesson['images'];
export type Hint = v.InferOutput<typeof Hint>;
export type QuestionKind = NonNullable<Question['kind']>;

export const PART_TYPES: readonly PartType[] = ['text', 'experiment', 'question', 'hint', 'code'];

/** The place of a part or of a field, for an error. */
export type Place = (path: readonly PropertyKey[]) => string;

/** `parts[3].answer` */
export const jsonPlace: Place = (path) =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');

export const kindOf = ({ kind, choices, answer }: Question): QuestionKind =>
  kind ?? (choices ? 'choice' : typeof answer === 'number' ? 'number' : 'text');

/** The name of the n-th part's card: its own, or one from its place. */
export const cardId = (card: Card, index: number): string => card.id ?? `experiment-${index + 1}`;
