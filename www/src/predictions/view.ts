/** The predictions view: single test images, the test set by true and predicted class, and the student's own image. */
import { html } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import './gallery';
import { LabElement } from '../ui/lab-element';
import './own-image';
import './prediction';
import { base } from '../ui/styles/base';
import { PREDICTIONS } from './text';

@customElement('lab-predictions-view')
export class LabPredictionsView extends LabElement {
  @query('lab-prediction') private single!: HTMLElement | null;
  /** The run whose first test image has been predicted, and the state in which the whole set was. */
  #begun: unknown = null;
  #state = '';

  static override styles = base;

  override updated(): void {
    const { run, predictions } = this.lab;
    if (!run.info) return;
    // The course's first question is the prediction of the first test image.
    if (this.#begun !== run.info && !run.prediction) void run.predict(0);
    const rests = run.state === 'done' || run.state === 'stopped' || run.state === 'paused';
    const changed = this.#begun !== run.info || this.#state !== run.state;
    this.#begun = run.info;
    this.#state = run.state;
    if (changed && rests) void predictions.renew();
  }

  override render() {
    const { lab } = this;
    if (!lab.run.info) {
      return html`<div class="card empty">
        <strong>${PREDICTIONS.emptyTitle}</strong><span>${PREDICTIONS.emptyText}</span>
      </div>`;
    }
    return html`
      <div class="stack">
        <lab-prediction .lab=${lab}></lab-prediction>
        <lab-own-image .lab=${lab}></lab-own-image>
        <lab-gallery .lab=${lab} @opened=${() => this.single?.scrollIntoView({ block: 'center' })}></lab-gallery>
      </div>
    `;
  }
}
