import { expect, test } from 'vitest';
import { affordable, lastHidden, spread } from '../../../www/src/embedding/choose';
import { isInside, nearest, neighbour } from '../../../www/src/embedding/lasso';
import { type Method, project } from '../../../www/src/embedding/project';

/** Two groups of points in twelve dimensions, far from each other. */
const GROUPS = Float32Array.from({ length: 60 * 12 }, (_, i) => {
  const point = Math.floor(i / 12);
  return (point % 2) * 10 + (((i * 7919 + point * 104729) % 97) / 97) * 2;
});

test.each(['pca', 'umap'] satisfies Method[])('%s keeps two groups apart and repeats itself', (method) => {
  const found = project(GROUPS, 60, method);
  expect(found).toHaveLength(120);
  expect([...found].every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(project(GROUPS, 60, method)).toEqual(found);
  const at = (i: number) => [found[2 * i] ?? 0, found[2 * i + 1] ?? 0] as const;
  const distance = (a: number, b: number) => Math.hypot(at(a)[0] - at(b)[0], at(a)[1] - at(b)[1]);
  // The nearest neighbour of each point is of its group.
  for (let i = 0; i < 60; i += 1) {
    const others = Array.from({ length: 60 }, (_, j) => j).filter((j) => j !== i);
    const near = others.reduce((a, b) => (distance(i, a) <= distance(i, b) ? a : b));
    expect(near % 2, `neighbour of ${i}`).toBe(i % 2);
  }
});

test('the first component is the direction in which the points differ most', () => {
  const points = Float32Array.from([0, 0, 5, 1, 0.2, 5, 2, -0.2, 5, 3, 0, 5]);
  const found = project(points, 4, 'pca');
  const first = [0, 1, 2, 3].map((i) => found[2 * i] ?? 0);
  const rising = first[3] === 1 ? first : first.map((one) => 1 - one);
  expect(rising).toEqual([...rising].sort((a, b) => a - b));
});

test('the components are the same with more points than values, and with fewer', () => {
  // The same values, once as 30 points, and once each with values that hardly change beside them.
  const narrow = Float32Array.from({ length: 30 * 3 }, (_, i) => Math.sin(i * i) * ([9, 3, 1][i % 3] ?? 0));
  const wide = Float32Array.from({ length: 30 * 40 }, (_, i) =>
    i % 40 < 3 ? (narrow[Math.floor(i / 40) * 3 + (i % 40)] ?? 0) : 1e-6 * Math.cos(i),
  );
  const [few, many] = [project(narrow, 30, 'pca'), project(wide, 30, 'pca')];
  for (const axis of [0, 1]) {
    const at = (found: Float32Array, i: number) => found[2 * i + axis] ?? 0;
    // An axis may point the other way.
    const isTurned = Math.abs(at(few, 0) - at(many, 0)) > 1e-3;
    for (let i = 0; i < 30; i += 1)
      expect(isTurned ? 1 - at(many, i) : at(many, i), `point ${i}, axis ${axis}`).toBeCloseTo(at(few, i), 3);
  }
});

test('points that are all the same lie in the middle', () => {
  expect([...project(new Float32Array(12).fill(3), 4, 'pca')]).toEqual(new Array(8).fill(0.5));
});

test('a line selects the points inside it, also where it is bent', () => {
  const bent = [
    [0, 0],
    [10, 0],
    [10, 10],
    [5, 3],
    [0, 10],
  ] as const;
  expect(isInside([5, 2], bent)).toBe(true);
  expect(isInside([5, 8], bent)).toBe(false);
  expect(isInside([-1, 2], bent)).toBe(false);
  expect(
    nearest(
      [4, 4],
      [
        [0, 0],
        [5, 5],
      ],
      2,
    ),
  ).toBe(1);
  expect(nearest([4, 4], [[0, 0]], 2)).toBe(-1);
});

test('the arrow keys go to the nearest point in their direction, and stay where there is none', () => {
  const places = [
    [0, 0],
    [10, 2],
    [4, 9],
    [30, 0],
    [0, 0],
  ] as const;
  expect(neighbour(0, [1, 0], places)).toBe(1);
  expect(neighbour(1, [1, 0], places)).toBe(3);
  expect(neighbour(0, [0, 1], places)).toBe(2);
  expect(neighbour(2, [0, -1], places)).toBe(1);
  expect(neighbour(1, [-1, 0], places)).toBe(0);
  expect(neighbour(0, [-1, 0], places)).toBe(0);
  expect(neighbour(3, [1, 0], places)).toBe(3);
});

/** A chain of layers, each named after its type. */
const chain = (...types: string[]) =>
  types.map((type, i) => ({ name: `${type}_${i}`, type, inputs: [i === 0 ? 'input' : `${types[i - 1]}_${i - 1}`] }));

test.each([
  ['flatten dense', 0],
  ['conv2d flatten dense dense', 2],
  // A softmax, a dropout or a normalization of its own is not the classifier.
  ['conv2d flatten dense dropout dense activation', 2],
  ['conv2d flatten dense dense batch_normalization activation', 2],
  // A network of convolutions only decides by its last convolution; pooling gives the mean of its scores.
  ['conv2d conv2d global_average_pooling2d activation', 0],
  ['conv2d global_average_pooling2d dense activation', 1],
  ['dropout dense', 0],
  ['dense', 0],
])('the last hidden layer of %s is its layer %i', (types, at) => {
  expect(lastHidden(chain(...types.split(' ')))).toBe(at);
});

test('with branches the last hidden layer is the one that the classifier reads', () => {
  const [first, second, third, fourth] = chain('conv2d', 'conv2d', 'dense', 'activation');
  if (!first || !second || !third || !fourth) throw new Error('a layer is missing');
  expect(lastHidden([first, second, { ...third, inputs: [first.name] }, fourth])).toBe(0);
});

test('images are taken at equal distances, and as many as are projected in time', () => {
  expect(spread(4, 10)).toEqual([0, 2, 5, 7]);
  expect(spread(10, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(spread(20, 3)).toEqual([0, 1, 2]);
  expect(new Set(spread(2000, 10_000)).size).toBe(2000);
  expect(affordable(10_000, 196)).toBe(10_000);
  expect(affordable(10_000, 8000)).toBe(1000);
  expect(affordable(10, 1e9)).toBe(1);
});
