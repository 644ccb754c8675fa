/** Fewer points of long curves, without losing their extremes: a screen has far fewer pixels than a long run has epochs. */
import type { Column } from '../base/columns';
import type { ChartData, Zoom } from './curve';

/** About the number of points of the x axis that are drawn. */
const MOST_POINTS = 2000;

/**
 * The visible part of the data, with one point to either side. Above the limit the axis is cut into parts of equal numbers of points, and
 * of each part every curve keeps its lowest and its highest point. Data within the limit are returned as they are.
 */
export function decimate(data: ChartData, zoom: Zoom, most = MOST_POINTS): ChartData {
  const { x, curves } = data;
  if (x.length <= most) return data;
  const [first, end] = zoom ? visible(x, zoom) : [0, x.length];
  const columns = curves.flatMap(({ values, band }) => (band ? [values, band.low, band.high] : [values]));
  const parts = Math.max(1, Math.floor(most / (2 * Math.max(1, columns.length))));
  const kept = end - first <= most ? range(first, end) : extremes(columns, first, end, parts);
  const of = (column: Column): Column => kept.map((i) => column[i] ?? null);
  return {
    ...data,
    x: kept.map((i) => x[i] ?? 0),
    curves: curves.map((curve) => ({
      ...curve,
      values: of(curve.values),
      ...(curve.band && { band: { low: of(curve.band.low), high: of(curve.band.high) } }),
    })),
  };
}

const range = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, i) => from + i);

/** The indices of the points within the zoom, and one more on each side. */
function visible(x: readonly number[], [from, to]: NonNullable<Zoom>): [first: number, end: number] {
  const first = x.findIndex((value) => value >= from);
  const last = x.findLastIndex((value) => value <= to);
  return [Math.max(0, (first < 0 ? x.length : first) - 1), Math.min(x.length, last + 2)];
}

/** The indices of each column's lowest and highest value in each part, and the first and the last index. */
function extremes(columns: readonly Column[], first: number, end: number, parts: number): number[] {
  const kept = new Set([first, end - 1]);
  for (let part = 0; part < parts; part += 1) {
    const from = first + Math.floor(((end - first) * part) / parts);
    const to = first + Math.floor(((end - first) * (part + 1)) / parts);
    for (const column of columns) {
      let [low, high] = [-1, -1];
      for (let i = from; i < to; i += 1) {
        const value = column[i];
        if (typeof value !== 'number') continue;
        if (low < 0 || value < (column[low] ?? 0)) low = i;
        if (high < 0 || value > (column[high] ?? 0)) high = i;
      }
      if (low >= 0) kept.add(low).add(high);
    }
  }
  return [...kept].sort((a, b) => a - b);
}
