/** The model view: diagram, costs, an editor beside the JSON, the training, and the summary as Keras prints it. */
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import './network';
import './experiment-editor';
import { LabElement } from '../ui/lab-element';
import './layer-list';
import './code-import';
import { segmented } from '../ui/segmented';
import { type Tile, tileStyles, tiles } from '../ui/tiles';
import type { LabLayerList } from './layer-list';
import './training-editor';
import type { Experiment, Summary } from '../base/engine';
import { compact, integer } from '../base/format';
import { icons } from '../ui/icons';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { tables } from '../ui/styles/tables';
import { MODEL } from './text';

/** Activations are 32-bit floats. */
const FLOAT_BYTES = 4;

@customElement('lab-model-view')
export class LabModelView extends LabElement {
  @state() private form: 'table' | 'text' = 'table';
  @state() private copied = false;

  static override styles = [
    base,
    controls,
    tables,
    tileStyles,
    css`
      pre {
        margin: 0;
        overflow-x: auto;
        line-height: 1.25;
        padding: 0.9rem;
        background: var(--sunken);
        border-radius: var(--radius-small);
      }
      .segmented {
        width: max-content;
      }
      header .label {
        display: none;
      }
      .columns {
        --column: 24rem;
      }
      .network {
        margin-bottom: 0.9rem;
      }
      .network.old {
        filter: grayscale(1);
        opacity: 0.45;
      }
      .tall {
        --tall: 44rem;
      }
    `,
  ];

  readonly #text = new Task(this, {
    args: () => [this.form === 'text' && !this.lab.specError ? this.lab.summary : null] as const,
    task: ([summary]) => (summary && this.lab.document ? this.lab.worker.summaryText(this.lab.document) : ''),
    onError: (error) => this.lab.messages.failure(error),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keys);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#keys);
  }

  override render() {
    const { summary, specError, specLayer, document, locked } = this.lab;
    if (!document) return nothing;
    return html`
      <div class="stack">
        ${specError && !specLayer ? html`<p class="card" role="alert"><span class="badge warn">!</span> ${specError}</p>` : nothing}
        ${summary ? this.#network(summary, document) : nothing}
        <div class="columns">
          ${locked ? nothing : this.#editor()}
          <lab-experiment-editor .lab=${this.lab}></lab-experiment-editor>
        </div>
        ${locked ? nothing : html`<lab-training-editor .lab=${this.lab}></lab-training-editor>`}
        ${locked ? nothing : html`<lab-code-import .lab=${this.lab}></lab-code-import>`}
        ${summary && !specError ? this.#summary(summary, document) : nothing}
      </div>
    `;
  }

  #network(summary: Summary, document: Experiment) {
    const { model, locked } = this.lab;
    const { layers } = summary;
    const isOld = this.lab.specError !== null;
    return html`
      <section class="card">
        <header>
          <h2>${MODEL.network}</h2>
          <span class="small soft">${MODEL.diagramHint} ${locked ? '' : MODEL.diagramClick}</span>
        </header>
        ${isOld ? html`<p class="small soft">${MODEL.lastValid}</p>` : nothing}
        <div class="network ${isOld ? 'old' : ''}">
          <lab-network
            .summary=${summary}
            .inputShape=${document.input_shape}
            selected=${model.selected === null ? '' : (layers[model.selected]?.name ?? '')}
            @choose=${({ detail }: CustomEvent<string>) => this.#open(layers.findIndex(({ name }) => name === detail))}
          ></lab-network>
        </div>
        <div class="totals">${tiles(this.#costs(summary, model.original))}</div>
      </section>
    `;
  }

  /** The costs of the network, with the preset's costs if they differ. */
  #costs({ totals }: Summary, original: Summary | null): Tile[] {
    const names = MODEL.totals;
    const { texts } = this.lab;
    const tile = (name: string, value: number, before: number | undefined, write: (value: number) => string): Tile => ({
      name,
      value: write(value),
      note: before !== undefined && before !== value ? MODEL.before(write(before)) : '',
    });
    const was = original?.totals;
    return [
      tile(names.params, totals.params, was?.params, integer),
      tile(names.weights, totals.param_bytes, was?.param_bytes, texts.bytes),
      tile(names.macs, totals.macs, was?.macs, compact),
      tile(names.memory, totals.activation_bytes, was?.activation_bytes, texts.bytes),
    ];
  }

  #editor() {
    const { model, custom } = this.lab;
    const button = (label: string, icon: unknown, able: boolean, act: () => void) =>
      html`<button class="small" aria-label=${label} title=${label} ?disabled=${!able} @click=${act}>${icon}</button>`;
    return html`
      <section class="card">
        <header>
          <h2>${MODEL.layers}</h2>
          <div class="row">
            ${button(MODEL.undo, icons.undo, model.canUndo, () => model.undo())}
            ${button(MODEL.redo, icons.redo, model.canRedo, () => model.redo())}
            <button class="small" ?disabled=${!custom} @click=${() => model.replace(null)}>${MODEL.reset}</button>
          </div>
        </header>
        <lab-layer-list .lab=${this.lab}></lab-layer-list>
      </section>
    `;
  }

  #summary(summary: Summary, document: Experiment) {
    const forms: ['table' | 'text', string][] = [
      ['table', MODEL.asTable],
      ['text', MODEL.asText],
    ];
    return html`
      <section class="card">
        <header>
          <h2>${MODEL.title}</h2>
          <div class="row">
            ${segmented(MODEL.show, forms, this.form, (form) => (this.form = form))}
            <button class="small" @click=${() => this.#copy(document)}>
              ${this.copied ? MODEL.copied : MODEL.copy}
            </button>
          </div>
        </header>
        ${this.form === 'text' ? html`<pre tabindex="0">${this.#text.value ?? ''}</pre>` : this.#table(summary, document)}
      </section>
    `;
  }

  #table(summary: Summary, { input_shape }: Experiment) {
    const names = MODEL.columns;
    const { bytes } = this.lab.texts;
    return html`
      <div class="scroll tall" tabindex="0" role="region" aria-label=${MODEL.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${names.layer}</th>
              <th scope="col" class="text">${names.type}</th>
              <th scope="col" class="text">${names.shape}</th>
              <th scope="col">${names.params}</th>
              <th scope="col">${names.macs}</th>
              <th scope="col">${names.flops}</th>
              <th scope="col">${names.memory}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">${MODEL.input}</th>
              <td></td>
              <td class="text">${summary.input_text}</td>
              <td></td>
              <td></td>
              <td></td>
              <td>${bytes(FLOAT_BYTES * input_shape.reduce((a, b) => a * b))}</td>
            </tr>
            ${summary.layers.map(
              (layer) => html`<tr>
                <th scope="row"><code>${layer.name}</code></th>
                <td class="text">${layer.class_name}</td>
                <td class="text">${layer.shape_text}</td>
                <td>${integer(layer.params)}</td>
                <td>${layer.macs > 0 ? compact(layer.macs) : ''}</td>
                <td>${layer.flops > 0 ? compact(layer.flops) : ''}</td>
                <td>${bytes(layer.activation_bytes)}</td>
              </tr>`,
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">${names.total}</th>
              <td></td>
              <td></td>
              <td>${integer(summary.totals.params)}</td>
              <td>${compact(summary.totals.macs)}</td>
              <td>${compact(summary.totals.flops)}</td>
              <td>${bytes(summary.totals.activation_bytes)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    `;
  }

  #open(at: number): void {
    if (at < 0 || this.lab.locked) return;
    this.lab.model.select(at);
    void this.updateComplete.then(() => {
      const list = this.renderRoot.querySelector<LabLayerList>('lab-layer-list');
      void list?.updateComplete.then(() =>
        list.renderRoot.querySelector(`#layer-${at}`)?.scrollIntoView({ block: 'nearest' }),
      );
    });
  }

  readonly #keys = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    // In a text field the keys undo typing, and outside the editor they belong to the page. A button that becomes disabled when
    // it
    // is pressed loses the focus to the body, so the body counts as the editor.
    const path = event.composedPath();
    const [target] = path;
    if (!path.includes(this) && target !== document.body) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) this.lab.model.redo();
    else this.lab.model.undo();
  };

  async #copy(document: Experiment): Promise<void> {
    try {
      await navigator.clipboard.writeText(await this.lab.worker.summaryText(document));
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    } catch {
      // Without a clipboard (for example on an insecure page) the text is shown, to be selected.
      this.form = 'text';
    }
  }
}
