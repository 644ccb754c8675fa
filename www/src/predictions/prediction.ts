/** One test image, its predicted class and the probabilities. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '../charts/bars';
import '../charts/image';
import type { Prediction } from '../base/engine';
import { percent } from '../base/format';
import { base } from '../ui/styles/base';
import { PREDICTIONS } from './text';
import '../ui/index-chooser';
import { LabElement } from '../ui/lab-element';

/** Classes shown; with a hundred classes the rest is close to zero. */
const MOST_BARS = 10;

@customElement('lab-prediction')
export class LabPrediction extends LabElement {
  @state() private pixels: Uint8Array | null = null;
  #shown: Prediction | null = null;

  static override styles = [
    base,
    css`
      .body {
        display: grid;
        grid-template-columns: minmax(7rem, 11rem) minmax(0, 1fr);
        gap: 1.2rem;
        align-items: start;
      }
      .right {
        color: var(--good);
      }
      .wrong {
        color: var(--danger);
      }
      figcaption {
        margin-top: 0.3rem;
        text-align: center;
      }
      @container (max-width: 30rem) {
        .body {
          grid-template-columns: minmax(0, 1fr);
        }
        lab-image {
          max-width: 9rem;
          margin-inline: auto;
        }
      }
    `,
  ];

  override updated(): void {
    const { prediction } = this.lab.run;
    if (prediction === this.#shown) return;
    this.#shown = prediction;
    if (prediction) void this.#load(prediction.index);
  }

  override render() {
    const { prediction, info } = this.lab.run;
    if (!prediction || !info) return nothing;
    return html`
      <section class="card">
        <header>
          <h2>${PREDICTIONS.prediction}</h2>
          <lab-index-chooser
            .index=${prediction.index}
            last=${info.test_samples - 1}
            label=${PREDICTIONS.indexLabel}
            @choose=${({ detail }: CustomEvent<number>) => this.lab.run.predict(detail)}
          ></lab-index-chooser>
        </header>
        ${this.#body(prediction, info.classes)}
      </section>
    `;
  }

  #body(prediction: Prediction, classes: string[]) {
    const { label, predicted, probabilities } = prediction;
    const name = (index: number) => classes[index] ?? String(index);
    const right = label === predicted;
    const verdict = right ? PREDICTIONS.isRight(name(label)) : PREDICTIONS.isWrong(name(predicted), name(label));
    const bars = probabilities
      .map((share, i) => {
        const bar = { name: name(i), share, text: percent(share) };
        if (i === label) return { ...bar, mark: 'right' as const };
        return i === predicted ? { ...bar, mark: 'wrong' as const } : bar;
      })
      .sort((a, b) => (probabilities.length > MOST_BARS ? b.share - a.share : 0))
      .slice(0, MOST_BARS);
    return html`
      <div class="body">
        <figure>
          ${this.#image(name(label))}
          <figcaption class="small soft">${PREDICTIONS.predictionOf(String(prediction.index))}</figcaption>
        </figure>
        <div>
          <p class="verdict ${right ? 'right' : 'wrong'}" aria-live="polite">${verdict}</p>
          <lab-bars .bars=${bars} label=${PREDICTIONS.prediction}></lab-bars>
        </div>
      </div>
    `;
  }

  #image(label: string) {
    const shape = this.lab.run.experiment?.input_shape;
    if (!this.pixels || !shape) return nothing;
    return html`<lab-image .pixels=${this.pixels} .shape=${shape} label=${label}></lab-image>`;
  }

  async #load(index: number): Promise<void> {
    try {
      this.pixels = (await this.lab.worker.images('run', 'test', [index])).pixels;
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }
}
