/** The compare view: the saved runs, their curves in one chart, and their differences. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { align, type ChartData, type Curve, type Zoom } from '../charts/curve';
import '../charts/line-chart';
import { runColor } from './run-colors';
import './chart-table';
import './compare-table';
import { COMPARED_FIGURES, type ReportFormat, saveComparison } from '../lab/reports';
import type { SavedRun } from '../lab/saved-run';
import { LabElement } from '../ui/lab-element';
import '../ui/observations';
import { REPORT } from '../ui/report-text';
import './runs-table';
import { loss, percent } from '../base/format';
import type { Metric } from '../base/history';
import { segmented } from '../ui/segmented';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type EpochMetric, type Group, groupBySeed, groupName, type MeanCurve, meanCurve } from './compare';
import type { LabRuns } from './lab-runs';
import { COMPARE } from './text';

type Which = 'both' | 'validation' | 'training';
type Drawn = Metric | 'gap';

@customElement('lab-compare-view')
export class LabCompareView extends LabElement {
  @state() private which: Which = 'both';
  @state() private busy = false;
  @state() private together = true;
  @state() private zoom: Zoom = null;
  readonly #drawn = new Map<Drawn, { groups: Group[]; which: Which; data: ChartData }>();
  #grouped: { list: LabRuns['list']; together: boolean; groups: Group[] } | null = null;

  static override styles = [
    base,
    controls,
    css`
      .report {
        display: grid;
        gap: 0.8rem;
      }
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
                <lab-compare-table .lab=${this.lab} .groups=${groups}></lab-compare-table>
                ${this.#report(pinned)}`
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
      ['both', COMPARE.which.both],
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
    const data = {
      accuracy: this.#data('accuracy', groups),
      loss: this.#data('loss', groups),
      gap: this.#data('gap', groups),
    };
    const points = (value: number) => percent(value, 2);
    const columns = [
      { heading: COMPARE.accuracy, data: data.accuracy, format: (value: number) => percent(value, 2) },
      { heading: COMPARE.loss, data: data.loss, format: loss },
      { heading: COMPARE.gap, data: data.gap, format: points },
    ];
    return html`
      <div class="columns">
        ${this.#chart('accuracy', data.accuracy, groups, (value) => percent(value, 0))}
        ${this.#chart('loss', data.loss, groups, (value) => String(Number(value.toPrecision(3))))}
        ${data.gap.x.length > 0 ? this.#chart('gap', data.gap, groups, (value) => percent(value, 0)) : nothing}
      </div>
      ${groups.some(({ runs }) => runs.some(({ whole }) => whole)) ? html`<p class="small soft">${COMPARE.someEpochs}</p>` : nothing}
      <lab-chart-table .charts=${columns}></lab-chart-table>
    `;
  }

  #chart(metric: Drawn, data: ChartData, groups: Group[], format: (value: number) => string) {
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

  /** Returns the same data until the groups change, so that charts are not drawn again for other changes. */
  #data(metric: Drawn, groups: Group[]): ChartData {
    const { which } = this;
    const known = this.#drawn.get(metric);
    if (known?.groups === groups && known.which === which) return known.data;
    const data = metric === 'gap' ? gapData(groups) : this.#compute(metric, groups);
    this.#drawn.set(metric, { groups, which, data });
    return data;
  }

  #compute(metric: Metric, groups: Group[]): ChartData {
    const { which } = this;
    const validation = which === 'training' ? [] : curvesOf(groups, `val_${metric}`, '');
    const suffix = which === 'both' ? COMPARE.trainingOf : '';
    const training = which === 'validation' ? [] : curvesOf(groups, metric, suffix, which === 'both');
    return chartOf([...validation, ...training]);
  }

  /** The runs in one document, as the lab sheet asks for NET I, II and III. */
  #report(pinned: SavedRun[]) {
    if (pinned.length < 2) return nothing;
    const { runs } = this.lab;
    const button = (name: string, format: ReportFormat, primary = false) => html`<button
      class=${primary ? 'primary' : ''}
      ?disabled=${this.busy}
      @click=${() => this.#save(pinned, format)}
    >
      ${name}
    </button>`;
    return html`<section class="card report">
      <header><h2>${COMPARE.report.title}</h2></header>
      <p class="small soft">${COMPARE.report.hint}</p>
      <lab-observations
        .figures=${COMPARED_FIGURES}
        .observations=${runs.observations}
        @observed=${(event: CustomEvent<Record<string, string>>) => runs.observe(event.detail)}
      ></lab-observations>
      <div class="row">
        ${button(REPORT.html, 'html', true)} ${button(REPORT.markdown, 'md')} ${button(REPORT.print, 'print')}
      </div>
    </section>`;
  }

  async #save(pinned: SavedRun[], format: ReportFormat): Promise<void> {
    this.busy = true;
    // Oldest first, since the others are compared with the first.
    const { observations } = this.lab.runs;
    await this.lab.messages.attempt(() => saveComparison(this.lab, pinned.toReversed(), observations, format));
    this.busy = false;
  }
}

interface NamedCurve {
  curve: Omit<Curve, 'values' | 'band'>;
  isMean: boolean;
  mean: MeanCurve;
}

/** The mean of each group of runs; groups without the figure are left out. */
function curvesOf(groups: Group[], metric: EpochMetric, suffix: string, dashed = false): NamedCurve[] {
  return groups.flatMap(({ runs }, i) => {
    const mean = meanCurve(
      runs.map(({ epochs }) => epochs),
      metric,
    );
    if (mean.mean.every((value) => value === null)) return [];
    const curve = { name: groupName({ runs }) + suffix, color: runColor(i), points: true, ...(dashed && { dashed }) };
    return [{ curve, isMean: runs.length > 1 && !dashed, mean }];
  });
}

function chartOf(list: NamedCurve[]): ChartData {
  const { x, columns } = align(list.map(({ mean }) => ({ x: mean.x, columns: [mean.mean, mean.low, mean.high] })));
  const curves = list.map(({ curve, isMean }, i): Curve => {
    const [values = [], low = [], high = []] = columns[i] ?? [];
    return isMean ? { ...curve, values, band: { low, high } } : { ...curve, values };
  });
  return { x, curves, marks: [] };
}

/** Training accuracy minus validation accuracy. */
function gapData(groups: Group[]): ChartData {
  const gaps = groups.map((group, i): NamedCurve => {
    const epochs = group.runs.map((run) => run.epochs);
    const [training, validation] = [meanCurve(epochs, 'accuracy'), meanCurve(epochs, 'val_accuracy')];
    const mean = training.mean.map((value, at) => difference(value, validation.mean[at]));
    return {
      curve: { name: groupName(group), color: runColor(i), points: true },
      isMean: false,
      mean: { ...training, mean },
    };
  });
  return chartOf(gaps.filter(({ mean }) => mean.mean.some((value) => value !== null)));
}

const difference = (a: number | null, b: number | null | undefined): number | null =>
  a === null || b === null || b === undefined ? null : a - b;
