/** The search view: a learning-rate range test, sweeps, and what came of them. */
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import './range-test';
import './sweep-editor';
import './sweep-progress';
import './sweep-results';
import { queueOf } from './queue';

@customElement('lab-search-view')
export class LabSearchView extends LabElement {
  #leave: (() => void) | null = null;

  static override styles = [base, css``];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = queueOf(this.lab).subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  override render() {
    const { lab } = this;
    const queue = queueOf(lab);
    return html`<div class="stack">
      <lab-range-test .lab=${lab}></lab-range-test>
      ${
        queue.plan
          ? html`<lab-sweep-progress .lab=${lab} .queue=${queue}></lab-sweep-progress>
              <lab-sweep-results
                .lab=${lab}
                .plan=${queue.plan}
                .outcomes=${queue.outcomes}
                .results=${queue.results}
                .text=${queue.text}
              ></lab-sweep-results>`
          : html`<lab-sweep-editor .lab=${lab} .queue=${queue}></lab-sweep-editor>`
      }
    </div>`;
  }
}
