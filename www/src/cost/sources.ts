/** AlexNet's figures beside those of two sources, and why they differ. */

import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SourceFigure } from '../base/engine';
import { integer } from '../base/format';
import { phrase } from '../base/localized';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { COST } from './text';

@customElement('lab-cost-sources')
export class LabCostSources extends BoundedElement {
  @property({ attribute: false }) sources: SourceFigure[] = [];

  static override styles = [
    base,
    tables,
    css`
      tr.total > * {
        font-weight: 650;
      }
      td.wrong {
        background: var(--warn-soft);
        color: var(--warn);
      }
      ol {
        margin-top: 0.8rem;
        padding-inline-start: 1.4rem;
        font-size: 0.92rem;
        display: grid;
        gap: 0.3rem;
      }
      p {
        margin-bottom: 0.6rem;
      }
    `,
  ];

  override render() {
    const names = COST.sourceColumns;
    const reasons = [...new Set(this.sources.map(({ why }) => why).filter((why) => why !== ''))];
    return html`
      <section class="card">
        <header><h2>${COST.sources}</h2></header>
        <p class="small soft">${COST.sourcesHint}</p>
        <div class="scroll tall" tabindex="0" role="region" aria-label=${COST.sources}>
          <table>
            <thead>
              <tr>
                <th scope="col">${names.what}</th>
                <th scope="col">${names.here}</th>
                <th scope="col">${names.first}</th>
                <th scope="col">${names.second}</th>
                <th scope="col">${names.why}</th>
              </tr>
            </thead>
            <tbody>
              ${this.sources.map((figure) => row(figure, reasons))}
            </tbody>
          </table>
        </div>
        <ol>
          ${reasons.map((reason) => html`<li>${phrase(reason)}</li>`)}
        </ol>
      </section>
    `;
  }
}

function row({ what, here, first, second, why }: SourceFigure, reasons: string[]) {
  const printed = (value: number | null) => (value === null ? '' : integer(value));
  const wrong = (value: number | null) => (value !== null && value !== here ? 'wrong' : '');
  return html`<tr class=${what.startsWith('total') ? 'total' : ''}>
    <th scope="row">${named(what)}</th>
    <td>${integer(here)}</td>
    <td class=${wrong(first)}>${printed(first)}</td>
    <td class=${wrong(second)}>${printed(second)}</td>
    <td>${why ? `[${reasons.indexOf(why) + 1}]` : ''}</td>
  </tr>`;
}

/** “parameters, conv2d”: a fixed word, and the name of a layer. */
const named = (what: string): string =>
  what.startsWith('total') ? phrase(what) : what.split(', ').map(phrase).join(', ');
