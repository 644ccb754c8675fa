/** The queue of a sweep: how far it is, the time left, and its buttons. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { SweepQueue } from './queue';
import { SEARCH } from './text';

const TEXT = SEARCH.sweep;

@customElement('lab-sweep-progress')
export class LabSweepProgress extends LabElement {
  @property({ attribute: false }) queue!: SweepQueue;

  #leave: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // The queue is the same object when it changes.
    this.#leave = this.queue.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.7rem;
      }
    `,
  ];

  override render() {
    const { queue } = this;
    const all = queue.plan?.runs.length ?? 0;
    const done = queue.outcomes.length;
    const left = queue.secondsLeft;
    return html`<section class="card">
      <header>
        <h2>${TEXT.title}</h2>
        <div class="row">
          ${
            queue.state === 'running' || queue.state === 'pausing'
              ? html`<button ?disabled=${queue.state === 'pausing'} @click=${() => queue.pause()}>
                  ${icons.pause}${queue.state === 'pausing' ? TEXT.pausing : TEXT.pause}
                </button>`
              : nothing
          }
          ${queue.state === 'paused' ? html`<button class="primary" @click=${() => queue.resume()}>${icons.play}${TEXT.resume}</button>` : nothing}
          <button @click=${() => queue.discard()}>${TEXT.discard}</button>
        </div>
      </header>
      <progress max=${all} value=${done + queue.share} aria-label=${TEXT.progress(done, all)}></progress>
      <p role="status">
        <strong>${TEXT.states[queue.state]}</strong> · ${TEXT.progress(done, all)}
        ${left === null ? nothing : html`· ${TEXT.left(this.lab.texts.duration(Math.round(left)))}`}
      </p>
    </section>`;
  }
}
