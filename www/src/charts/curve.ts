/** The data of a chart: columns of numbers over one x axis. */
import type { Column } from '../base/columns';

export interface Curve {
  name: string;
  values: Column;
  /** A colour token: `--train`. */
  color: string;
  /** Drawn thin and pale and without a name in the legend, for data that another curve sums up. */
  faint?: boolean;
  points?: boolean;
  dashed?: boolean;
  /** A shaded range around the curve. */
  band?: { low: Column; high: Column };
}

/** A marked position on the x axis. */
export interface Mark {
  x: number;
  text: string;
  color: string;
}

export interface ChartData {
  x: number[];
  curves: Curve[];
  marks: Mark[];
}

export const EMPTY: ChartData = { x: [], curves: [], marks: [] };

/** The visible part of the x axis; null for all of it. */
export type Zoom = readonly [from: number, to: number] | null;

/** The columns in uPlot's order: x, then each curve followed by the edges of its band. */
export function uplotColumns({ x, curves }: ChartData): [number[], ...Column[]] {
  return [x, ...curves.flatMap(({ values, band }) => (band ? [values, band.high, band.low] : [values]))];
}

/** A chart must be created again when this changes. */
export const structure = ({ curves }: ChartData): string =>
  JSON.stringify(
    curves.map(({ name, color, faint, points, dashed, band }) => [name, color, faint, points, dashed, !!band]),
  );

/** The value at a point of the axis, or else the last one before it. */
export function lastUpTo(column: Column, index: number): number | null {
  for (let i = Math.min(index, column.length - 1); i >= 0; i -= 1) {
    const value = column[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Merges curves that have points at different x into one x axis. */
export function align(curves: { x: number[]; columns: Column[] }[]): { x: number[]; columns: Column[][] } {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const place = new Map(x.map((value, i) => [value, i]));
  const columns = curves.map((curve) =>
    curve.columns.map((column) => {
      const aligned: Column = x.map(() => null);
      curve.x.forEach((value, i) => {
        aligned[place.get(value) ?? 0] = column[i] ?? null;
      });
      return aligned;
    }),
  );
  return { x, columns };
}
