import { describe, expect, it } from 'vitest';
import type { AssignmentDocument, ClassEntry, ClassLine, Experiment } from '../../../www/src/base/engine';
import {
  documentOf,
  draftOf,
  emptyDraft,
  fileNameOf,
  numberProblem,
  problemOf,
  type QuestionRow,
  studentsDocument,
  withoutQuestion,
  withQuestion,
} from '../../../www/src/class/document';
import { sorted } from '../../../www/src/class/sort';

const DOCUMENT: AssignmentDocument = {
  assignment: 'Week <3>: Überfit',
  experiment: 'net-1',
  engine: 'cpu',
  seed: 'student',
  deadline: '2026-12-04T17:00:00Z',
  data_sha256: 'a'.repeat(64),
  students: ['Ada', 'Bob'],
  may_change: ['epochs', 'optimizer.learning_rate'],
  questions: [
    { id: 'why', text: 'Why?' },
    { id: 'n', text: 'How many?', answer: 2674, tolerance: 5 },
    { id: 'c', text: 'Which?', choices: ['a', 'b'], answer: 'b' },
  ],
  rubric: [
    { points: 3, accuracy: 0.975 },
    { points: 1, answer: 'why' },
    { points: 0.5, guess: 0.05 },
  ],
};

describe('the editor of an assignment', () => {
  it('gives back the document that it was opened with', () => {
    expect(documentOf(draftOf(JSON.stringify(DOCUMENT)), [])).toEqual(DOCUMENT);
    const gpu = { assignment: 'G', experiment: 'net-1', engine: 'any', exact: false, seed: 4 };
    expect(documentOf(draftOf(JSON.stringify(gpu)), [])).toEqual(gpu);
    const native = { assignment: 'N', experiment: 'net-1', engine: 'cpu', build: 'native', seed: 4 };
    expect(documentOf(draftOf(JSON.stringify(native)), [])).toEqual(native);
  });

  it('has the build of the CPU engine and the checksum of the images, which must be one', () => {
    const draft = { ...emptyDraft(), synthetic: false, train: '', test: '' };
    expect(documentOf(draft, [])).not.toHaveProperty('build');
    expect(documentOf(draft, [])).not.toHaveProperty('data_sha256');
    const sha256 = 'A0'.repeat(32);
    const filled = { ...draft, build: 'relaxed-simd' as const, dataSha256: ` ${sha256} ` };
    expect(problemOf(filled)).toBe('');
    expect(documentOf(filled, [])).toMatchObject({ build: 'relaxed-simd', data_sha256: 'a0'.repeat(32) });
    // A build belongs to the CPU engine.
    expect(documentOf({ ...filled, engine: 'any' }, [])).not.toHaveProperty('build');
    for (const wrong of ['a0'.repeat(31), 'g0'.repeat(32), `${sha256}0`])
      expect(problemOf({ ...filled, dataSha256: wrong })).toContain(`write 64 hexadecimal digits`);
    expect(problemOf({ ...filled, epochs: 'many' })).toContain('Epochs: write a number');
  });

  it('keeps the points of a question that gets another name, and removes them with the question', () => {
    const draft = draftOf(JSON.stringify(DOCUMENT));
    const questions = withQuestion(draft.questions.map((row) => (row.id === 'why' ? { ...row, id: ' n ' } : row)));
    const renamed = {
      ...draft,
      questions: questions.map((row) => (row.id === ' n ' ? { ...row, id: 'reason' } : row)),
    };
    expect(renamed.questions.map(({ id }) => id)).toEqual(['reason', 'n', 'c', 'q4']);
    expect(new Set(renamed.questions.map(({ key }) => key)).size).toBe(4);
    expect(documentOf(renamed, []).rubric?.[1]).toEqual({ points: 1, answer: 'reason' });
    const [first] = renamed.questions;
    const without = { ...renamed, ...withoutQuestion(renamed, first?.key ?? '') };
    expect(documentOf(without, []).rubric).toEqual([
      { points: 3, accuracy: 0.975 },
      { points: 0.5, guess: 0.05 },
    ]);
  });

  it('puts synthetic images, their number and epochs into an experiment', () => {
    const preset = {
      name: 'mnist-10',
      text: 'Long',
      input_shape: [28, 28, 1],
      dataset: { name: 'mnist', validation: 'test', split: 'letters' },
      epochs: 9,
    } as unknown as Experiment;
    const draft = { ...emptyDraft(), epochs: '3', train: '2000', test: '500' };
    expect(documentOf(draft, [preset]).experiment).toEqual({
      name: 'mnist-10',
      input_shape: [28, 28, 1],
      dataset: { name: 'synthetic_digits', validation: 'test', limit: { train: 2000, test: 500 } },
      epochs: 3,
    });
    expect(preset.dataset.name).toBe('mnist');
  });

  it('refuses numbers that are none, or that can be two, and says which', () => {
    const draft = draftOf(JSON.stringify(DOCUMENT));
    expect(numberProblem(draft)).toBe('');
    const [why, n, c] = draft.questions as [QuestionRow, QuestionRow, QuestionRow];
    const withN = (changes: Partial<QuestionRow>) => ({ ...draft, questions: [why, { ...n, ...changes }, c] });
    const two = '“17,386” can be 17386 or 17.386. Write one of these.';
    expect(numberProblem(withN({ answer: '17,386' }))).toBe(`Right answer, if there is one: ${two}`);
    expect(numberProblem(withN({ answer: 'seventeen' }))).toBe('');
    expect(numberProblem(withN({ tolerance: '17,386' }))).toBe(`A number may be off by: ${two}`);
    expect(numberProblem({ ...draft, train: '2,000' })).toContain('“2,000” can be 2000 or 2.');
    expect(numberProblem({ ...draft, rubric: [{ points: 'x', kind: 'accuracy', value: '90' }] })).toBe(
      'Points: write a number such as 2.5. Received: “x”.',
    );
    expect(documentOf(withN({ answer: '17.386', tolerance: '0,5' }), []).questions?.[1]).toMatchObject({
      answer: 17.386,
      tolerance: 0.5,
    });
  });

  it('makes a copy for students without answers and names', () => {
    const { students, questions, ...rest } = studentsDocument(DOCUMENT);
    expect(students).toBeUndefined();
    expect(JSON.stringify(questions)).not.toMatch(/answer|tolerance/);
    expect(rest.rubric).toEqual(DOCUMENT.rubric);
    expect(fileNameOf(DOCUMENT)).toBe('week-3-überfit.json');
  });
});

it('lines are sorted by a column; those without a value come last in both directions', () => {
  const line = (file: string, points: number | null): ClassLine => ({
    file,
    student: file,
    entry: points === null ? null : ({ points } as ClassEntry),
    differences: [],
  });
  const lines = [line('b', 2), line('c', null), line('a', 10)];
  expect(sorted(lines, null)).toEqual([0, 1, 2]);
  expect(sorted(lines, { column: 'points', descending: false })).toEqual([0, 2, 1]);
  expect(sorted(lines, { column: 'points', descending: true })).toEqual([2, 0, 1]);
  expect(sorted(lines, { column: 'student', descending: false })).toEqual([2, 0, 1]);
});
