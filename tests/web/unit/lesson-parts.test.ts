/** Assignments and images of a lesson's document, and the comparison of the student's network with another one. */
import { describe, expect, it } from 'vitest';
import type { Experiment, Summary } from '../../../www/src/base/engine';
import { lockedCard } from '../../../www/src/editor/assignment';
import { readAssignment } from '../../../www/src/editor/assignment-field';
import { withoutImage } from '../../../www/src/editor/draft';
import { kindOfImage, readImage } from '../../../www/src/editor/images';
import { assignmentTitle, forStudents, withoutLessonQuestions } from '../../../www/src/lesson/assigned';
import { addressIn } from '../../../www/src/lesson/card';
import { IMAGE, type Lesson } from '../../../www/src/lesson/document';
import { compared, type Network } from '../../../www/src/lesson/network';
import { experiment } from './documents';

const ASSIGNMENT = {
  assignment: 'Week 3',
  experiment: 'mnist-10',
  seed: 'student',
  students: ['Ada'],
  questions: [
    { id: 'why', text: 'Why?' },
    { id: 'layers', text: 'How many?', answer: 3, tolerance: 1, choices: ['2', '3'] },
  ],
  rubric: [
    { points: 1, answer: 'why' },
    { points: 2, answer: 'layers' },
    { points: 1, guess: 1 },
  ],
};

describe('an assignment in a lesson', () => {
  it('is without answers and names', () => {
    expect(forStudents(ASSIGNMENT)).toEqual({
      assignment: 'Week 3',
      experiment: 'mnist-10',
      seed: 'student',
      questions: [
        { id: 'why', text: 'Why?' },
        { id: 'layers', text: 'How many?', choices: ['2', '3'] },
      ],
      rubric: ASSIGNMENT.rubric,
    });
    expect(forStudents({ name: 'mine', layers: [] })).toEqual({ name: 'mine', layers: [] });
  });

  it('asks no question that the lesson asks', () => {
    const lesson: Lesson = { lesson: 'A', parts: [{ type: 'question', id: 'why', text: 'Why?' }] };
    expect(withoutLessonQuestions(ASSIGNMENT, lesson)).toMatchObject({
      questions: [{ id: 'layers' }],
      rubric: [
        { points: 2, answer: 'layers' },
        { points: 1, guess: 1 },
      ],
    });
  });

  it('has a title, also where it is an experiment only', () => {
    expect(assignmentTitle(ASSIGNMENT)).toBe('Week 3');
    expect(assignmentTitle({ name: 'mine', title: 'Mine' })).toBe('Mine');
    expect(assignmentTitle({ name: 'mine' })).toBe('mine');
  });

  it('is read from a file, which may be anything', async () => {
    const file = (text: string) => new File([text], 'x.json');
    expect(await readAssignment(file(JSON.stringify(ASSIGNMENT)))).toEqual(forStudents(ASSIGNMENT));
    expect(await readAssignment(file('{"name": "mine", "layers": []}'))).toEqual({ name: 'mine', layers: [] });
    for (const wrong of ['', '[]', '{}', 'null', '3', '{"assignment": 3}', '{"assignment": "A"', ' '.repeat(2 << 20)])
      await expect(readAssignment(file(wrong)), wrong.slice(0, 20)).rejects.toThrow('x.json is not an assignment.');
  });

  it('has an address relative to the lesson, where it is not a document or a name', () => {
    const base = 'https://a.example/course/x.md';
    expect(addressIn('./week.json', base)).toBe('https://a.example/course/week.json');
    expect(addressIn('mnist-10', base)).toBe('mnist-10');
    expect(addressIn('{"assignment": "a/b"}', base)).toBe('{"assignment": "a/b"}');
  });

  it('is not made again for a card that has one', () => {
    const locked = { type: 'experiment', experiment: 'net-1', locked: true } as const;
    const own = { ...locked, assignment: 'week.json' };
    expect(lockedCard({ lesson: 'A', parts: [own, locked] })).toBe(locked);
    expect(lockedCard({ lesson: 'A', parts: [own] })).toBeNull();
  });
});

const bytes = (...values: number[]) => new Uint8Array(values);
const PNG = bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2);
const WEBP = new TextEncoder().encode('RIFF1234WEBPVP8 ');

describe('an image', () => {
  it.each([
    ['png', PNG],
    ['jpeg', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['webp', WEBP],
    ['gif', new TextEncoder().encode('GIF89a')],
    [null, new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [null, new TextEncoder().encode('RIFF1234WAVE')],
    [null, new TextEncoder().encode('BM')],
    [null, bytes()],
  ])('is known by its content: %s', (kind, content) => expect(kindOfImage(content)).toBe(kind));

  it('becomes an address that the check of a lesson takes, with a name that is free', async () => {
    for (const content of [PNG, bytes(0xff, 0xd8, 0xff, 0xe0), WEBP, new TextEncoder().encode('GIF89a')])
      expect((await readImage(new File([content], 'x'))).content).toMatch(IMAGE);
    const named = async (name: string, images = {}) => (await readImage(new File([PNG], name), images)).name;
    expect(await named('Würfel (1).PNG')).toBe('Wurfel-1.png');
    expect(await named('../../x y.png')).toBe('x-y.png');
    expect(await named('图.png')).toBe('image.png');
    expect(await named('a.png', { 'a.png': '', 'a-2.png': '' })).toBe('a-3.png');
  });

  it('that is too large, alone or with the others, is refused', async () => {
    const large = new File([PNG, new Uint8Array(1 << 20)], 'large.png');
    await expect(readImage(large)).rejects.toThrow('large.png has more than 1 MB.');
    const full = { a: 'x'.repeat(3_800_000) };
    await expect(readImage(new File([PNG], 'b.png'), full)).rejects.toThrow('b.png does not fit');
  });

  it('is deleted, and with the last one the field', () => {
    const lesson: Lesson = { lesson: 'A', images: { a: '1', b: '2' }, parts: [] };
    const one = withoutImage(lesson, 'a');
    expect(one.images).toEqual({ b: '2' });
    expect(Object.keys(withoutImage(one, 'b'))).toEqual(['lesson', 'parts']);
  });
});

/** A network whose summary has the layers of the document, with a shape and a count for each. */
function network(layers: Experiment['layers'], counts: number[], input = '(None, 28, 28, 1)'): Network {
  const rows = layers.map(({ type }, i) => ({
    class_name: type === 'dense' ? 'Dense' : 'Flatten',
    shape_text: `(None, ${i})`,
    params: counts[i] ?? 0,
  }));
  const totals = { params: counts.reduce((sum, count) => sum + count, 0) };
  const summary = { input_text: input, layers: rows, totals } as unknown as Summary;
  return { experiment: { ...experiment('x'), layers }, summary };
}

describe('a network', () => {
  const layers: Experiment['layers'] = [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }];
  const other = network(layers, [0, 7850]);

  it('equals another one with the same layers and parameters', () => {
    expect(compared(network(layers, [0, 7850]), other, 'NET I')).toEqual({
      kind: 'equal',
      sentences: ['Your network equals NET I: 7,850 parameters.'],
    });
  });

  it.each([
    ['another number of parameters', network(layers, [0, 7840]), /^Layer 2 .*7,840 parameters\. NET I: .*7,850/],
    [
      'another activation',
      network([{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'linear' }], [0, 7850]),
      /^Layer 2 .*Yours: Dense, output.* NET I: Dense \(softmax\), output/,
    ],
    ['a layer less', network([{ type: 'flatten' }], [0]), /^Layer 2 .*Yours: no such layer\. NET I: Dense/],
    ['a layer more', network([...layers, { type: 'flatten' }], [0, 7850, 0]), /^Layer 3 .*NET I: no such layer\.$/],
    ['another input', network(layers, [0, 7850], '(None, 32, 32, 3)'), /^The input differs\. .*32, 32, 3.*28, 28, 1/],
  ])('with %s is another one', (_, own, why) => {
    const verdict = compared(own, other, 'NET I');
    expect(verdict.kind).toBe('different');
    expect(verdict.kind === 'different' && verdict.sentences[1]).toMatch(why);
  });
});
