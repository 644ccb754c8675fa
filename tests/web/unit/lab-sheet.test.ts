/** The lab sheet: nineteen exercises, each with its place in the worksheet, and every checked number computed anew. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Question } from '../../../www/src/lesson/document';
import { readLesson } from '../../../www/src/lesson/read';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const sheet = await readLesson(read('www/public/lessons/lab-sheet.md'));
const questions = new Map(
  sheet.parts
    .filter((part): part is Question & { type: 'question' } => part.type === 'question')
    .map((one) => [one.id, one]),
);

interface Layer {
  type: string;
  filters?: number;
  units?: number;
  kernel_size?: number | [number, number];
  pool_size?: number | [number, number];
  padding?: string;
}

/** Sizes and parameters of a preset's layers by the two formulas, independent of the engine. */
function counted(id: string) {
  const { input_shape, layers } = JSON.parse(read(`src/experiment/presets/${id}.json`)) as {
    input_shape: [number, number, number];
    layers: Layer[];
  };
  let [side, , channels] = input_shape;
  let flat = 0;
  const rows = layers.map(({ type, filters = 0, units = 0, kernel_size = 1, pool_size = 2, padding }) => {
    const size = (value: number | [number, number]) => (Array.isArray(value) ? value[0] : value);
    if (type === 'conv2d') {
      const params = (size(kernel_size) ** 2 * channels + 1) * filters;
      if (padding !== 'same') side = side - size(kernel_size) + 1;
      channels = filters;
      return { type, side, params };
    }
    if (type === 'max_pooling2d') side = Math.floor((side - size(pool_size)) / size(pool_size)) + 1;
    if (type === 'flatten') flat = side * side * channels;
    const params = type === 'dense' ? (flat + 1) * units : 0;
    if (type === 'dense') flat = units;
    return { type, side, params, flat };
  });
  const of = (type: string) => rows.filter((row) => row.type === type);
  return {
    convolutions: of('conv2d'),
    pools: of('max_pooling2d'),
    dense: of('dense'),
    flat: of('flatten')[0]?.flat,
    total: rows.reduce((sum, { params }) => sum + params, 0),
  };
}

const [one, two, three] = ['net-1', 'net-2', 'net-3'].map(counted) as [
  ReturnType<typeof counted>,
  ReturnType<typeof counted>,
  ReturnType<typeof counted>,
];

/** What each exercise asks, the parts that answer it, and the right numbers. */
const ROWS: [exercise: number, asks: RegExp, answers: Record<string, number | string | null>][] = [
  [1, /load the data/, { 'e1-training': 50_000 * 0.8, 'e1-values': 32 * 32 * 3 }],
  [2, /look at the images/, { 'e2-look': null }],
  [3, /NET I$/m, { 'e3-softmax': 'It turns ten numbers into probabilities that add up to one' }],
  [
    4,
    /O_n/,
    {
      'e4-o1': one.convolutions[0]?.side ?? 0,
      'e4-o2': one.pools[0]?.side ?? 0,
      'e4-o3': one.convolutions[1]?.side ?? 0,
      'e4-o4': one.pools[1]?.side ?? 0,
      'e4-flatten': one.flat ?? 0,
    },
  ],
  [
    5,
    /P_n/,
    {
      'e5-p1': one.convolutions[0]?.params ?? 0,
      'e5-p2': one.convolutions[1]?.params ?? 0,
      'e5-p3': one.convolutions[2]?.params ?? 0,
      'e5-dense': one.dense[0]?.params ?? 0,
    },
  ],
  [6, /summary/, { 'e6-total': one.total }],
  [7, /train NET I/, { 'e7-steps': Math.ceil(40_000 / 128) }],
  [8, /history/, { 'e8-keys': 'loss, accuracy, val_loss, val_accuracy' }],
  [9, /accuracy/, { 'e9-accuracy': null }],
  [10, /loss/, { 'e10-loss': null }],
  [
    11,
    /overfitting begin/,
    { 'e11-sign': 'The training loss keeps falling while the validation loss rises', 'e11-epoch': null },
  ],
  [12, /evaluate on the test set/, { 'e12-test': null }],
  [13, /first test image/, { 'e13-first': null }],
  [14, /NET II$/m, { 'e14-o': two.convolutions[1]?.side ?? 0, 'e14-flatten': two.flat ?? 0 }],
  [15, /parameters of NET II/, { 'e15-p2': two.convolutions[1]?.params ?? 0, 'e15-total': two.total }],
  [16, /in comparison to NET I/, { 'e16-guess': null, 'e16-observe': null }],
  [17, /NET III$/m, { 'e17-same': three.convolutions[0]?.side ?? 0, 'e17-total': three.total }],
  [18, /deviation/, { 'e18-deviation': null }],
  [19, /better results/, { 'e19-better': null }],
];

it('has a box for code of one’s own in exercise 3, compared with NET I', () => {
  const at = sheet.parts.findIndex((part) => part.type === 'code');
  expect(sheet.parts[at]).toMatchObject({ id: 'e3-code', experiment: 'net-1' });
  expect(sheet.parts[at - 1]).toMatchObject({ text: expect.stringMatching(/^## Exercise 3: /) });
});

const text = sheet.parts.map((part) => ('text' in part ? part.text : '')).join('\n');

it('has nineteen exercises', () => {
  expect(text.match(/^## Exercise \d+/gm)).toHaveLength(19);
  expect(ROWS.flatMap(([, , answers]) => Object.keys(answers)).sort()).toEqual([...questions.keys()].sort());
});

it.each(ROWS)('exercise %i asks %s and has the right answers', (exercise, asks, answers) => {
  const heading = new RegExp(`^## Exercise ${exercise}: .*$`, 'm').exec(text)?.[0] ?? '';
  expect(heading).toMatch(asks);
  for (const [id, answer] of Object.entries(answers)) expect(questions.get(id)?.answer ?? null, id).toBe(answer);
});
