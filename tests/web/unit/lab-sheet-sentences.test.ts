/**
 * Every sentence of the lab sheet has a row: what it says or asks, where the page answers it, and that it is right. Facts are compared with
 * the presets and the data sets, arithmetic is computed anew, and places are links of views that exist.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { setNamed } from '../../../www/src/base/datasets';
import { TABS } from '../../../www/src/base/settings';
import type { Question } from '../../../www/src/lesson/document';
import { readLesson } from '../../../www/src/lesson/read';

const root = (path: string) => new URL(`../../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(root(path), 'utf8');
const sheet = await readLesson(read('www/public/lessons/lab-sheet.md'));

interface Preset {
  dataset: { name: string; validation: { split: number } };
  layers: Record<string, unknown>[];
  loss: string;
  optimizer: { type: string };
  batch_size: number;
  epochs: number;
}

const preset = (id: string): Preset => JSON.parse(read(`src/experiment/presets/${id}.json`));
const [one, two, three] = ['net-1', 'net-2', 'net-3'].map(preset) as [Preset, Preset, Preset];

/** The layers in short: "conv 3 × 3 32, pool 2, …". */
const layers = ({ layers }: Preset): string =>
  layers
    .map((layer) => {
      if (layer.type === 'conv2d')
        return `conv ${layer.kernel_size} ${layer.filters}${layer.padding === 'same' ? ' same' : ''}`;
      if (layer.type === 'max_pooling2d') return `pool ${layer.pool_size}`;
      if (layer.type === 'dense') return `dense ${layer.units}`;
      return layer.type === 'dropout' ? `dropout ${layer.rate}` : String(layer.type);
    })
    .join(', ');

const cards = sheet.parts.filter((part) => part.type === 'experiment');
const cifar = setNamed('cifar10');
/** Whether the sentence links to a view of the lab, with an experiment that exists. */
const opens = (tab: string, experiment?: string) => (sentence: string) =>
  sentence.includes(`?${experiment ? `experiment=${experiment}&` : ''}tab=${tab})`);

const NET_1 = 'conv 3 32, pool 2, conv 3 64, pool 2, conv 3 64, pool 2, flatten, dense 512, dense 10';
const NET_2 = 'conv 5 32, conv 5 64, pool 2, conv 5 64, pool 2, flatten, dense 512, dense 10';
const NET_3 =
  'conv 3 96 same, conv 3 96 same, pool 2, dropout 0.5, conv 3 128 same, pool 2, dropout 0.5, conv 3 128 same, conv 3 128 same, ' +
  'conv 3 128 same, pool 2, dropout 0.5, flatten, dense 1024, dropout 0.5, dense 512, dropout 0.5, dense 10';

/** The exercise (0: the introduction, 20: the end), the sentence's beginning, and whether what it says is so. */
const SENTENCES: [exercise: number, begins: string, holds: (sentence: string) => unknown][] = [
  [0, 'The networks train in this page', () => cards.length === 3],
  [0, 'With the files of CIFAR-10', opens('data', 'net-1')],
  [0, 'Two formulas are used', () => sentences().filter(([at, text]) => at === 0 && text.includes(' = ')).length === 2],
  [0, 'size of an output: O =', (text) => filled(text, { N: 32, F: 5, P: 2, S: 3 }) === (32 - 5 + 2 * 2) / 3 + 1],
  [
    0,
    'parameters of a convolution: P =',
    (text) => filled(text, { m: 5, n: 3, C_in: 2, C_out: 7 }) === 7 * (5 * 3 * 2 + 1),
  ],
  [
    1,
    'CIFAR-10 has 50,000 training images in ten classes',
    () => cifar?.counts?.[0] === 50_000 && cifar.classes === 10,
  ],
  [1, 'The last 20 % are set aside', () => [one, two, three].every(({ dataset }) => dataset.validation.split === 0.2)],
  [2, 'Open [Data]', opens('data', 'net-1')],
  [3, 'Three convolutions of 3 × 3 with 32, 64 and 64', () => layers(one) === NET_1],
  [3, 'If you have written it in Keras', opens('model', 'net-1')],
  [3, 'Compare the table with NET I', () => cards[0]?.experiment === 'net-1'],
  [
    4,
    'No padding (P = 0) and stride 1',
    () => [one, two].every(({ layers }) => layers.every(({ padding, strides }) => !padding && !strides)),
  ],
  [6, '[The model’s table]', opens('model', 'net-1')],
  [7, 'Adam, sparse categorical cross-entropy, batches of 128, 20 epochs', () => training(one) && training(two)],
  [7, 'The card trains fewer images', (text) => text.includes('?experiment=net-1)') && cards[0]?.train === 4000],
  [8, '`history.history` is a dictionary', () => read('src/report/keras_history.rs').includes('history.history = {')],
  [8, 'The report prints it in this form', () => read('tests/web/report.spec.ts').includes('history.history = {')],
  [13, 'Under [Predictions]', opens('predictions', 'net-1')],
  [14, 'Two convolutions of 5 × 5 with 32 and 64', () => layers(two) === NET_2],
  [
    17,
    'Six convolutions of 3 × 3 with 96, 96, 128, 128, 128 and 128',
    () => layers(three) === NET_3 && isPenalised(three),
  ],
  [18, 'NET III needs many epochs', (text) => text.includes('?experiment=net-3)') && cards[2]?.epochs === 3],
  [18, 'All three runs stand side by side', opens('compare')],
  [19, 'Change one thing at a time', (text) => opens('model', 'net-x')(text) && opens('search', 'net-1')(text)],
  [20, 'Under [Report]', opens('compare')],
  [20, 'What you have written here about the curves, the first test image, the gap and your changes', () => reported()],
  [20, 'Your answers of this page are saved below', () => read('www/src/lesson/view.ts').includes('download(')],
];

/** The figures at which answers stand in the reports, as the sentence names them. */
const reported = (): boolean => {
  const figures = sheet.parts.flatMap((part) => (part.type === 'question' && part.report ? [part.report] : []));
  return [...new Set(figures)].join() === 'curves,first_image,gap,table';
};

/** The right side of a formula with numbers in place of its letters. */
function filled(formula: string, numbers: Record<string, number>): number | null {
  const right = formula.split(' = ')[1] ?? '';
  const letters = right
    .replaceAll(/(\d)(?=[A-Z])/g, '$1 · ')
    .replaceAll(/[A-Za-z_]+/g, (name) => String(numbers[name]));
  return value(letters);
}

function training({ loss, optimizer, batch_size, epochs }: Preset): boolean {
  return loss === 'sparse_categorical_crossentropy' && optimizer.type === 'adam' && batch_size === 128 && epochs === 20;
}

function isPenalised({ layers }: Preset): boolean {
  const dense = layers.filter(({ type }) => type === 'dense');
  return dense.length === 3 && dense.every((layer) => (layer.kernel_regularizer as { l2: number }).l2 === 0.0005);
}

/** The sentences of the text in each exercise. */
function sentences(): [exercise: number, sentence: string][] {
  let exercise = 0;
  const found: [number, string][] = [];
  for (const part of sheet.parts) {
    if (part.type !== 'text') continue;
    for (const block of part.text.split(/\n\s*\n|\n(?=- )/)) {
      const heading = /^## (?:Exercise (\d+)|The report)/.exec(block.trim());
      if (heading) {
        exercise = Number(heading[1] ?? 20);
        continue;
      }
      const line = block.trim().replace(/^- /, '').replaceAll(/\s+/g, ' ');
      for (const sentence of line.split(/(?<=[.?!]) (?=[A-Z`[])/)) if (sentence) found.push([exercise, sentence]);
    }
  }
  return found;
}

const plain = (text: string): string => text.replaceAll("'", '’');

it('has a row for every sentence, and a sentence for every row', () => {
  const all = sentences();
  const without = all.filter(
    ([at, text]) => !SENTENCES.some(([exercise, begins]) => exercise === at && plain(text).startsWith(begins)),
  );
  expect(without).toEqual([]);
  expect(SENTENCES).toHaveLength(all.length);
});

it.each(SENTENCES)('exercise %i: “%s” is right', (exercise, begins, holds) => {
  const [, sentence] = sentences().find(([at, text]) => at === exercise && plain(text).startsWith(begins)) ?? [0, ''];
  expect(sentence, 'it is in the sheet').not.toBe('');
  expect(holds(sentence)).toBe(true);
});

it('links to views and experiments that there are', () => {
  const links = [...read('www/public/lessons/lab-sheet.md').matchAll(/\]\(\.\.\/index\.html\?([^)]*)\)/g)];
  expect(links.length).toBeGreaterThan(8);
  for (const [, query] of links) {
    const { tab, experiment } = Object.fromEntries(new URLSearchParams(query));
    if (tab) expect(TABS).toContain(tab);
    if (experiment) expect(existsSync(root(`src/experiment/presets/${experiment}.json`)), experiment).toBe(true);
  }
});

/** The value of a sum of products as the sheet writes it; `null` if it is no arithmetic. */
function value(text: string): number | null {
  const plain = text
    .replaceAll('−', '-')
    .replaceAll('·', '*')
    .replaceAll(/(\d),(?=\d{3})/g, '$1')
    .trim();
  if (!/^[\d\s.+\-*/()]+$/.test(plain) || !/\d/.test(plain)) return null;
  return Number(new Function(`return ${plain}`)());
}

const explained = sheet.parts.filter(
  (part): part is Question & { type: 'question' } => part.type === 'question' && !!part.explanation,
);

it('computes what the explanations say', () => {
  const equations = explained.flatMap(({ id, explanation = '' }) =>
    explanation
      .split(';')
      .map(
        (clause) =>
          [
            id,
            clause.split('=').map((side) => value(side.split(/[;:]|, (?=[a-z])/)[0]?.replace(/\.$/, '') ?? '')),
          ] as const,
      ),
  );
  const checked = equations.filter(([, sides]) => sides.length > 1 && sides.every((side) => side !== null));
  expect(checked.length).toBeGreaterThan(11);
  for (const [id, sides] of checked) for (const side of sides) expect(side, id).toBeCloseTo(sides[0] ?? Number.NaN, 9);
});
