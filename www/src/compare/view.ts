/** The compare view: the saved runs, their curves in one chart, and their differences. */
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { align, type ChartData, type Curve, type Zoom } from '../charts/curve';
import '../charts/line-chart';
import { runColor } from './run-colors';
import './chart-table';
import './compare-table';
import { LabElement } from '../ui/lab-element';
import './runs-table';
import { loss, percent } from '../base/format';
import type { Metric } from '../base/history';
import { segmented } from '../ui/segmented';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Group, groupBySeed, groupName, meanCurve } from './compare';
import type { LabRuns } from './lab-runs';
import { COMPARE } from './text';

type Which = 'validation' | 'training';

@customElement('lab-compare-view')
export class LabCompareView extends LabElement {
  @state() private which: Which = 'validation';
  @state() private together = true;
  @state() private zoom: Zoom = null;
  #grouped: { list: LabRuns['list']; together: boolean; groups: Group[] } | null = null;

  static override styles = [
    base,
    controls,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.5rem 1.4rem;
      }
      .tools > label {
        min-height: 2.4rem;
        font-size: 0.92rem;
      }
    `,
  ];

  override render() {
    const { runs } = this.lab;
    if (runs.list.length === 0)
      return html`<div class="stack">${this.#empty()}<lab-runs-table .lab=${this.lab}></lab-runs-table></div>`;
    const { pinned } = runs;
    const groups = this.#groups();
    return html`
      <div class="stack">
        <lab-runs-table .lab=${this.lab} .groups=${groups}></lab-runs-table>
        ${
          pinned.length === 0
            ? html`<p class="card empty">${COMPARE.choose}</p>`
            : html`${this.#tools()}
                ${this.#curves(groups)}
                <lab-compare-table .lab=${this.lab} .groups=${groups}></lab-compare-table>`
        }
      </div>
    `;
  }

  #empty() {
    return html`<div class="card empty">
      <strong>${COMPARE.empty}</strong>
      <span>${COMPARE.emptyText}</span>
    </div>`;
  }

  /** Returns the same groups until the runs change, so that they are not compared again for other changes. */
  #groups(): Group[] {
    const { together } = this;
    const { list, pinned } = this.lab.runs;
    if (this.#grouped?.list !== list || this.#grouped.together !== together) {
      // Oldest first, since the others are compared with the first.
      const oldest = pinned.toReversed();
      const groups = together ? groupBySeed(oldest) : oldest.map((run): Group => ({ runs: [run] }));
      this.#grouped = { list, together, groups };
    }
    return this.#grouped.groups;
  }

  #tools() {
    const choices: [Which, string][] = [
      ['validation', COMPARE.which.validation],
      ['training', COMPARE.which.training],
    ];
    return html`<div class="tools">
      ${segmented(COMPARE.curves, choices, this.which, (which) => (this.which = which))}
      <label class="beside">
        <input
          type="checkbox"
          .checked=${this.together}
          @change=${(event: Event) => (this.together = (event.target as HTMLInputElement).checked)}
        />
        <span>${COMPARE.seeds}</span>
      </label>
    </div>`;
  }

  #curves(groups: Group[]) {
    const data = { accuracy: this.#data('accuracy', groups), loss: this.#data('loss', groups) };
    const columns = [
      { heading: COMPARE.accuracy, data: data.accuracy, format: (value: number) => percent(value, 2) },
      { heading: COMPARE.loss, data: data.loss, format: loss },
    ];
    return html`
      <div class="columns">
        ${this.#chart('accuracy', data.accuracy, groups, (value) => percent(value, 0))}
        ${this.#chart('loss', data.loss, groups, (value) => String(Number(value.toPrecision(3))))}
      </div>
      <lab-chart-table .charts=${columns}></lab-chart-table>
    `;
  }

  #chart(metric: Metric, data: ChartData, groups: Group[], format: (value: number) => string) {
    const names = groups.map(groupName).join(', ');
    return html`<lab-line-chart
      class="card"
      group="compare"
      heading=${COMPARE[metric]}
      theme=${this.lab.theme}
      label=${COMPARE.curveLabel(COMPARE[metric], names)}
      .format=${format}
      .data=${data}
      .zoom=${this.zoom}
      @zoom=${(event: CustomEvent<Zoom>) => (this.zoom = event.detail)}
    ></lab-line-chart>`;
  }

  #data(metric: Metric, groups: Group[]): ChartData {
    const column = this.which === 'validation' ? (`val_${metric}` as const) : metric;
    const means = groups.map(({ runs }) =>
      meanCurve(
        runs.map(({ epochs }) => epochs),
        column,
      ),
    );
    const { x, columns } = align(means.map(({ x, mean, low, high }) => ({ x, columns: [mean, low, high] })));
    const curves = groups.map((group, i): Curve => {
      const [values = [], low = [], high = []] = columns[i] ?? [];
      const curve = { name: groupName(group), color: runColor(i), values, points: true };
      return group.runs.length > 1 ? { ...curve, band: { low, high } } : curve;
    });
    return { x, curves, marks: [] };
  }
}
