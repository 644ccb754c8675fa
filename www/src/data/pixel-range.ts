/** The pixels' values before and after they are scaled for the network. */
import { css, html, nothing, svg } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { DatasetInfo } from '../base/engine';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import type { PixelCounts } from '../worker/data';
import { inParts, type Range, rangeOf } from './range';
import { DATA } from './text';

const PARTS = 32;
const HEIGHT = 70;

@customElement('lab-pixel-range')
export class LabPixelRange extends LabElement {
  @state() private found: PixelCounts | null = null;
  #of: DatasetInfo | null = null;

  static override styles = [
    base,
    css`
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
        gap: 1.2rem 2rem;
        margin-top: 0.8rem;
      }
      h3 {
        font-size: 0.92rem;
      }
      svg {
        display: block;
        width: 100%;
        height: ${HEIGHT}px;
        margin-top: 0.4rem;
        border-bottom: 1px solid var(--line-strong);
      }
      rect {
        fill: var(--train);
      }
      .after rect {
        fill: var(--validation);
      }
    `,
  ];

  override updated(): void {
    const { info, busy } = this.lab.data;
    if (busy || info === this.#of) return;
    this.#of = info;
    void this.#load();
  }

  override render() {
    const { found } = this;
    if (!found) return nothing;
    const { range } = DATA;
    const values = rangeOf(found.counts);
    // The square root makes rare values visible beside the many zeros of a black background.
    const bins = inParts(found.counts, PARTS).map(Math.sqrt);
    return html`
      <section class="card">
        <header><h2>${range.title}</h2></header>
        <p class="small soft">${range.note(integer(found.images))}</p>
        <div class="pair number">
          ${this.#side('before', range.before, values, 1, bins)} ${this.#side('after', range.after, values, 255, bins)}
        </div>
      </section>
    `;
  }

  #side(kind: string, name: string, { least, most, mean, deviation }: Range, divisor: number, bins: number[]) {
    const digits = divisor === 1 ? 1 : 3;
    const end = (value: number) => (divisor === 1 ? String(value) : String(Number((value / divisor).toFixed(3))));
    const text = DATA.range.figures(
      end(least),
      end(most),
      (mean / divisor).toFixed(digits),
      (deviation / divisor).toFixed(digits),
    );
    const highest = Math.max(1, ...bins);
    return html`<figure class=${kind}>
      <h3>${name}</h3>
      <span class="small">${text}</span>
      <svg
        viewBox="0 0 ${PARTS} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${DATA.range.label(name, text)}
      >
        ${bins.map((height, i) => svg`<rect x=${i} width="0.9" y=${HEIGHT * (1 - height / highest)} height=${(HEIGHT * height) / highest} />`)}
      </svg>
      <div class="ends"><span>0</span><span>${end(255)}</span></div>
    </figure>`;
  }

  async #load(): Promise<void> {
    try {
      this.found = this.#of && (await this.lab.worker.pixelCounts());
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }
}
