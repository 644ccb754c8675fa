/** The model summary in the layout of Keras. */
import type { Summary } from './engine';
import { bytes, integer } from './format';

const FLOAT_BYTES = 4;

/** Keras's class name for a layer type: `max_pooling2d` is `MaxPooling2D`. */
export function className(type: string): string {
  return type
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).replace(/(\d)d$/, '$1D'))
    .join('');
}

export const shapeText = (shape: number[]): string => `(None, ${shape.join(', ')})`;

export const sizeText = (count: number): string => `${integer(count)} (${bytes(count * FLOAT_BYTES, true)})`;

export function kerasSummary(name: string, summary: Summary): string {
  const rows = summary.layers.map((layer) => [
    `${layer.name} (${className(layer.type)})`,
    shapeText(layer.output_shape),
    integer(layer.params),
  ]);
  const head = ['Layer (type)', 'Output Shape', 'Param #'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (left: string, fill: string, middle: string, right: string) =>
    left + widths.map((width) => fill.repeat(width + 2)).join(middle) + right;
  const row = (cells: string[], bar: string) => {
    const padded = cells.map((cell, i) => (i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)));
    return `${bar} ${padded.join(` ${bar} `)} ${bar}`;
  };
  const { params, trainable, non_trainable } = summary.totals;
  return [
    `Model: "${name}"`,
    line('┏', '━', '┳', '┓'),
    row(head, '┃'),
    line('┡', '━', '╇', '┩'),
    rows.map((cells) => row(cells, '│')).join(`\n${line('├', '─', '┼', '┤')}\n`),
    line('└', '─', '┴', '┘'),
    ` Total params: ${sizeText(params)}`,
    ` Trainable params: ${sizeText(trainable)}`,
    ` Non-trainable params: ${sizeText(non_trainable)}`,
  ].join('\n');
}
