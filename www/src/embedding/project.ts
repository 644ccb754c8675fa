/** Projections of points to the plane: principal components, and UMAP, which keeps neighbours together. */
import { PCA } from 'ml-pca';
import { UMAP } from 'umap-js';

export type Method = 'pca' | 'umap';

const NEIGHBOURS = 15;

/** The same numbers at each call, so that a picture can be repeated (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` points, one after another in `values`; two coordinates from 0 to 1 of each. */
export function project(values: Float32Array, count: number, method: Method): Float32Array {
  const size = values.length / count;
  const points = Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)));
  const flat = method === 'pca' ? components(points) : neighbours(points);
  return scaled(flat);
}

function components(points: number[][]): number[][] {
  // Units that never change have no part in it.
  const varying = (points[0] ?? []).map((first, i) => points.some((point) => point[i] !== first));
  const kept = points.map((point) => point.filter((_, i) => varying[i]));
  const size = kept[0]?.length ?? 0;
  if (size < 2) return kept.map(([x = 0]) => [x, 0]);
  if (kept.length > size) return byCovariance(kept, size);
  return new PCA(kept, { method: 'NIPALS', nCompNIPALS: 2 }).predict(kept, { nComponents: 2 }).to2DArray();
}

/** With more points than values, the eigenvectors of the covariance are found faster than the components one by one. */
function byCovariance(points: number[][], size: number): number[][] {
  const means = Array.from({ length: size }, (_, i) => points.reduce((sum, point) => sum + (point[i] ?? 0), 0));
  const centred = points.map((point) => Float64Array.from(point, (x, i) => x - (means[i] ?? 0) / points.length));
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (const point of centred)
    for (const [i, row] of sums.entries()) {
      const x = point[i] ?? 0;
      if (x !== 0) for (let j = i; j < size; j += 1) row[j] = (row[j] ?? 0) + x * (point[j] ?? 0);
    }
  const covariance = sums.map((row, i) =>
    Array.from(row, (sum, j) => (j < i ? (sums[j]?.[i] ?? 0) : sum) / points.length),
  );
  const [first = [], second = []] = new PCA(covariance, { isCovarianceMatrix: true }).getLoadings().to2DArray();
  const along = (axis: number[], point: Float64Array) => point.reduce((sum, x, i) => sum + x * (axis[i] ?? 0), 0);
  return centred.map((point) => [along(first, point), along(second, point)]);
}

function neighbours(points: number[][]): number[][] {
  const nNeighbors = Math.max(2, Math.min(NEIGHBOURS, points.length - 1));
  return new UMAP({ nNeighbors, random: seeded(1) }).fit(points);
}

function scaled(points: number[][]): Float32Array {
  const found = new Float32Array(2 * points.length);
  for (const axis of [0, 1] as const) {
    const values = points.map((point) => point[axis] ?? 0);
    const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    for (const [i, value] of values.entries())
      found[2 * i + axis] = most > least ? (value - least) / (most - least) : 0.5;
  }
  return found;
}
