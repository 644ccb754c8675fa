/** Analysis of a run: where it overfits, and the accuracy of a network of all classes on merged classes. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import '../charts/bars';
import { loss, percent, plural } from '../base/format';
import { accuracyOf, mergeConfusion, overfitting } from '../base/metrics';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { mergedGroups, retrained } from './merged';
import { RESULTS } from './text';

@customElement('lab-analysis')
export class LabAnalysis extends LabElement {
  static override styles = [
    base,
    css`
      p + p,
      p + lab-bars {
        display: block;
        margin-top: 0.6rem;
      }
    `,
  ];

  override render() {
    return html`<div class="columns">${this.#overfitting()} ${this.#merged()}</div>`;
  }

  #overfitting() {
    const { log, state } = this.lab.run;
    const { epochs } = log;
    const isOver = state === 'done';
    const found = overfitting(epochs);
    const signed = (value: number) => `${value < 0 ? '−' : '+'}${loss(Math.abs(value))}`;
    const lines = found
      ? [
          RESULTS.overfits(
            String(found.epoch),
            loss(found.valLoss),
            percent(found.valAccuracy, 2),
            loss(Math.abs(found.lossGap)),
            found.lossGap < 0 ? RESULTS.sides.below : RESULTS.sides.above,
          ),
          found.epochsAfter === 0
            ? isOver
              ? RESULTS.notYet
              : RESULTS.soFar
            : RESULTS.after(
                plural(found.epochsAfter, 'epoch'),
                signed(found.lastLossGap),
                (100 * found.lastAccuracyGap).toFixed(2),
              ),
        ]
      : [epochs.length > 0 ? RESULTS.noValidation : RESULTS.noEpoch];
    return html`<section class="card">
      <header><h2>${RESULTS.analysis}</h2></header>
      ${lines.map((line) => html`<p>${line}</p>`)}
    </section>`;
  }

  #merged() {
    const { run, presets, runs } = this.lab;
    const { experiment, result, info } = run;
    if (!experiment || !result || !info) return nothing;
    const found = mergedGroups(experiment, presets);
    const matrix = found && mergeConfusion(result.confusion, found.groups);
    if (!found || !matrix) return nothing;
    const other = retrained(experiment, found.groups, runs.list);
    const names = found.groups.map((group) => `{${group.map((label) => info.classes[label] ?? label).join(', ')}}`);
    const bar = (name: string, share: number) => ({ name, share, text: percent(share, 2) });
    const bars = [bar(RESULTS.mergedPlain, result.accuracy), bar(RESULTS.mergedHere, accuracyOf(matrix))];
    if (other?.test)
      bars.push(bar(RESULTS.mergedRetrained(other.experiment.name, other.seed), other.test.test_accuracy));
    return html`<section class="card">
      <header><h2>${RESULTS.merged(found.groups.length)}</h2></header>
      <p>${RESULTS.mergedText(names.join(' '))}</p>
      <lab-bars .bars=${bars} label=${RESULTS.merged(found.groups.length)}></lab-bars>
      ${other ? nothing : html`<p class="small soft">${RESULTS.mergedNone(found.id)}</p>`}
    </section>`;
  }
}
