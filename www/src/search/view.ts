/** The search view: a learning-rate range test, sweeps, and what came of them. */
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import './range-test';
import './sweep-editor';
import './sweep-progress';
import './sweep-results';
import { queueOf } from './queue';
import { SEARCH } from './text';

@customElement('lab-search-view')
export class LabSearchView extends LabElement {
  #leave: (() => void) | null = null;

  static override styles = [base, controls];

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
        queue.removed
          ? html`<p class="small" role="status">
              ${SEARCH.sweep.removed(queue.removed.outcomes.length)}
              <button class="quiet small" @click=${() => queue.restore()}>${icons.undo}${SEARCH.sweep.undo}</button>
            </p>`
          : nothing
      }
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
