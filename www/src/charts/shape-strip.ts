/** The network as a row of blocks: as high as the picture is at that point, as deep as it has channels. */
import { css, html, LitElement, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Summary } from '../engine';
import { base } from '../styles/base';
import { className } from '../summary-text';
import { TEXT } from '../text';

interface Block {
  kind: string;
  label: string;
  size: number;
  depth: number;
  text: string;
}

const HEIGHT = 112;
const GAP = 10;

@customElement('lab-shape-strip')
export class LabShapeStrip extends LitElement {
  @property({ attribute: false }) summary: Summary | null = null;
  @property({ attribute: false }) inputShape: number[] = [];

  static override styles = [
    base,
    css`
      .scroll {
        overflow-x: auto;
        padding-bottom: 0.3rem;
      }
      svg {
        display: block;
        max-width: none;
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
      g {
        --face: light-dark(#9aa7b4, #6f7f8f);
      }
      .input {
        --face: light-dark(#5d6b79, #a3b1be);
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
    `,
  ];

  override render() {
    const blocks = this.#blocks();
    const largest = Math.max(1, ...blocks.map((block) => block.size));
    let x = GAP;
    const drawn = blocks.map((block) => {
      const at = x;
      const { width, picture } = draw(block, largest, at);
      x += width + GAP;
      return picture;
    });
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${TEXT.model.diagram}>
      <svg viewBox="0 0 ${x} ${HEIGHT + 30}" width=${x} height=${HEIGHT + 30} role="img" aria-label=${TEXT.model.diagram}>${drawn}</svg>
    </div>`;
  }

  #blocks(): Block[] {
    const layers = this.summary?.layers ?? [];
    const input = {
      ...place(this.inputShape),
      kind: 'input',
      label: TEXT.model.input,
      text: this.inputShape.join('×'),
    };
    const rest = layers
      // What changes no shape would only repeat the block before it.
      .filter((layer) => layer.params > 0 || /pool|flatten|add/.test(layer.type))
      .map((layer) => ({
        ...place(layer.output_shape),
        kind: kindOf(layer.type),
        label: `${layer.name} (${className(layer.type)})`,
        text: layer.output_shape.join('×'),
      }));
    return [input, ...rest];
  }
}

/** A flat output is drawn as one row of values. */
function place(shape: number[]): { size: number; depth: number } {
  if (shape.length === 1) return { size: 1, depth: shape[0] ?? 1 };
  return { size: shape[0] ?? 1, depth: shape[2] ?? 1 };
}

function kindOf(type: string): string {
  if (type.includes('conv')) return 'conv';
  if (type.includes('pool')) return 'pool';
  return type === 'dense' ? 'dense' : 'other';
}

/** Depths span three orders of magnitude, so they grow with the logarithm. */
function draw({ kind, label, size, depth, text }: Block, largest: number, x: number) {
  const edge = 8 + Math.sqrt(size / largest) * (HEIGHT - 40);
  const front = 6 + Math.log2(depth + 1) * 4.5;
  const slant = Math.min(14, edge * 0.22);
  const y = HEIGHT - edge + 4;
  const width = Math.max(front + slant, text.length * 6.4 + 4);
  const left = x + (width - front - slant) / 2;
  const picture = svg`<g class=${kind}>
    <title>${label}: ${text}</title>
    <rect class="front" x=${left} y=${y} width=${front} height=${edge} />
    <path class="top" d="M${left} ${y}l${slant} ${-slant}h${front}l${-slant} ${slant}z" />
    <path class="side" d="M${left + front} ${y}l${slant} ${-slant}v${edge}l${-slant} ${slant}z" />
    <text x=${x + width / 2} y=${HEIGHT + 22}>${text}</text>
  </g>`;
  return { width, picture };
}
