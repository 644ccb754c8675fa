/** Test images by true and predicted class, the most confident first: mistakes, a cell of the confusion matrix, or all. */
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import '../charts/image';
import { integer, percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { PAGE } from './lab-predictions';
import type { Filter } from './test-predictions';
import { PREDICTIONS } from './text';

@customElement('lab-gallery')
export class LabGallery extends LabElement {
  static override styles = [
    base,
    controls,
    css`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 14rem));
        gap: 0.7rem;
        margin-bottom: 0.7rem;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(5.2rem, 1fr));
        gap: 0.6rem;
        margin-block: 0.8rem;
      }
      .grid button {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.15rem;
        padding: 0.3rem 0.3rem 0.25rem;
        border-color: var(--line);
        font-size: 0.8rem;
        font-weight: 400;
        line-height: 1.25;
        min-width: 0;
        align-content: start;
      }
      .grid button > * {
        min-width: 0;
      }
      .grid .names {
        overflow-wrap: anywhere;
        font-weight: 600;
      }
      .grid .wrong {
        color: var(--danger);
      }
      .grid .right {
        color: var(--good);
      }
    `,
  ];

  override render() {
    const { predictions, run } = this.lab;
    if (!run.info) return nothing;
    const { filter, all, busy, stale } = predictions;
    const mistakes = filter.truth === null && filter.prediction === 'wrong';
    return html`
      <section class="card">
        <header>
          <h2>${mistakes && all ? PREDICTIONS.confidentMistakes : PREDICTIONS.testTitle}</h2>
          <button class="small" ?disabled=${busy} @click=${() => predictions.predictAll()}>
            ${busy ? PREDICTIONS.running : all ? PREDICTIONS.again : PREDICTIONS.run}
          </button>
        </header>
        ${stale ? html`<p class="small"><span class="badge warn">!</span> ${PREDICTIONS.stale}</p>` : nothing}
        ${all ? this.#found(filter, run.info.classes) : html`<p class="small soft">${PREDICTIONS.hint}</p>`}
      </section>
    `;
  }

  #found(filter: Filter, classes: string[]) {
    const { predictions } = this.lab;
    const { found, shown, all } = predictions;
    const count = shown?.indices.length ?? 0;
    const words = PREDICTIONS.count(count, found.length, all?.labels.length ?? 0);
    return html`
      <div class="filters dense">
        ${this.#select(
          PREDICTIONS.trueClass,
          String(filter.truth ?? ''),
          [['', PREDICTIONS.anyClass]],
          classes,
          (value) => predictions.choose({ ...filter, truth: value === '' ? null : Number(value) }),
        )}
        ${this.#select(
          PREDICTIONS.predictedClass,
          String(filter.prediction),
          [
            ['wrong', PREDICTIONS.wrong],
            ['any', PREDICTIONS.anything],
          ],
          classes,
          (value) =>
            predictions.choose({ ...filter, prediction: value === 'wrong' || value === 'any' ? value : Number(value) }),
        )}
      </div>
      <p class="small soft number" aria-live="polite">${found.length === 0 ? PREDICTIONS.none : words}</p>
      ${guard([shown], () => this.#images(classes))}
      ${count < found.length && count >= PAGE ? html`<button class="small" @click=${() => predictions.more()}>${PREDICTIONS.more}</button>` : nothing}
    `;
  }

  #select(
    label: string,
    value: string,
    first: [value: string, name: string][],
    classes: string[],
    choose: (value: string) => void,
  ) {
    const all = [...first, ...classes.map((name, i): [string, string] => [String(i), name])];
    return html`<label>
      <span>${label}</span>
      <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${all.map(([one, name]) => html`<option value=${one} .selected=${one === value}>${name}</option>`)}
      </select>
    </label>`;
  }

  #images(classes: string[]) {
    const { shown, all, shape } = this.lab.predictions;
    if (!shown || !all || !shape) return nothing;
    const size = shape[0] * shape[1] * shape[2];
    return html`<div class="grid">
      ${shown.indices.map((index, i) => {
        const [label, predicted] = [all.labels[index] ?? 0, all.predicted[index] ?? 0];
        const [truth, prediction] = [classes[label] ?? String(label), classes[predicted] ?? String(predicted)];
        const confidence = percent(all.confidence[index] ?? 0);
        const caption = PREDICTIONS.caption(truth, prediction);
        return html`<button
          aria-label=${PREDICTIONS.open(caption, confidence, integer(index), truth, prediction)}
          @click=${() => this.#open(index)}
        >
          <lab-image .shape=${shape} .pixels=${shown.images.pixels.subarray(i * size, (i + 1) * size)} label=${PREDICTIONS.image(integer(index))}></lab-image>
          <span class="names ${label === predicted ? 'right' : 'wrong'}">${caption}</span>
          <span class="soft number">${confidence}</span>
        </button>`;
      })}
    </div>`;
  }

  #open(index: number): void {
    void this.lab.run.predict(index);
    this.dispatchEvent(new CustomEvent('opened'));
  }
}
