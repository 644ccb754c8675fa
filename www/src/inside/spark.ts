/** A small curve in a row of a table: how a figure developed. */
import { type SVGTemplateResult, svg } from 'lit';

const WIDTH = 84;
const HEIGHT = 26;
const MARGIN = 3;

/** The points of a curve over its samples; `log` for figures over several orders of magnitude. */
export function sparkPoints(values: (number | null)[], log: boolean, range?: [number, number]): [number, number][] {
  const scaled = values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    return log ? Math.log10(Math.max(value, 1e-12)) : value;
  });
  const there = scaled.filter((value) => value !== null);
  if (there.length === 0) return [];
  const [low, high] = range ?? [Math.min(...there), Math.max(...there)];
  const x = (i: number) => MARGIN + (values.length > 1 ? (i / (values.length - 1)) * (WIDTH - 2 * MARGIN) : 0);
  const y = (value: number) =>
    high > low ? HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN) : HEIGHT / 2;
  return scaled.flatMap((value, i): [number, number][] => (value === null ? [] : [[x(i), y(value)]]));
}

export function spark(values: (number | null)[], log: boolean, range?: [number, number]): SVGTemplateResult {
  const points = sparkPoints(values, log, range);
  const [lastX, lastY] = points.at(-1) ?? [0, 0];
  return svg`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    <polyline points=${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
    ${points.length > 0 ? svg`<circle cx=${lastX} cy=${lastY} r="2.5" />` : ''}
  </svg>`;
}
