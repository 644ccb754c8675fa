/** A few test images with the class that the network predicts for each, green where it is right. */
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../charts/image';
import { integer, percent } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import type { Guess } from '../worker/glance';
import { LIVE } from './text';

@customElement('lab-guesses')
export class LabGuesses extends LabElement {
  @property({ attribute: false }) guesses: Guess[] = [];
  @property({ attribute: false }) shape: [number, number, number] = [1, 1, 1];
  @property({ attribute: false }) name: (index: number) => string = String;
  @state() private pixels: Uint8Array | null = null;
  #of: unknown = null;

  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        padding: 0;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(3.4rem, 1fr));
        gap: 0.4rem;
      }
      li {
        display: grid;
        align-content: start;
        font-size: 0.75rem;
        line-height: 1.2;
        text-align: center;
        overflow-wrap: anywhere;
        color: var(--danger);
      }
      lab-image {
        justify-self: center;
        width: 2.6rem;
        margin-bottom: 0.15rem;
      }
      .right {
        color: var(--good);
        font-weight: 650;
      }
    `,
  ];

  override willUpdate(_changed: PropertyValues): void {
    const { run, data } = this.lab;
    const of = run.info ?? data.info;
    if (of === this.#of || this.guesses.length === 0) return;
    this.#of = of;
    void this.#load(run.info ? 'run' : 'data');
  }

  override render() {
    const { pixels, shape } = this;
    const size = shape[0] * shape[1] * shape[2];
    if (!pixels || pixels.length < size * this.guesses.length) return nothing;
    return html`<ul>
      ${this.guesses.map(({ index, label, predicted, confidence }, i) => {
        const [truth, guess] = [this.name(label), this.name(predicted)];
        const words = LIVE.guess(integer(index), truth, guess, percent(confidence, 0));
        return html`<li class=${label === predicted ? 'right' : ''} title=${words}>
          <lab-image .shape=${shape} .pixels=${pixels.subarray(i * size, (i + 1) * size)} label=${words}></lab-image>
          <span>${guess}</span>
        </li>`;
      })}
    </ul>`;
  }

  async #load(of: 'run' | 'data'): Promise<void> {
    try {
      const indices = this.guesses.map(({ index }) => index);
      this.pixels = (await this.lab.worker.images(of, 'test', indices)).pixels;
    } catch {
      // Another set has come meanwhile; its images are asked for next.
      this.#of = null;
    }
  }
}
