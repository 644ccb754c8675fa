/** Analysis of a run: where it overfits, and the accuracy of a network of all classes on merged classes. */
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import '../charts/bars';
import { percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { mergedGroups, retrained } from './merged';
import { RESULTS } from './text';

@customElement('lab-analysis')
export class LabAnalysis extends LabElement {
  readonly #overfits = new Task(this, {
    args: () => [this.lab.run.log, this.lab.run.log.epochs.length, this.lab.run.state === 'done'] as const,
    task: ([log, , isOver]) => this.lab.worker.overfittingText(log.epochs, isOver),
    onError: (error) => this.lab.messages.failure(error),
  });

  readonly #mergedAccuracy = new Task(this, {
    args: () => [this.lab.run.result, this.#groups()?.groups] as const,
    task: ([result, groups]) => (result && groups ? this.lab.worker.mergedAccuracy(result.confusion, groups) : null),
    onError: (error) => this.lab.messages.failure(error),
  });

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
    const { log } = this.lab.run;
    const text = this.#overfits.value ?? (log.epochs.length > 0 ? RESULTS.noValidation : RESULTS.noEpoch);
    return html`<section class="card">
      <header><h2>${RESULTS.analysis}</h2></header>
      <p>${text}</p>
    </section>`;
  }

  /** The groups that a preset merges the classes of this run's data into. */
  #groups() {
    const { run, presets } = this.lab;
    return run.experiment && mergedGroups(run.experiment, presets);
  }

  #merged() {
    const { run, runs } = this.lab;
    const { experiment, result, info } = run;
    if (!experiment || !result || !info) return nothing;
    const found = this.#groups();
    const accuracy = this.#mergedAccuracy.value;
    if (!found || accuracy === null || accuracy === undefined) return nothing;
    const other = retrained(experiment, found.groups, runs.list);
    const names = found.groups.map((group) => `{${group.map((label) => info.classes[label] ?? label).join(', ')}}`);
    const bar = (name: string, share: number) => ({ name, share, text: percent(share, 2) });
    const bars = [bar(RESULTS.mergedPlain, result.accuracy), bar(RESULTS.mergedHere, accuracy)];
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
