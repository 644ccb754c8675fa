/** The arithmetic of one value of a feature map: window × kernel + bias → activation. Arrow keys move to its neighbours. */
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { integer } from '../base/format';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { type Arithmetic, type Explained, explain, type Window } from './arithmetic';
import { ARROWS } from './cursor';
import { grid, short } from './grid';
import { ARITHMETIC } from './text';

/** Input channels whose windows are drawn; the others are summed up in one line. */
const SHOWN = 3;
/** Products of a dense layer that are drawn. */
const PRODUCTS = 8;
/** The largest window, in values, that is drawn. */
const MOST = 144;

@customElement('lab-arithmetic')
export class LabArithmetic extends BoundedElement {
  @property({ attribute: false }) layer: Explained | null = null;
  @property({ attribute: false }) at: readonly number[] = [];
  @property() name = '';

  static override styles = [
    base,
    controls,
    css`
      section {
        margin-top: 0.7rem;
        padding: 0.8rem 1rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
      }
      .product {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.9rem;
        margin-block: 0.6rem;
        max-width: 100%;
        overflow-x: auto;
      }
      text {
        font-size: 10.5px;
        text-anchor: middle;
        font-variant-numeric: tabular-nums;
      }
      rect {
        stroke: var(--line);
      }
      rect.marked {
        stroke: var(--ink);
        stroke-width: 2.5;
      }
      .result {
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0.3rem 1rem;
      }
    `,
  ];

  override render() {
    const { layer, at } = this;
    if (!layer) return nothing;
    const found = explain(layer, at);
    return html`<section tabindex="0" aria-label=${ARITHMETIC.label(this.name)} @keydown=${this.#keys}>
      <header>
        <strong>${ARITHMETIC.title(this.name, at.map(String).join(', '))}</strong>
        <span class="small soft">${ARITHMETIC.keys}</span>
      </header>
      ${this.#windows(found)}
      <p class="result" aria-live="polite">${this.#result(found)}</p>
    </section>`;
  }

  #windows({ kind, windows }: Arithmetic) {
    const [first] = windows;
    if (kind === 'none' || !first) return html`<p class="small soft">${ARITHMETIC.none}</p>`;
    if (this.layer?.kernel?.shape.length === 2) return this.#dense(first);
    if (first.values.length > MOST)
      return html`<p class="small soft">${ARITHMETIC.large(integer(first.values.length))}</p>`;
    // The channels with the largest share of the sum.
    const order = [...windows].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum));
    const rest = order.slice(SHOWN);
    return html`${order.slice(0, SHOWN).map((one) => this.#window(one, kind))}
    ${
      rest.length > 0
        ? html`<p class="small number">${ARITHMETIC.rest(integer(rest.length), short(rest.reduce((sum, one) => sum + one.sum, 0)))}</p>`
        : nothing
    }`;
  }

  #window({ channel, width, values, weights, sum }: Window, kind: Arithmetic['kind']) {
    const most = kind === 'max' ? values.indexOf(Math.max(...values.filter((one) => !Number.isNaN(one)))) : -1;
    return html`<div class="product" tabindex="0" role="group" aria-label=${ARITHMETIC.terms}>
      ${grid(values, width, most, ARITHMETIC.window(String(channel)))}
      ${
        weights
          ? html`<span>×</span>${grid(weights, width, -1, ARITHMETIC.kernel(String(channel)))}<span class="number">= ${short(sum)}</span>`
          : nothing
      }
    </div>`;
  }

  /** The products with the largest size; a dense layer has hundreds. */
  #dense({ values, weights }: Window) {
    const products = values
      .map((x, i) => ({ i, x, w: weights?.[i] ?? 0 }))
      .sort((a, b) => Math.abs(b.x * b.w) - Math.abs(a.x * a.w));
    const shown = products.slice(0, PRODUCTS);
    const rest = products.slice(PRODUCTS).reduce((sum, { x, w }) => sum + x * w, 0);
    return html`<div class="product" tabindex="0" role="group" aria-label=${ARITHMETIC.terms}>
        ${grid(
          shown.map(({ x }) => x),
          shown.length,
          -1,
          ARITHMETIC.inputs,
        )}
        <span>×</span>
        ${grid(
          shown.map(({ w }) => w),
          shown.length,
          -1,
          ARITHMETIC.weights,
        )}
      </div>
      <p class="small number">${ARITHMETIC.products(integer(shown.length), integer(products.length), short(rest))}</p>`;
  }

  #result({ kind, bias, before, activation, value, logits, windows }: Arithmetic): string {
    const [y] = [short(value)];
    if (kind === 'max') return ARITHMETIC.max(y);
    if (kind === 'mean') return ARITHMETIC.mean(y);
    if (kind === 'none') return ARITHMETIC.value(y);
    const sum = windows.reduce((total, window) => total + window.sum, 0);
    const terms = bias === null ? short(before) : `${short(sum)} + ${short(bias)} = ${short(before)}`;
    if (logits) {
      const most = Math.max(...logits);
      const total = logits.reduce((all, z) => all + Math.exp(z - most), 0);
      return ARITHMETIC.softmax(terms, short(Math.exp(before - most)), short(total), y);
    }
    return activation === 'linear'
      ? ARITHMETIC.linear(terms)
      : ARITHMETIC.activation(terms, activation, short(before), y);
  }

  readonly #keys = (event: KeyboardEvent): void => {
    const { layer, at } = this;
    const step = ARROWS[event.key];
    if (!layer || !step) return;
    event.preventDefault();
    const { shape } = layer.output;
    const moved = at.length === 1 ? [(at[0] ?? 0) + step[0] + step[1]] : at.map((one, axis) => one + (step[axis] ?? 0));
    if (moved.some((one, axis) => one < 0 || one >= (shape[axis] ?? 1))) return;
    this.dispatchEvent(new CustomEvent<number[]>('move', { detail: moved }));
  };
}
