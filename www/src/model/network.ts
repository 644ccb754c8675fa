/** The network diagram: a block's height shows the height of the output, its depth the channels; branches are below. */
import { css, html, type SVGTemplateResult, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Summary } from '../base/engine';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { scrolling } from '../ui/styles/tables';
import { type Block, type Diagram, INPUT, layOut } from './diagram';
import { MODEL } from './text';

/** Heights in a row: the highest block, the text below it, the space for arrows above it. */
const BLOCK = 78;
const ROW = BLOCK + 54;
const GAP = 22;

@customElement('lab-network')
export class LabNetwork extends BoundedElement {
  @property({ attribute: false }) summary: Summary | null = null;
  @property({ attribute: false }) inputShape: number[] = [];
  /** The index of the layer that is being edited. */
  @property() selected = '';
  /** Scaled down to the width that there is, as far as its numbers stay readable. */
  @property({ type: Boolean, reflect: true }) fit = false;

  static override styles = [
    base,
    scrolling,
    css`
      .scroll {
        padding-bottom: 0.3rem;
      }
      svg {
        display: block;
        max-width: none;
      }
      :host([fit]) svg {
        width: 100%;
        height: auto;
        min-width: calc(0.8px * var(--width));
        max-width: calc(1px * var(--width));
      }
      .front {
        fill: var(--face);
      }
      .top {
        fill: color-mix(in srgb, var(--face) 72%, white);
      }
      .side {
        fill: color-mix(in srgb, var(--face) 72%, black);
      }
      text {
        font-size: 11px;
        fill: var(--ink-soft);
        text-anchor: middle;
      }
      .block {
        --face: light-dark(#9aa7b4, #6f7f8f);
        cursor: pointer;
      }
      .input {
        --face: light-dark(#5d6b79, #a3b1be);
        cursor: default;
      }
      .conv {
        --face: #0072b2;
      }
      .pool {
        --face: #009e73;
      }
      .dense {
        --face: #d55e00;
      }
      .merge {
        --face: #8a5a9e;
      }
      .selected text {
        fill: var(--ink);
        font-weight: 700;
      }
      .selected rect {
        stroke: var(--ink);
        stroke-width: 2;
      }
      .edge {
        fill: none;
        stroke: var(--line-strong);
        stroke-width: 1.5;
        marker-end: url(#arrow);
      }
      .skip {
        stroke: #8a5a9e;
        stroke-width: 2;
      }
      marker path {
        fill: var(--line-strong);
      }
    `,
  ];

  /** Through the style object, since the content security policy forbids style attributes. */
  override updated(): void {
    const svg = this.renderRoot.querySelector('svg');
    svg?.style.setProperty('--width', svg.getAttribute('width'));
  }

  override render() {
    if (!this.summary) return '';
    const diagram = layOut(this.summary, this.inputShape);
    const places = place(diagram);
    const width = Math.max(...places.map(({ right }) => right)) + GAP;
    const height = diagram.rows * ROW;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${MODEL.diagram}>
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${this.#words(diagram)}>
        <defs>
          <marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto">
            <path d="M0 0 6 3 0 6z" />
          </marker>
        </defs>
        ${diagram.edges.map((edge) => {
          const [from, to] = [places[edge.from], places[edge.to]];
          return from && to ? arrow(from, to, edge.skips) : '';
        })}
        ${diagram.blocks.map((block, i) => this.#block(block, places[i] as Place))}
      </svg>
    </div>`;
  }

  #block(block: Block, at: Place): SVGTemplateResult {
    const names = [block.name, ...block.also.map(({ name }) => name)];
    const chosen = names.includes(this.selected) ? 'selected' : '';
    const { x, y, front, edge, slant } = at;
    const label = [block, ...block.also].map(({ name, class_name }) => `${name} (${class_name})`).join(', ');
    return svg`<g class="block ${kindOf(block.type)} ${chosen}" @click=${() => this.#choose(block)}>
      <title>${block.type === INPUT ? MODEL.input : label}: ${block.shape.join('×')}</title>
      <rect class="front" x=${x} y=${y} width=${front} height=${edge} />
      <path class="top" d="M${x} ${y}l${slant} ${-slant}h${front}l${-slant} ${slant}z" />
      <path class="side" d="M${x + front} ${y}l${slant} ${-slant}v${edge}l${-slant} ${slant}z" />
      <text x=${at.middle} y=${at.floor + 16}>${block.type === 'add' ? '+' : block.shape.join('×')}</text>
    </g>`;
  }

  #words({ blocks, edges }: Diagram): string {
    const skips = edges.filter((edge) => edge.skips).length;
    return MODEL.diagramWords(String(blocks.length - 1), String(skips));
  }

  #choose(block: Block): void {
    if (block.type === INPUT) return;
    this.dispatchEvent(new CustomEvent<string>('choose', { detail: block.name, bubbles: true, composed: true }));
  }
}

/** The position and size of a block. */
interface Place {
  x: number;
  y: number;
  front: number;
  edge: number;
  slant: number;
  middle: number;
  floor: number;
  left: number;
  right: number;
}

function place({ blocks, columns }: Diagram): Place[] {
  const sizes = blocks.map(({ shape, type }) => extent(type === 'add' ? [] : shape));
  const largest = Math.max(1, ...sizes.map(({ size }) => size));
  const drawn = blocks.map(({ shape, type }, i) => {
    const { size, depth } = sizes[i] as { size: number; depth: number };
    // The numbers of channels span three orders of magnitude, so the depth grows with their logarithm.
    const edge = type === 'add' ? 16 : 8 + Math.sqrt(size / largest) * (BLOCK - 24);
    const front = type === 'add' ? 16 : 6 + Math.log2(depth + 1) * 4;
    const slant = type === 'add' ? 0 : Math.min(12, edge * 0.22);
    const text = type === 'add' ? 1 : shape.join('×').length;
    return { edge, front, slant, width: Math.max(front + slant, text * 6.3 + 2) };
  });
  const widths = new Array<number>(columns).fill(0);
  for (const [i, { column }] of blocks.entries()) {
    widths[column] = Math.max(widths[column] ?? 0, drawn[i]?.width ?? 0);
  }
  const starts = widths.map(
    (_, column) => GAP / 2 + widths.slice(0, column).reduce((sum, width) => sum + width + GAP, 0),
  );
  return blocks.map(({ column, row }, i) => {
    const { edge, front, slant } = drawn[i] as (typeof drawn)[number];
    const [left, width] = [starts[column] ?? 0, widths[column] ?? 0];
    const floor = row * ROW + ROW - 26;
    const x = left + (width - front - slant) / 2;
    return {
      x,
      y: floor - edge,
      front,
      edge,
      slant,
      middle: left + width / 2,
      floor,
      left: x,
      right: x + front + slant,
    };
  });
}

/** A flat output is drawn as one row of values. */
function extent(shape: number[]): { size: number; depth: number } {
  return shape.length === 1 ? { size: 1, depth: shape[0] ?? 1 } : { size: shape[0] ?? 1, depth: shape[2] ?? 1 };
}

function kindOf(type: string): string {
  if (type === INPUT) return 'input';
  if (type.includes('conv')) return 'conv';
  if (type.includes('pool')) return 'pool';
  return { dense: 'dense', add: 'merge' }[type] ?? 'other';
}

function arrow(from: Place, to: Place, skips: boolean): SVGTemplateResult {
  const [y1, y2] = [from.floor - 7, to.floor - 7];
  const [x1, x2] = [from.right + 1, to.left - 1];
  if (skips) {
    // Above the blocks between, from the top of one to the top of the other.
    const top = from.floor - BLOCK - 22;
    const [a, b] = [from.middle, to.middle];
    const start = from.y - from.slant - 1;
    return svg`<path class="edge skip" d="M${a} ${start}C${a} ${top} ${a + 8} ${top} ${a + 24} ${top}H${b - 24}C${b - 4} ${top} ${b} ${top + 6} ${b} ${to.y - 2}" />`;
  }
  if (from.floor === to.floor) return svg`<path class="edge" d="M${x1} ${y1}L${x2} ${y2}" />`;
  // Down into the branch's row at its start; up again at its end.
  const bend = Math.min(GAP + 8, x2 - x1);
  return to.floor > from.floor
    ? svg`<path class="edge skip" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x1} ${y2} ${x1 + bend} ${y2}L${x2} ${y2}" />`
    : svg`<path class="edge skip" d="M${x1} ${y1}H${x2 - bend}C${x2} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" />`;
}
