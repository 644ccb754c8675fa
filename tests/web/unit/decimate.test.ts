import { describe, expect, it } from 'vitest';
import type { ChartData } from '../../../www/src/charts/curve';
import { decimate } from '../../../www/src/charts/decimate';

const chart = (count: number, value: (i: number) => number | null): ChartData => ({
  x: Array.from({ length: count }, (_, i) => i),
  curves: [{ name: 'a', color: '--a', values: Array.from({ length: count }, (_, i) => value(i)) }],
  marks: [],
});

describe('long curves', () => {
  it('are drawn with few points, and keep their ends and their extremes', () => {
    const data = chart(100_000, (i) => (i === 54_321 ? 9 : i === 12_345 ? -9 : Math.sin(i)));
    const { x, curves } = decimate(data, null, 1000);
    expect(x.length).toBeLessThanOrEqual(1002);
    expect([x[0], x.at(-1)]).toEqual([0, 99_999]);
    expect(x).toContain(54_321);
    expect(x).toContain(12_345);
    expect(curves[0]?.values).toHaveLength(x.length);
    expect(curves[0]?.values[x.indexOf(54_321)]).toBe(9);
    expect(x.every((value, i) => i === 0 || value > (x[i - 1] ?? 0))).toBe(true);
  });

  it('show every point where the zoom is close enough', () => {
    const { x } = decimate(
      chart(100_000, (i) => i),
      [500, 600],
      1000,
    );
    expect([x.length, x[0], x.at(-1)]).toEqual([103, 499, 601]);
  });

  it('keep the points of a column with gaps', () => {
    const data = chart(50_000, (i) => (i % 10_000 === 5000 ? i : null));
    expect(decimate(data, null, 1000).curves[0]?.values.filter((value) => value !== null)).toEqual([
      5000, 15_000, 25_000, 35_000, 45_000,
    ]);
  });

  it('stay as they are within the limit, and without any value', () => {
    const short = chart(1000, (i) => i);
    expect(decimate(short, null, 1000)).toBe(short);
    expect(
      decimate(
        chart(5000, () => null),
        null,
        1000,
      ).x,
    ).toEqual([0, 4999]);
    expect(
      decimate(
        chart(5000, (i) => i),
        [9000, 9001],
        1000,
      ).x.length,
    ).toBeLessThanOrEqual(2);
  });
});
