/** The document of an assignment as the editor has it: fields of text, from which the JSON is made. */
import type { AssignmentDocument, Award, Experiment, Question } from '../base/engine';
import { fieldNumber as number, readings } from '../base/number';
import { CLASS } from './text';

export type AwardKind = 'accuracy' | 'answer' | 'guess';

export interface AwardRow {
  points: string;
  kind: AwardKind;
  /** Per cent, percentage points, or the key of a question. */
  value: string;
}

export interface QuestionRow {
  /** What points refer to, since the id can be changed. */
  key: string;
  id: string;
  text: string;
  choices: string;
  answer: string;
  tolerance: string;
}

export interface Draft {
  title: string;
  /** The id of a built-in experiment, or a document. */
  experiment: string | Experiment;
  /** Synthetic images in place of the experiment's own. */
  synthetic: boolean;
  train: string;
  test: string;
  epochs: string;
  seed: 'student' | 'number';
  number: string;
  engine: 'cpu' | 'any';
  /** The build of the CPU engine; empty for the one that follows from the rest. */
  build: NonNullable<AssignmentDocument['build']> | '';
  /** Checksum of the images, in hexadecimal digits. */
  dataSha256: string;
  /** Local time, as an input of the type `datetime-local` has it. */
  deadline: string;
  mayChange: string;
  students: string;
  questions: QuestionRow[];
  rubric: AwardRow[];
  /** What the editor has no fields for. */
  rest: Partial<AssignmentDocument>;
}

export const emptyDraft = (): Draft => ({
  title: 'Week 1',
  experiment: 'mnist-10',
  synthetic: true,
  train: '2000',
  test: '500',
  epochs: '',
  seed: 'student',
  number: '0',
  engine: 'cpu',
  build: '',
  dataSha256: '',
  deadline: '',
  mayChange: '',
  students: '',
  questions: [],
  rubric: [],
  rest: {},
});

const shown = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The moment in local time; empty if it is none. */
function local(deadline: string | undefined): string {
  const time = new Date(deadline && !deadline.includes('T') ? `${deadline}T23:59:59Z` : (deadline ?? ''));
  if (Number.isNaN(time.getTime())) return '';
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The draft of a document; of an experiment alone or a preset, an assignment of it. */
export function draftOf(text: string): Draft {
  const draft = emptyDraft();
  if (!text.trim().startsWith('{'))
    return text === '' ? draft : { ...draft, experiment: text, synthetic: false, seed: 'number' };
  const value = JSON.parse(text) as AssignmentDocument | Experiment;
  if (!('assignment' in value)) {
    const number = shown(value.seed ?? 0);
    return { ...draft, title: value.title ?? value.name, experiment: value, synthetic: false, seed: 'number', number };
  }
  const { assignment, experiment, seed, engine, build, data_sha256, deadline, may_change, students, ...others } = value;
  const { questions, rubric, ...rest } = others;
  return {
    title: assignment,
    experiment,
    synthetic: false,
    train: '',
    test: '',
    epochs: '',
    seed: seed === 'student' ? 'student' : 'number',
    number: typeof seed === 'number' ? String(seed) : '',
    engine: engine === 'gpu' || engine === 'any' ? 'any' : 'cpu',
    build: build ?? '',
    dataSha256: data_sha256 ?? '',
    deadline: local(deadline ?? undefined),
    mayChange: (may_change ?? []).join('\n'),
    students: (students ?? []).join('\n'),
    questions: (questions ?? []).map(({ id, text, choices, answer, tolerance }, index) => ({
      key: String(index),
      id,
      text,
      choices: (choices ?? []).join('\n'),
      answer: shown(answer),
      tolerance: shown(tolerance),
    })),
    rubric: (rubric ?? []).map((one) => rowOf(one, questions ?? [])),
    rest,
  };
}

function rowOf({ points, accuracy, answer, guess }: Award, questions: readonly Question[]): AwardRow {
  const hundred = (share: number) => String(Number((share * 100).toPrecision(10)));
  if (answer !== undefined && answer !== null) {
    const key = questions.findIndex(({ id }) => id === answer);
    return { points: String(points), kind: 'answer', value: String(key) };
  }
  if (guess !== undefined && guess !== null) return { points: String(points), kind: 'guess', value: hundred(guess) };
  return { points: String(points), kind: 'accuracy', value: hundred(accuracy ?? 0) };
}

function award({ points, kind, value }: AwardRow, questions: readonly QuestionRow[]): Award {
  const share = Number((number(value) / 100).toPrecision(10));
  const answer = questions.find(({ key }) => key === value)?.id.trim() ?? '';
  return { points: number(points), ...(kind === 'answer' ? { answer } : { [kind]: share }) };
}

function question({ id, text, choices, answer, tolerance }: QuestionRow): Question {
  const options = linesOf(choices);
  const isNumber = options.length === 0 && Number.isFinite(number(answer));
  return {
    id: id.trim(),
    text,
    ...(options.length > 0 && { choices: options }),
    ...(answer.trim() !== '' && { answer: isNumber ? number(answer) : answer.trim() }),
    ...(tolerance.trim() !== '' && { tolerance: number(tolerance) }),
  };
}

/** Why the first number that cannot be read cannot; empty if all can be. An answer is a number only if it looks like one. */
export function numberProblem({ train, test, epochs, seed, number: own, questions, rubric }: Draft): string {
  const words = CLASS.maker;
  const optional = (label: string, text: string): [string, string][] => (text.trim() === '' ? [] : [[label, text]]);
  const fields: [label: string, text: string][] = [
    ...optional(words.train, train),
    ...optional(words.test, test),
    ...optional(words.epochs, epochs),
    ...(seed === 'number' ? optional(words.number, own) : []),
    ...questions.flatMap(({ answer, choices, tolerance }) => [
      ...(linesOf(choices).length === 0 && readings(answer).length > 0 ? optional(words.answer, answer) : []),
      ...optional(words.tolerance, tolerance),
    ]),
    ...rubric.flatMap(({ points, kind, value }): [string, string][] => [
      [words.points, points],
      ...(kind === 'answer' ? [] : ([[words.kinds[kind], value]] as [string, string][])),
    ]),
  ];
  const [label, text] = fields.find(([, text]) => Number.isNaN(number(text))) ?? ['', ''];
  if (label === '') return '';
  const [small, large] = readings(text);
  return large === undefined
    ? words.notNumber(label, text)
    : words.twoNumbers(label, text, String(large), String(small));
}

/** Why the document cannot be made of the draft; empty if it can. */
export function problemOf(draft: Draft): string {
  const sha256 = draft.dataSha256.trim();
  if (sha256 !== '' && !/^[0-9a-f]{64}$/i.test(sha256)) return CLASS.maker.notSha256(sha256);
  return numberProblem(draft);
}

/** The experiment with the draft's images and epochs. */
function experimentOf(draft: Draft, presets: readonly Experiment[]): string | Experiment {
  const { experiment, synthetic, train, test, epochs } = draft;
  const isChanged = synthetic || train.trim() !== '' || test.trim() !== '' || epochs.trim() !== '';
  if (!isChanged) return experiment;
  const found = typeof experiment === 'string' ? presets.find(({ name }) => name === experiment) : experiment;
  if (!found) return experiment;
  const { text: _, ...changed } = structuredClone(found);
  if (synthetic) {
    const { name, validation } = changed.dataset;
    const isOwn = name.startsWith('synthetic_');
    const drawn = changed.input_shape.at(-1) === 1 ? 'synthetic_digits' : 'synthetic_objects';
    changed.dataset = { name: isOwn ? name : drawn, ...(validation !== undefined && { validation }) };
  }
  const limit = {
    ...changed.dataset.limit,
    ...(train.trim() !== '' && { train: number(train) }),
    ...(test.trim() !== '' && { test: number(test) }),
  };
  if (Object.keys(limit).length > 0) changed.dataset.limit = limit;
  if (epochs.trim() !== '') changed.epochs = number(epochs);
  return changed;
}

export function documentOf(draft: Draft, presets: readonly Experiment[]): AssignmentDocument {
  const { title, seed, engine, build, dataSha256, deadline, mayChange, students, questions, rubric, rest } = draft;
  const moment = new Date(deadline);
  const list = (text: string) => (linesOf(text).length > 0 ? linesOf(text) : undefined);
  const listed = <T>(items: T[]) => (items.length > 0 ? items : undefined);
  const { exact, ...kept } = rest;
  return withoutEmpty({
    assignment: title,
    experiment: experimentOf(draft, presets),
    // A tolerance belongs to the GPU; an exact build to the CPU.
    ...(engine === 'any' ? { engine: 'any', exact: false } : { engine: 'cpu', build: build || undefined, exact }),
    seed: seed === 'student' ? 'student' : draft.number.trim() === '' ? undefined : number(draft.number),
    deadline: Number.isNaN(moment.getTime()) ? undefined : moment.toISOString().replace('.000Z', 'Z'),
    data_sha256: dataSha256.trim().toLowerCase() || undefined,
    ...kept,
    students: list(students),
    may_change: list(mayChange),
    questions: listed(questions.map(question)),
    rubric: listed(rubric.map((row) => award(row, questions))),
  });
}

/** With an empty question more. */
export function withQuestion(questions: readonly QuestionRow[]): QuestionRow[] {
  const key = String(Math.max(-1, ...questions.map((row) => Number(row.key))) + 1);
  const id = `q${questions.length + 1}`;
  return [...questions, { key, id, text: '', choices: '', answer: '', tolerance: '' }];
}

/** Without a question and the points for it. */
export const withoutQuestion = (
  { questions, rubric }: Draft,
  removed: string,
): Pick<Draft, 'questions' | 'rubric'> => ({
  questions: questions.filter(({ key }) => key !== removed),
  rubric: rubric.filter(({ kind, value }) => kind !== 'answer' || value !== removed),
});

/** For students: without right answers and the names of the others. The checks are the same. */
export function studentsDocument(document: AssignmentDocument): AssignmentDocument {
  const { students: _, questions, ...rest } = document;
  const hidden = questions?.map(({ answer: _answer, tolerance: _tolerance, ...question }) => question);
  return withoutEmpty({ ...rest, questions: hidden });
}

const withoutEmpty = (document: Record<string, unknown>): AssignmentDocument =>
  Object.fromEntries(
    Object.entries(document).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as AssignmentDocument;

/** The name of the document's file. */
export const fileNameOf = ({ assignment }: AssignmentDocument): string =>
  `${
    assignment
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'assignment'
  }.json`;
