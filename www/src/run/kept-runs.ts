/** Offers to resume the runs that this browser stores, while no run is active. */

import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { integer } from '../base/format';
import { language } from '../base/localized';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import type { KeptRun } from '../worker/protocol';
import { KEPT } from './text';

@customElement('lab-kept-runs')
export class LabKeptRuns extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
      }
      ul {
        list-style: none;
        padding: 0;
        display: grid;
        gap: 0.8rem;
      }
      .undo {
        padding-block: 0.4rem;
      }
      .card + .undo {
        margin-top: 0.6rem;
      }
      li,
      .undo {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
      }
      .what {
        flex: 1 1 18rem;
      }
    `,
  ];

  override render() {
    const { offers } = this.lab.kept;
    return html`${offers.length > 0 ? html`<ul class="card">${offers.map((run) => this.#offer(run))}</ul>` : nothing}
    ${this.#undo()}`;
  }

  #undo() {
    const { kept } = this.lab;
    if (!kept.discarded) return nothing;
    return html`<div class="card undo small" role="status">
      <span>${KEPT.discarded(kept.discarded.title)}</span>
      <button class="quiet small" @click=${() => kept.undoDiscard()}>${icons.undo}${KEPT.undo}</button>
    </div>`;
  }

  #offer(run: KeptRun) {
    const where = KEPT.where(
      integer(run.epoch),
      integer(run.epochs),
      integer(run.step),
      integer(run.totalSteps),
      moment(run.savedAt),
    );
    return html`<li>
      <div class="what">
        <strong>${KEPT.title(run.title)}</strong>
        <p class="small soft">${where}</p>
      </div>
      <div class="row">
        <button @click=${() => this.lab.kept.resume(run)}>${icons.play}${KEPT.resume}</button>
        <button aria-label=${KEPT.discardLabel(run.title)} @click=${() => this.lab.kept.discard(run)}>
          ${KEPT.discard}
        </button>
      </div>
    </li>`;
  }
}

/** Shows the date, not the time since then, because the clock may have been changed. */
function moment(savedAt: number): string {
  const then = new Date(savedAt);
  const time = then.toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit' });
  if (then.toDateString() === new Date().toDateString()) return KEPT.today(time);
  return `${then.toLocaleDateString(language(), { day: 'numeric', month: 'long', year: 'numeric' })}, ${time}`;
}
