/** Parallel coordinates: an axis for each field and one for the best figure, a line for each run. */
import { css, html, LitElement, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Sweep, SweepOutcome } from '../base/engine';
import { base } from '../ui/styles/base';
import { type Axis, axisOf } from './axis';
import { SEARCH } from './text';

const HEIGHT = 240;
const GAP = 150;
const EDGE = 70;
const [TOP, BOTTOM] = [34, 22];

@customElement('lab-parallel')
export class LabParallel extends LitElement {
  @property({ attribute: false }) plan!: Sweep;
  @property({ attribute: false }) outcomes: readonly SweepOutcome[] = [];

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      svg {
        display: block;
        width: 100%;
        min-width: 22rem;
        height: auto;
        max-height: 22rem;
      }
      text {
        fill: var(--ink-soft);
        font-size: 11px;
      }
      .name {
        fill: var(--ink);
        font-weight: 600;
      }
      line {
        stroke: var(--line-strong);
      }
      polyline {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2;
      }
    `,
  ];

  override render() {
    const shown = this.outcomes.filter(({ best }) => best !== null);
    const fields = Object.keys(shown[0]?.values ?? {});
    const axes: Axis[] = [
      ...fields.map((field) =>
        axisOf(
          field,
          shown.map(({ values }) => values[field]),
        ),
      ),
      axisOf(
        this.plan.monitor,
        shown.map(({ best }) => best),
      ),
    ];
    const figure = axes.at(-1);
    const width = 2 * EDGE + GAP * (axes.length - 1);
    const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    const x = (i: number) => EDGE + GAP * i;
    return html`<svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${SEARCH.results.parallel}>
      ${shown.map((_, run) => {
        const points = axes.map((axis, i) => `${x(i)},${y(axis.shares[run] ?? 0)}`).join(' ');
        const share = figure?.shares[run] ?? 0;
        const goodness = this.plan.more_is_better ? share : 1 - share;
        return svg`<polyline points=${points} opacity=${0.15 + 0.85 * goodness ** 2}></polyline>`;
      })}
      ${axes.map(
        ({ name, ticks }, i) => svg`<line x1=${x(i)} x2=${x(i)} y1=${y(0)} y2=${y(1)}></line>
          <text class="name" x=${x(i)} y=${i % 2 === 0 ? 12 : 25} text-anchor="middle">${name}</text>
          ${ticks.map(({ share, text }) => svg`<text x=${x(i) + 5} y=${y(share) + 4}>${text}</text>`)}`,
      )}
    </svg>`;
  }
}
