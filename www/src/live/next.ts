/** After a finished run: what it shows in a sentence or two, and the next steps that fit. */

import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { integer, percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { stepsAfter } from './steps';
import { NEXT } from './text';

/** Below so many times the accuracy of guessing, nothing was learned. */
const HARDLY = 1.5;
/** Accuracy on training images above that on validation images by more than this is overfitting. */
const GAP = 0.1;

@customElement('lab-next')
export class LabNext extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      p {
        margin-bottom: 0.7rem;
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    if (!run.result || !run.info) return nothing;
    return html`<section class="card">
      <header><h2>${NEXT.title}</h2></header>
      <p>${this.#sentence()}</p>
      <div class="row">${stepsAfter(this.lab).map(({ name, act }) => html`<button @click=${act}>${name}</button>`)}</div>
    </section>`;
  }

  #sentence(): string {
    const { run, data } = this.lab;
    const { accuracy = 0 } = run.result ?? {};
    const { test_samples: test = 0, classes = [] } = run.info ?? {};
    const chance = 1 / Math.max(1, classes.length);
    if (accuracy < HARDLY * chance) return NEXT.chance(percent(accuracy), percent(chance, 0));
    const wrong = Math.round((1 - accuracy) * test);
    const last = run.lastEpoch;
    const gap = last?.val_accuracy === undefined ? 0 : last.accuracy - last.val_accuracy;
    return [
      NEXT.good(percent(accuracy), integer(wrong), integer(test)),
      gap > GAP && last ? NEXT.gap(percent(last.accuracy, 0), percent(last.val_accuracy ?? 0, 0)) : '',
      data.info?.synthetic ? NEXT.synthetic : '',
    ].join('');
  }
}
