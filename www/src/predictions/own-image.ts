/** The student's own image, drawn, chosen or dropped: converted to the network's input and predicted. */
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import '../charts/bars';
import '../charts/image';
import { percent } from '../base/format';
import { hasFiles } from '../ui/dropped';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { asDigit } from './digit';
import { fitted, type Rgba } from './fit';
import { readImage } from './read';
import { PREDICTIONS } from './text';
import './drawing-board';
import { LabElement } from '../ui/lab-element';
import type { LabDrawingBoard } from './drawing-board';

/** Classes shown; with a hundred classes the rest is close to zero. */
const MOST_BARS = 10;

@customElement('lab-own-image')
export class LabOwnImage extends LabElement {
  @state() private problem = '';
  /** The file that is being read. */
  #reading: File | null = null;
  @query('lab-drawing-board') private board!: LabDrawingBoard | null;
  @query('input[type=file]') private picker!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    css`
      .body {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
        gap: 1.2rem;
        align-items: start;
        margin-top: 0.8rem;
      }
      .input,
      .seen {
        display: grid;
        gap: 0.6rem;
        max-width: 17.5rem;
      }
      .seen lab-image {
        max-width: 11rem;
      }
      .drop {
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--sunken);
        padding: 1.6rem 1rem;
        display: grid;
        justify-items: center;
        gap: 0.5rem;
      }
      .error {
        margin-top: 0.5rem;
      }
    `,
  ];

  override render() {
    const { shape } = this.lab.predictions;
    if (!shape || !this.lab.run.info) return nothing;
    const digit = this.#digits();
    const hint = digit ? PREDICTIONS.ownHint.digit : PREDICTIONS.ownHint.image(shape.join(' × '));
    return html`
      <section class="card" @dragover=${this.#over} @drop=${this.#drop}>
        <header><h2>${PREDICTIONS.own}</h2></header>
        <p class="small soft">${hint}</p>
        <div class="body">
          <div class="input">
            ${
              digit
                ? html`<lab-drawing-board label=${PREDICTIONS.draw} @stroke=${this.#drawn}></lab-drawing-board>`
                : nothing
            }
            <div class=${digit ? 'row' : 'drop'}>
              ${digit ? html`<button class="small" @click=${this.#clear}>${PREDICTIONS.clear}</button>` : nothing}
              <button class="small" @click=${() => this.picker.click()}>${PREDICTIONS.pick}</button>
              <span class="small soft">${PREDICTIONS.dropHere}</span>
            </div>
            <input type="file" accept="image/*" hidden aria-label=${PREDICTIONS.pick} @change=${this.#picked} />
          </div>
          ${this.#answer()}
        </div>
        ${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
      </section>
    `;
  }

  #answer() {
    const { own, ownStale, shape } = this.lab.predictions;
    const classes = this.lab.run.info?.classes ?? [];
    if (!own || !shape) return html`<p class="soft">${PREDICTIONS.waiting}</p>`;
    const name = (index: number) => classes[index] ?? String(index);
    const best = own.probabilities.indexOf(Math.max(...own.probabilities));
    const bars = own.probabilities
      .map((share, i) => {
        const bar = { name: name(i), share, text: percent(share) };
        return i === best ? { ...bar, mark: 'right' as const } : bar;
      })
      .sort((a, b) => (own.probabilities.length > MOST_BARS ? b.share - a.share : 0))
      .slice(0, MOST_BARS);
    return html`
      <figure class="seen">
        <lab-image .pixels=${own.pixels} .shape=${shape} label=${PREDICTIONS.seen}></lab-image>
        <figcaption class="small soft">${PREDICTIONS.seen}</figcaption>
      </figure>
      <div>
        <p class="verdict" aria-live="polite">${PREDICTIONS.says(name(best), percent(own.probabilities[best] ?? 0))}</p>
        ${ownStale ? html`<p class="small"><span class="badge warn">!</span> ${PREDICTIONS.ownStale}</p>` : nothing}
        <lab-bars .bars=${bars} label=${PREDICTIONS.own}></lab-bars>
      </div>
    `;
  }

  /** Data sets of digits: MNIST and the synthetic digits. */
  #digits(): boolean {
    const { experiment } = this.lab.run;
    return ['mnist', 'synthetic_digits'].includes(experiment?.dataset.name ?? '') && experiment?.input_shape[0] === 28;
  }

  readonly #drawn = (): void => {
    this.#reading = null;
    if (this.board) this.#predict(this.board.pixels);
  };

  readonly #clear = (): void => {
    this.#reading = null;
    this.board?.clear();
    this.problem = '';
    this.lab.predictions.forgetOwn();
  };

  readonly #picked = (): void => {
    const [file] = this.picker.files ?? [];
    this.picker.value = '';
    if (file) void this.#read(file);
  };

  readonly #over = (event: DragEvent): void => {
    if (hasFiles(event.dataTransfer)) event.preventDefault();
  };

  readonly #drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    // Otherwise the page would take the dropped file for data.
    event.preventDefault();
    void this.#read(file);
  };

  async #read(file: File): Promise<void> {
    this.#reading = file;
    const image = await readImage(file, this.lab.worker).catch(() => null);
    // Another image may have been chosen meanwhile.
    if (this.#reading !== file) return;
    if (image) this.#predict(image);
    else this.#refuse(PREDICTIONS.notAnImage(file.name));
  }

  #predict(image: Rgba): void {
    const { shape } = this.lab.predictions;
    if (!shape) return;
    const pixels = this.#digits() ? asDigit(image) : fitted(image, shape);
    this.problem = '';
    if (pixels) void this.lab.predictions.predictOwn(pixels);
    else this.#refuse(PREDICTIONS.noInk);
  }

  /** Says what is wrong with an image. The answer for the former one goes, since it would seem to be that of this one. */
  #refuse(problem: string): void {
    this.problem = problem;
    this.lab.predictions.forgetOwn();
  }
}
