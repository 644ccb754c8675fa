/** Two sources' answers to the question how long AlexNet takes, beside the counts made here. */

import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TimeFigure } from '../base/engine';
import { integer } from '../base/format';
import { grouping, phrase } from '../base/localized';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { ENGINES } from '../ui/text';
import type { StepTime } from '../worker/measure';
import { COST } from './text';

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 5 });

@customElement('lab-cost-times')
export class LabCostTimes extends BoundedElement {
  @property({ attribute: false }) figures: TimeFigure[] = [];
  /** A measured training step of the network; null as long as there is none. */
  @property({ attribute: false }) step: StepTime | null = null;

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
            ${this.step ? measuredRow(this.step) : nothing}
          </tbody>
        </table>
      </div>
    </section>`;
  }
}

function measuredRow({ engine, device, batch, msPerStep, errorMs }: StepTime) {
  const names = COST.timesOf;
  const perImage = COST.plusMinus(text(round(msPerStep / batch), 'ms'), text(round(errorMs / batch), 'ms'));
  return html`<tr>
    <th scope="row">${names.measured}</th>
    <td></td>
    <td></td>
    <td>${perImage}</td>
    <td class="text">${names.measuredHow(batch)} ${ENGINES[engine]}: ${device}</td>
  </tr>`;
}

const round = (value: number): number => Number(value.toPrecision(3));

/** Counts are whole numbers; times and sizes have a unit. */
function text(value: number | null, unit: string): string {
  if (value === null) return '';
  return unit === '' ? integer(value) : `${NUMBER.format(value).replaceAll(',', grouping())} ${unit}`;
}
