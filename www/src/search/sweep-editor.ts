/** The document of a sweep: fields are added by a form, and everything can be written as JSON. */
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { download } from '../lab/download';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { fieldsOf, parseValues } from './fields';
import type { SweepQueue } from './queue';
import { SEARCH } from './text';

const TEXT = SEARCH.sweep;
type Kind = keyof typeof TEXT.kinds;
type Plain = Record<string, unknown>;

/** The kinds whose values are listed; of the others there are a lowest and a highest one. */
const LISTED: readonly Kind[] = ['grid', 'choice'];

@customElement('lab-sweep-editor')
export class LabSweepEditor extends LabElement {
  @property({ attribute: false }) queue!: SweepQueue;
  @state() private text = '';
  @state() private kind: Kind = 'grid';
  @state() private field = 'optimizer.learning_rate';
  @state() private names: readonly string[] = [];
  @state() private starting = false;
  @query('[name=values]') private values!: HTMLInputElement;
  @query('input[type=file]') private picker!: HTMLInputElement;
  #of = '';

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.8rem;
      }
      form,
      .options {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr));
        gap: 0.6rem 0.8rem;
        align-items: end;
      }
      /* Paths of fields are long. */
      .wide {
        grid-column: 1 / -1;
      }
      textarea {
        width: 100%;
      }
    `,
  ];

  override willUpdate(): void {
    const { document: experiment, preset, custom } = this.lab;
    if (!experiment) return;
    const of = JSON.stringify(experiment.layers);
    if (of !== this.#of) {
      this.#of = of;
      void this.lab.worker.layerNames(experiment.layers).then((names) => (this.names = names));
    }
    if (this.text === '') this.text = this.#first(custom === null ? (preset?.id ?? '') : '');
  }

  override render() {
    const { experiment } = this.lab;
    const fields = experiment ? fieldsOf(experiment, this.names) : new Map<string, unknown>();
    return html`<section class="card">
      <header><h2>${TEXT.title}</h2></header>
      <p class="small soft">${TEXT.hint}</p>
      <form @submit=${this.#add}>
        <label class="wide">
          <span>${TEXT.field}</span>
          <select name="field" @change=${(event: Event) => (this.field = (event.target as HTMLSelectElement).value)}>
            ${[...fields].map(
              ([path, value]) =>
                html`<option value=${path} .selected=${path === this.field}>${path} (${JSON.stringify(value)})</option>`,
            )}
          </select>
        </label>
        <label>
          <span>${TEXT.how}</span>
          <select name="kind" @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value as Kind)}>
            ${Object.entries(TEXT.kinds).map(([kind, name]) => html`<option value=${kind} .selected=${kind === this.kind}>${name}</option>`)}
          </select>
        </label>
        <label>
          <span>${LISTED.includes(this.kind) ? TEXT.values : TEXT.range}</span>
          <input name="values" autocomplete="off" placeholder=${LISTED.includes(this.kind) ? '0.1, 0.01' : '0.0001, 0.1'} />
        </label>
        <button>${TEXT.add}</button>
      </form>
      <div class="options">
        ${this.#option('samples', TEXT.samples, (text) => this.#set('samples', text ? Number(text) : undefined))}
        ${this.#option('seeds', TEXT.seeds, (text) => this.#set('seeds', text ? parseValues(text) : undefined))}
        <label class="beside">
          <input
            type="checkbox"
            .checked=${this.#read()?.early_termination !== undefined}
            @change=${(event: Event) =>
              this.#set(
                'early_termination',
                (event.target as HTMLInputElement).checked ? { type: 'median' } : undefined,
              )}
          />
          <span>${TEXT.median}</span>
        </label>
      </div>
      <label>
        <span>${TEXT.document}</span>
        <textarea rows="12" spellcheck="false" .value=${this.text} @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}></textarea>
      </label>
      <div class="row">
        <button class="primary" ?disabled=${this.starting} @click=${this.#start}>${TEXT.startPlain}</button>
        <button @click=${() => (this.text = this.#first(''))}>${TEXT.renew}</button>
        <button @click=${() => download('sweep.json', 'application/json', this.text)}>${TEXT.save}</button>
        <button @click=${() => this.picker.click()}>${TEXT.load}</button>
        <input type="file" accept=".json,application/json" hidden aria-label=${TEXT.load} @change=${this.#load} />
      </div>
    </section>`;
  }

  #option(name: 'samples' | 'seeds', label: string, change: (text: string) => void) {
    const value = this.#read()?.[name];
    return html`<label>
      <span>${label}</span>
      <input
        name=${name}
        autocomplete="off"
        .value=${Array.isArray(value) ? value.join(', ') : String(value ?? '')}
        @change=${(event: Event) => change((event.target as HTMLInputElement).value.trim())}
      />
    </label>`;
  }

  /** The document; null while it is not JSON. */
  #read(): Plain | null {
    try {
      const value: unknown = JSON.parse(this.text);
      return typeof value === 'object' && value !== null ? (value as Plain) : null;
    } catch {
      return null;
    }
  }

  /** A preset on its own data is named; anything else is written out. */
  #first(preset: string): string {
    const { experiment, preset: shown, settings } = this.lab;
    const isPlain = preset !== '' && JSON.stringify(experiment) === JSON.stringify(shown?.experiment);
    const { text: _, ...document } = experiment ?? {};
    return write({ experiment: isPlain && settings.seed === null ? preset : document, grid: {} });
  }

  #set(key: string, value: unknown): void {
    const { [key]: _, ...rest } = this.#read() ?? {};
    this.text = write(value === undefined ? rest : { ...rest, [key]: value });
  }

  readonly #add = (event: Event): void => {
    event.preventDefault();
    const { kind, field, lab } = this;
    const values = parseValues(this.values.value);
    const isListed = LISTED.includes(kind);
    if (isListed ? values.length === 0 : values.length !== 2 || values.some((value) => typeof value !== 'number')) {
      lab.messages.error(isListed ? TEXT.noValue : TEXT.twoValues);
      return;
    }
    const sweep = this.#read() ?? {};
    const { [field]: _, ...grid } = (sweep.grid ?? {}) as Plain;
    const { [field]: __, ...random } = (sweep.random ?? {}) as Plain;
    if (kind === 'grid') grid[field] = values;
    else random[field] = { [kind]: values };
    const { random: ___, grid: ____, samples, ...rest } = sweep;
    const drawn = Object.keys(random).length > 0 ? { random, samples: samples ?? 8 } : {};
    const { experiment, ...others } = rest;
    this.text = write({ experiment, ...(Object.keys(grid).length > 0 && { grid }), ...drawn, ...others });
    this.values.value = '';
  };

  readonly #load = async (): Promise<void> => {
    const file = this.picker.files?.[0];
    this.picker.value = '';
    if (file) this.text = await this.lab.textOf(file);
  };

  readonly #start = async (): Promise<void> => {
    this.starting = true;
    try {
      await this.queue.begin(this.text);
    } catch (error) {
      this.lab.messages.failure(error);
    }
    this.starting = false;
  };
}

const write = (sweep: Plain): string => `${JSON.stringify(sweep, null, 2)}\n`;
