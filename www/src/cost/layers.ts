/** The cost sheet by layer, with the layer's numbers in each formula. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CostSheet, LayerCost } from '../base/engine';
import { integer } from '../base/format';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { COST } from './text';

@customElement('lab-cost-layers')
export class LabCostLayers extends BoundedElement {
  @property({ attribute: false }) sheet!: CostSheet;

  static override styles = [
    base,
    tables,
    css`
      th,
      td {
        vertical-align: top;
      }
      thead small {
        white-space: normal;
      }
      small {
        display: block;
        font-weight: 400;
        font-size: 0.8rem;
        color: var(--ink-soft);
      }
      tfoot > tr > * {
        border-top: 1px solid var(--line-strong);
        border-bottom: 0;
        font-weight: 650;
      }
      p {
        margin-top: 0.7rem;
      }
    `,
  ];

  override render() {
    const names = COST.columns;
    const { sheet } = this;
    return html`
      <section class="card">
        <header><h2>${COST.layers}</h2></header>
        <div class="scroll" tabindex="0" role="region" aria-label=${COST.layers}>
          <table>
            <thead>
              <tr>
                <th scope="col">${names.layer}</th>
                <th scope="col">${names.output}<small>${names.o}</small></th>
                <th scope="col">${names.values}</th>
                <th scope="col">${names.params}<small>${names.p}</small></th>
                <th scope="col">${names.macs}<small>${names.m}</small></th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row"><code>${COST.input}</code></th>
                <td></td>
                <td>${integer(sheet.forward.input_values)}</td>
                <td></td>
                <td></td>
              </tr>
              ${sheet.layers.map(row)}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">${COST.total}</th>
                <td></td>
                <td>${integer(sheet.forward.values)}</td>
                <td>${integer(sheet.params)}</td>
                <td>${integer(sheet.macs)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
        <p class="small soft">${COST.layersHint}</p>
      </section>
    `;
  }
}

const count = (value: number): string => (value > 0 ? integer(value) : '');

/** The formula with numbers, without its result, which is in the next column. */
const formula = (text: string | null): string => text?.replace(/ = \d+$/, '') ?? '';

const row = (layer: LayerCost) => html`<tr>
  <th scope="row"><code>${layer.name}</code></th>
  <td>${layer.output_shape.join(' × ')}<small>${layer.output_formula ?? ''}</small></td>
  <td>${count(layer.values)}</td>
  <td>${count(layer.params)}<small>${formula(layer.params_formula)}</small></td>
  <td>${count(layer.macs)}<small>${formula(layer.macs_formula)}</small></td>
</tr>`;
