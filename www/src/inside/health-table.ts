/** Health of the layers over the run: gradient norms, dead units and zeros, with a small curve in each row. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import type { Health, LayerHealth } from '../base/engine';
import { integer, percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { tables } from '../ui/styles/tables';
import { spark } from './spark';
import { INSIDE } from './text';

@customElement('lab-health-table')
export class LabHealthTable extends LabElement {
  static override styles = [
    base,
    tables,
    css`
      .spark {
        display: inline-block;
        vertical-align: middle;
        margin-inline-start: 0.6rem;
      }
      .spark polyline {
        fill: none;
        stroke: var(--train);
        stroke-width: 1.5;
      }
      .spark circle {
        fill: var(--train);
      }
      .dead .spark polyline {
        stroke: var(--validation);
      }
      .dead .spark circle {
        fill: var(--validation);
      }
      .bad {
        color: var(--danger);
        font-weight: 650;
      }
      p {
        margin-bottom: 0.6rem;
      }
      .tall {
        --tall: 40rem;
      }
    `,
  ];

  override render() {
    const { samples, summary } = this.lab.inside;
    const last = samples.at(-1);
    if (!last || !summary) return nothing;
    const names = INSIDE.columns;
    return html`
      <section class="card">
        <header><h2>${INSIDE.health}</h2></header>
        <p class="small soft">${INSIDE.healthHint(integer(last.images))}</p>
        <div class="scroll tall" tabindex="0" role="region" aria-label=${INSIDE.health}>
          <table>
            <thead>
              <tr>
                <th scope="col">${names.layer}</th>
                <th scope="col">${names.gradient}</th>
                <th scope="col">${names.weights}</th>
                <th scope="col">${names.ratio}</th>
                <th scope="col">${names.dead}</th>
                <th scope="col">${names.zeros}</th>
              </tr>
            </thead>
            <tbody>
              ${guard([samples, summary], () => summary.layers.map((layer, i) => this.#row(layer.name, i, samples, last.layers[i])))}
            </tbody>
          </table>
        </div>
      </section>
    `;
  }

  #row(name: string, at: number, samples: readonly Health[], now: LayerHealth | undefined) {
    if (!now || (now.gradient_norm === null && now.dead === null)) return nothing;
    const { gradient_norm, weight_norm, dead, zeros } = now;
    const series = (figure: keyof LayerHealth) => samples.map(({ layers }) => layers[at]?.[figure] ?? null);
    const ratio = gradient_norm !== null && weight_norm ? gradient_norm / weight_norm : null;
    return html`<tr>
      <th scope="row"><code>${name}</code></th>
      <td>${norm(gradient_norm)}${gradient_norm === null ? nothing : spark(series('gradient_norm'), true)}</td>
      <td>${norm(weight_norm)}</td>
      <td>${norm(ratio)}</td>
      <td class="dead">
        ${dead === null ? '' : html`<span class=${dead > 0.5 ? 'bad' : ''}>${percent(dead)}</span>${spark(series('dead'), false, [0, 1])}`}
      </td>
      <td>${zeros === null ? '' : percent(zeros)}</td>
    </tr>`;
  }
}

/** A norm to three digits at any magnitude. */
function norm(value: number | null): string {
  if (value === null) return '';
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 10_000) ? value.toExponential(1) : value.toPrecision(3);
}
