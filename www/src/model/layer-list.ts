/** The list of layers, to open, change, move, remove and add; the error of a layer is shown with it. */
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { LayerSpec } from '../base/engine';
import { compact, integer } from '../base/format';
import type { Options } from '../forms/fields';
import { EXPERIMENT } from '../forms/schema';
import { FORMS } from '../forms/text';
import { icons } from '../ui/icons';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { layerRows } from './layer-rows';
import { MODEL } from './text';
import '../forms/option-form';
import type { OptionChange } from '../forms/option-form';

const { layers: LAYERS, common: COMMON } = EXPERIMENT;

@customElement('lab-layer-list')
export class LabLayerList extends LabElement {
  @state() private kind = 'conv2d';
  /** The index of the layer that is being dragged. */
  @state() private dragged: number | null = null;

  /** The name of each layer. */
  readonly #names = new Task(this, {
    args: () => [this.lab.document?.layers] as const,
    task: ([layers]) => (layers ? this.lab.worker.layerNames(layers) : Promise.resolve([])),
    onError: (error) => this.lab.messages.failure(error),
  });

  static override styles = [base, controls, layerRows];

  override render() {
    const layers = this.lab.document?.layers ?? [];
    const names = this.#names.value ?? [];
    return html`
      <ol>
        ${layers.map((layer, i) => this.#row(layer, names[i] ?? '', i, layers.length))}
      </ol>
      ${this.#adder(layers.length)}
    `;
  }

  #row(layer: LayerSpec, name: string, at: number, count: number) {
    const { model, specError, specLayer, summary } = this.lab;
    const open = model.selected === at;
    const wrong = specError !== null && specLayer === name;
    const found = specError === null ? summary?.layers[at] : undefined;
    const shown = found && found.name === name ? found : undefined;
    return html`<li
      id="layer-${at}"
      class="${open ? 'open' : ''} ${wrong ? 'wrong' : ''} ${this.dragged === at ? 'dragged' : ''}"
      @dragover=${(event: DragEvent) => this.#over(event)}
      @drop=${(event: DragEvent) => this.#drop(event, at)}
    >
      <div class="row">
        <span
          class="grip"
          draggable="true"
          aria-hidden="true"
          @dragstart=${(event: DragEvent) => this.#drag(event, at)}
          @dragend=${() => (this.dragged = null)}
        >⠿</span>
        <button class="head" aria-expanded=${open} @click=${() => model.select(open ? null : at)}>
          <span class="name"
            ><b>${name}</b>${layer.name ? html` <span class="soft">${this.lab.texts.className(layer.type)}</span>` : nothing}</span
          >
          <span class="figures number">
            ${shown ? html`<span>${shown.output_shape.join(' × ')}</span><span class="soft">${shown.params > 0 ? compact(shown.params) : ''}</span>` : nothing}
          </span>
        </button>
      </div>
      ${wrong ? html`<p class="error" role="alert">${specError}</p>` : nothing} ${open ? this.#form(layer, name, at, count) : nothing}
    </li>`;
  }

  #form(layer: LayerSpec, name: string, at: number, count: number) {
    const entry = LAYERS[layer.type];
    const { type, ...options } = layer;
    const change = ({ detail }: CustomEvent<OptionChange>) =>
      void this.lab.model.editLayers(
        { edit: 'change', at, layer: { type, ...detail.options } },
        `layer ${at} ${detail.field}`,
      );
    const button = (label: string, text: string, icon: unknown, disabled: boolean, act: () => void) =>
      html`<button class="small" aria-label=${label} ?disabled=${disabled} @click=${act}>${icon}${text}</button>`;
    return html`<div class="form">
      <div class="row">
        ${button(MODEL.up(name), MODEL.upShort, icons.up, at === 0, () => this.#move(at, at - 1))}
        ${button(MODEL.down(name), MODEL.downShort, icons.down, at === count - 1, () => this.#move(at, at + 1))}
        ${button(FORMS.remove(name), MODEL.removeShort, icons.close, false, () => this.#remove(at))}
      </div>
      ${entry && entry.fields.length > 0 ? html`<lab-option-form of=${name} .fields=${entry.fields} .options=${options as Options} @options=${change}></lab-option-form>` : nothing}
      <lab-option-form of=${name} .fields=${COMMON} .options=${options as Options} @options=${change}></lab-option-form>
    </div>`;
  }

  #adder(count: number) {
    const { selected } = this.lab.model;
    const at = selected === null ? count : selected + 1;
    return html`<form
      class="adder"
      @submit=${async (event: SubmitEvent) => {
        event.preventDefault();
        await this.lab.model.editLayers({ edit: 'add', at, layer: { type: this.kind, ...LAYERS[this.kind]?.start } });
        this.lab.model.select(at);
      }}
    >
      <select
        aria-label=${MODEL.newLayer}
        @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value)}
      >
        ${Object.keys(LAYERS).map((kind) => html`<option value=${kind} .selected=${kind === this.kind}>${this.lab.texts.className(kind)}</option>`)}
      </select>
      <button>${icons.plus}${selected === null ? MODEL.addLast : MODEL.addAfter(integer(selected + 1))}</button>
    </form>`;
  }

  async #move(from: number, to: number): Promise<void> {
    const { model } = this.lab;
    await model.editLayers({ edit: 'move', from, to });
    if (model.selected === from) model.select(to);
    else if (model.selected === to) model.select(from);
  }

  async #remove(at: number): Promise<void> {
    const { model } = this.lab;
    await model.editLayers({ edit: 'remove', at });
    const { selected } = model;
    if (selected !== null && selected >= at) model.select(selected === at ? null : selected - 1);
  }

  #drag(event: DragEvent, at: number): void {
    this.dragged = at;
    event.dataTransfer?.setData('text/plain', String(at));
  }

  #over(event: DragEvent): void {
    if (this.dragged !== null) event.preventDefault();
  }

  #drop(event: DragEvent, at: number): void {
    if (this.dragged === null) return;
    event.preventDefault();
    const from = this.dragged;
    this.dragged = null;
    this.lab.model.select(null);
    void this.lab.model.editLayers({ edit: 'move', from, to: at });
  }
}
