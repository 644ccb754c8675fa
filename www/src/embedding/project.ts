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
  if ((kept[0]?.length ?? 0) < 2) return kept.map(([x = 0]) => [x, 0]);
  return new PCA(kept, { method: 'NIPALS', nCompNIPALS: 2 }).predict(kept, { nComponents: 2 }).to2DArray();
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
