/** A small grid of numbers with colours: blue below zero, orange above. Positions outside the image are hatched. */
import { html, svg, type TemplateResult } from 'lit';
import { inkOn } from '../charts/colors';
import { diverging } from './mosaic';

const [WIDTH, HEIGHT] = [38, 22];

export const short = (value: number): string => {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (value === 0) return '0';
  return size >= 1000 || size < 0.001 ? value.toExponential(0) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

export function grid(values: readonly number[], width: number, marked: number, label: string): TemplateResult {
  const most = values.reduce((a, b) => (Number.isNaN(b) ? a : Math.max(a, Math.abs(b))), 0) || 1;
  const height = Math.ceil(values.length / width);
  return html`<svg viewBox="0 0 ${width * WIDTH} ${height * HEIGHT}" width=${width * WIDTH} height=${height * HEIGHT} role="img" aria-label=${label}>
    ${values.map((value, i) => {
      const [x, y] = [(i % width) * WIDTH, Math.floor(i / width) * HEIGHT];
      const color = diverging(Number.isNaN(value) ? 0 : value / most);
      return svg`<rect x=${x + 0.5} y=${y + 0.5} width=${WIDTH - 1} height=${HEIGHT - 1} fill="rgb(${color.join(' ')})" class=${i === marked ? 'marked' : ''} />
        <text x=${x + WIDTH / 2} y=${y + 15} fill=${inkOn(color)}>${short(value)}</text>`;
    })}
  </svg>`;
}
