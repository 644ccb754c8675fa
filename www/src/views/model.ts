/** The network: its summary as a table or as Keras prints it, its shapes as blocks, and the experiment's JSON. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '../charts/shape-strip';
import '../elements/experiment-editor';
import { LabElement } from '../elements/lab-element';
import { segmented } from '../elements/segmented';
import type { Experiment, Summary } from '../engine';
import { bytes, compact, integer } from '../format';
import { base } from '../styles/base';
import { controls } from '../styles/controls';
import { tables } from '../styles/tables';
import { className, kerasSummary, shapeText, sizeText } from '../summary-text';
import { TEXT } from '../text';

@customElement('lab-model-view')
export class LabModelView extends LabElement {
  @state() private form: 'table' | 'text' = 'table';
  @state() private copied = false;

  static override styles = [
    base,
    controls,
    tables,
    css`
      :host {
        display: block;
      }
      pre {
        margin: 0;
        overflow-x: auto;
        line-height: 1.25;
        padding: 0.9rem;
        background: var(--sunken);
        border-radius: var(--radius-small);
      }
      tfoot td {
        border: 0;
        padding-top: 0.7rem;
      }
      .totals {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem 1.6rem;
        margin-top: 0.9rem;
      }
      .totals div {
        display: flex;
        gap: 0.5rem;
      }
      .totals dt {
        color: var(--ink-soft);
      }
      .totals dd {
        font-weight: 600;
      }
      .segmented {
        width: max-content;
      }
      header .label {
        display: none;
      }
      td code {
        font-size: 0.92em;
      }
    `,
  ];

  override render() {
    const { summary, specError, experiment } = this.lab;
    return html`
      <div class="stack">
        ${specError ? html`<p class="card" role="alert"><span class="badge warn">!</span> ${specError}</p>` : nothing}
        ${summary && experiment && !specError ? this.#summary(summary, experiment) : nothing}
        <lab-experiment-editor .lab=${this.lab}></lab-experiment-editor>
      </div>
    `;
  }

  #summary(summary: Summary, experiment: Experiment) {
    const forms: ['table' | 'text', string][] = [
      ['table', TEXT.model.asTable],
      ['text', TEXT.model.asText],
    ];
    const text = kerasSummary(experiment.name ?? 'sequential', summary);
    return html`
      <section class="card">
        <header>
          <h2>${TEXT.model.title}</h2>
          <div class="row">
            ${segmented(TEXT.model.show, forms, this.form, (form) => (this.form = form))}
            <button class="small" @click=${() => this.#copy(text)}>
              ${this.copied ? TEXT.model.copied : TEXT.model.copy}
            </button>
          </div>
        </header>
        <lab-shape-strip .summary=${summary} .inputShape=${experiment.input_shape ?? []}></lab-shape-strip>
        ${this.form === 'text' ? html`<pre tabindex="0">${text}</pre>` : this.#table(summary)}
        ${this.#totals(summary)}
      </section>
    `;
  }

  #table(summary: Summary) {
    const names = TEXT.model.columns;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${TEXT.model.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${names.layer}</th>
              <th scope="col" class="text">${names.type}</th>
              <th scope="col" class="text">${names.shape}</th>
              <th scope="col">${names.params}</th>
              <th scope="col">${names.macs}</th>
              <th scope="col">${names.memory}</th>
            </tr>
          </thead>
          <tbody>
            ${summary.layers.map(
              (layer) => html`<tr>
                <th scope="row"><code>${layer.name}</code></th>
                <td class="text">${className(layer.type)}</td>
                <td class="text">${shapeText(layer.output_shape)}</td>
                <td>${integer(layer.params)}</td>
                <td>${layer.macs > 0 ? compact(layer.macs) : ''}</td>
                <td>${bytes(layer.activation_bytes)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #totals({ totals }: Summary) {
    const names = TEXT.model.totals;
    const list: [string, string][] = [
      [names.params, sizeText(totals.params)],
      [names.trainable, integer(totals.trainable)],
      [names.nonTrainable, integer(totals.non_trainable)],
      [names.macs, compact(totals.macs)],
      [names.memory, bytes(totals.activation_bytes)],
    ];
    return html`<dl class="totals number">
      ${list.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`;
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    } catch {
      // No clipboard here (an insecure page, say): the text itself is shown, to be selected.
      this.form = 'text';
    }
  }
}
