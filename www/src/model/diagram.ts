/** Layout of the network diagram: the longest path is one row, branches have rows of their own. */
import type { LayerSummary, Summary } from '../base/engine';

/** The engine's name for the input image. */
export const INPUT = 'input_layer';

export interface Block {
  name: string;
  type: string;
  /** Keras's class; empty for the input. */
  class_name: string;
  shape: number[];
  /** Layers that change no shape, drawn as part of this block: batch normalisation, activations, dropout. */
  also: LayerSummary[];
  column: number;
  row: number;
}

export interface Edge {
  from: number;
  to: number;
  /** Whether the connection skips at least one block of its row. */
  skips: boolean;
}

export interface Diagram {
  blocks: Block[];
  edges: Edge[];
  columns: number;
  rows: number;
}

/** Layer types that are drawn as part of the block before them. */
const PART = /^(batch_normalization|activation|dropout|local_response_normalization|zero_padding2d)$/;

export function layOut(summary: Summary, inputShape: number[]): Diagram {
  const blocks: Block[] = [
    { name: INPUT, type: INPUT, class_name: '', shape: inputShape, also: [], column: 0, row: 0 },
  ];
  const parents: number[][] = [[]];
  const blockOf = new Map<string, number>([[INPUT, 0]]);
  for (const layer of summary.layers) {
    const from = [...new Set(layer.inputs.map((name) => blockOf.get(name) ?? 0))];
    const [first] = from;
    const host = first === undefined ? undefined : blocks[first];
    if (host && first !== 0 && PART.test(layer.type)) {
      host.also.push(layer);
      blockOf.set(layer.name, first as number);
      continue;
    }
    const column = 1 + Math.max(...from.map((parent) => blocks[parent]?.column ?? 0));
    blockOf.set(layer.name, blocks.length);
    const { name, type, class_name, output_shape: shape } = layer;
    blocks.push({ name, type, class_name, shape, also: [], column, row: 0 });
    parents.push(from);
  }
  placeRows(blocks, parents);
  const edges = parents.flatMap((from, to) =>
    from.map((parent): Edge => ({ from: parent, to, skips: skips(blocks, parent, to) })),
  );
  return {
    blocks,
    edges,
    columns: 1 + Math.max(...blocks.map(({ column }) => column)),
    rows: 1 + Math.max(...blocks.map(({ row }) => row)),
  };
}

/** Row 0 is the longest path back from the last block; any other block takes the first free row in its column. */
function placeRows(blocks: Block[], parents: number[][]): void {
  const main = new Set<number>();
  for (let at: number | undefined = blocks.length - 1; at !== undefined; ) {
    main.add(at);
    at = (parents[at] ?? []).reduce<number | undefined>(
      (best, parent) => (best === undefined || column(blocks, parent) > column(blocks, best) ? parent : best),
      undefined,
    );
  }
  const taken = new Set<string>();
  for (const [i, block] of blocks.entries()) {
    if (main.has(i)) continue;
    const near = parents[i]?.[0];
    // A branch of several layers stays in its row.
    block.row = near !== undefined && !main.has(near) ? (blocks[near]?.row ?? 1) : 1;
    while (taken.has(`${block.column} ${block.row}`)) block.row += 1;
    taken.add(`${block.column} ${block.row}`);
  }
}

const column = (blocks: Block[], at: number): number => blocks[at]?.column ?? 0;

function skips(blocks: Block[], from: number, to: number): boolean {
  const [a, b] = [blocks[from], blocks[to]];
  return a !== undefined && b !== undefined && a.row === b.row && b.column - a.column > 1;
}
