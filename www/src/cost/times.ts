/** Two sources' answers to the question how long AlexNet takes, beside the counts made here. */

import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TimeFigure } from '../base/engine';
import { integer } from '../base/format';
import { grouping, phrase } from '../base/localized';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { COST } from './text';

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 });

@customElement('lab-cost-times')
export class LabCostTimes extends BoundedElement {
  @property({ attribute: false }) figures: TimeFigure[] = [];

  static override styles = [base, tables];

  override render() {
    const names = COST.timesOf;
    return html`<section class="card">
      <header><h2>${COST.times}</h2></header>
      <p class="small soft">${COST.timesHint}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${COST.times}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="text">${names.what}</th>
              <th scope="col">${names.values}</th>
              <th scope="col">${names.multiplications}</th>
              <th scope="col">${names.here}</th>
              <th scope="col" class="text">${names.formula}</th>
            </tr>
          </thead>
          <tbody>
            ${this.figures.map(
              ({ what, formula, by_values, by_multiplications, here, unit }) => html`<tr>
                <th scope="row">${phrase(what)}</th>
                ${[by_values, by_multiplications, here].map((value) => html`<td>${text(value, unit)}</td>`)}
                <td class="text">${phrase(formula)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

/** Counts are whole numbers; times and sizes have a unit. */
function text(value: number | null, unit: string): string {
  if (value === null) return '';
  return unit === '' ? integer(value) : `${NUMBER.format(value).replaceAll(',', grouping())} ${unit}`;
}
