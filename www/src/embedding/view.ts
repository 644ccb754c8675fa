/** The embedding view: the test set by the last hidden layer, in the plane. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '../charts/image';
import './scatter';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { segmented } from '../ui/segmented';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { classColor } from './colors';
import { type Found, gather, projected } from './gather';
import type { Method } from './project';
import type { Dot } from './scatter';
import { EMBEDDING } from './text';
import { thumbnailsOf } from './thumbnails';

/** Numbers of images to choose from, besides all of them. */
const COUNTS = [300, 600, 1000, 2000, 5000];
/** Selected images that are shown. */
const SHOWN = 36;

@customElement('lab-embedding-view')
export class LabEmbeddingView extends LabElement {
  @state() private method: Method = 'pca';
  @state() private color: 'class' | 'mistake' = 'class';
  @state() private kind: 'dots' | 'images' = 'dots';
  @state() private count = 600;
  @state() private found: Found | null = null;
  @state() private thumbnails: ImageBitmap[] | null = null;
  @state() private busy = false;
  @state() private hovered = -1;
  @state() private chosen: number[] = [];

  static override styles = [
    base,
    controls,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 0.6rem 1.2rem;
        align-items: end;
        margin-block: 0.8rem;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 0.9rem;
        margin-block: 0.6rem;
        padding: 0;
        list-style: none;
        font-size: 0.87rem;
      }
      .legend svg {
        width: 0.7rem;
        height: 0.7rem;
        margin-inline-end: 0.35rem;
      }
      .under {
        display: flex;
        align-items: center;
        gap: 0.7rem;
        min-height: 3.2rem;
        margin-top: 0.5rem;
      }
      .under lab-image {
        width: 3rem;
      }
      .chosen {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(4.6rem, 1fr));
        gap: 0.5rem;
        margin-top: 0.6rem;
      }
      figcaption {
        font-size: 0.78rem;
        line-height: 1.25;
        text-align: center;
        overflow-wrap: anywhere;
      }
      .wrong {
        color: var(--danger);
      }
    `,
  ];

  override render() {
    const { run } = this.lab;
    if (!run.info) {
      return html`<div class="card empty">
        <strong>${EMBEDDING.emptyTitle}</strong><span>${EMBEDDING.emptyText}</span>
      </div>`;
    }
    const { found } = this;
    const isStale = found !== null && (found.run !== run.info || found.step !== (run.step?.step ?? 0));
    const options = <T extends string>(names: Record<T, string>) => Object.entries(names) as [T, string][];
    return html`<section class="card">
      <header><h2>${EMBEDDING.title}</h2></header>
      <p class="small soft">${EMBEDDING.hint}</p>
      <div class="tools dense">
        ${segmented(EMBEDDING.method, options(EMBEDDING.methods), this.method, (method) => this.#use(method))}
        ${segmented(EMBEDDING.color, options(EMBEDDING.colors), this.color, (color) => (this.color = color))}
        ${segmented(EMBEDDING.shown, options(EMBEDDING.kinds), this.kind, (kind) => this.#show(kind))}
        <label>
          <span>${EMBEDDING.images}</span>
          <select @change=${(event: Event) => (this.count = Number((event.target as HTMLSelectElement).value))}>
            ${this.#counts(run.info.test_samples)}
          </select>
        </label>
        <button ?disabled=${this.busy} @click=${() => this.#compute()}>
          ${this.busy ? EMBEDDING.computing : EMBEDDING.compute}
        </button>
      </div>
      <p class="small soft">${EMBEDDING.methodHints[this.method]}</p>
      ${isStale ? html`<p class="small"><span class="badge warn">!</span> ${EMBEDDING.stale}</p>` : nothing}
      ${found && found.run === run.info ? this.#plot(found) : nothing}
    </section>`;
  }

  /** Some of the images, or all of them. */
  #counts(total: number) {
    const chosen = Math.min(this.count, total);
    const option = (count: number, text: string) =>
      html`<option value=${count} .selected=${count === chosen}>${text}</option>`;
    const fewer = COUNTS.filter((one) => one < total);
    return [...fewer.map((one) => option(one, integer(one))), option(total, EMBEDDING.all(integer(total)))];
  }

  #plot(found: Found) {
    const count = found.labels.length;
    const total = this.lab.run.info?.test_samples ?? count;
    return html`
      <p class="small number">
        ${EMBEDDING.layer(found.layer, found.size, count)}
        ${count < total ? EMBEDDING.part(integer(count), integer(total)) : nothing}
        ${found.isFewer ? EMBEDDING.fewer : nothing}
      </p>
      ${this.#legend()}
      <lab-scatter
        .points=${found.points}
        .dots=${this.#dots(found)}
        .thumbnails=${this.kind === 'images' ? this.thumbnails : null}
        .chosen=${this.chosen}
        .say=${(i: number) => this.#words(found, i)}
        label=${EMBEDDING.plot(integer(count))}
        hint=${EMBEDDING.keys}
        @hover=${({ detail }: CustomEvent<number>) => (this.hovered = detail)}
        @choose=${({ detail }: CustomEvent<number[]>) => (this.chosen = detail)}
      ></lab-scatter>
      <div class="under small">${this.hovered >= 0 ? this.#image(found, this.hovered) : nothing}</div>
      ${this.#chosen(found)}
    `;
  }

  #legend() {
    const entries: [string, string][] =
      this.color === 'mistake'
        ? [
            [EMBEDDING.right, classColor(0, 2)],
            [EMBEDDING.wrong, classColor(1, 2)],
          ]
        : this.#classes.map((name, i) => [name, classColor(i, this.#classes.length)]);
    // With a hundred classes the colours are too similar to be told apart by a list.
    if (entries.length > 20) return nothing;
    return html`<ul class="legend">
      ${entries.map(([name, color]) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill=${color} /></svg>${name}</li>`)}
    </ul>`;
  }

  #dots({ labels, predicted }: Found): Dot[] {
    return predicted.map((guess, i) => {
      const isWrong = guess !== labels[i];
      const color =
        this.color === 'mistake' ? classColor(Number(isWrong), 2) : classColor(labels[i] ?? 0, this.#classes.length);
      return { color, marked: isWrong };
    });
  }

  #image(found: Found, i: number) {
    const shape = this.lab.run.experiment?.input_shape ?? [1, 1, 1];
    const size = shape[0] * shape[1] * shape[2];
    const words = this.#words(found, i);
    const isRight = found.labels[i] === found.predicted[i];
    return html`<lab-image .shape=${shape} .pixels=${found.pixels.subarray(i * size, (i + 1) * size)} label=${words}></lab-image>
      <span class=${isRight ? '' : 'wrong'}>${words}</span>`;
  }

  #words({ indices, labels, predicted }: Found, i: number): string {
    const name = (index = 0) => this.#classes[index] ?? String(index);
    return EMBEDDING.image(integer(indices[i] ?? i), name(labels[i]), name(predicted[i]));
  }

  #chosen(found: Found) {
    const { chosen } = this;
    if (chosen.length === 0) return html`<p class="small soft" aria-live="polite">${EMBEDDING.nothing}</p>`;
    const wrong = chosen.filter((i) => found.predicted[i] !== found.labels[i]).length;
    return html`
      <p class="small" aria-live="polite">
        ${EMBEDDING.chosen(chosen.length, wrong)}
        ${chosen.length > SHOWN ? EMBEDDING.more(integer(chosen.length - SHOWN)) : ''}
      </p>
      <div class="chosen">
        ${chosen.slice(0, SHOWN).map((i) => html`<figure class="small">${this.#image(found, i)}</figure>`)}
      </div>
    `;
  }

  get #classes(): string[] {
    return this.lab.run.info?.classes ?? [];
  }

  async #use(method: Method): Promise<void> {
    this.method = method;
    if (this.found && !this.busy) await this.#attempt(() => this.#project());
  }

  async #show(kind: 'dots' | 'images'): Promise<void> {
    this.kind = kind;
    await this.lab.messages.attempt(() => this.#draw());
  }

  /** Makes the small images when they are first shown. */
  async #draw(): Promise<void> {
    const { found, kind } = this;
    const shape = this.lab.run.experiment?.input_shape;
    if (!found || !shape || kind !== 'images' || this.thumbnails) return;
    const thumbnails = await thumbnailsOf(found.pixels, shape, found.labels.length);
    if (this.found?.pixels === found.pixels) this.thumbnails = thumbnails;
  }

  /** Projects the points by the chosen method. Another one may be chosen meanwhile, then those points are not shown. */
  async #project(): Promise<void> {
    while (this.found && this.found.method !== this.method) {
      const { found, method } = this;
      const points = await projected(found.values, found.labels.length, method);
      if (method === this.method) this.found = { ...found, points, method };
    }
  }

  async #compute(): Promise<void> {
    await this.#attempt(async () => {
      const found = await gather(this.lab, this.count, this.method);
      this.thumbnails = null;
      this.chosen = [];
      this.hovered = -1;
      this.found = found;
      await this.#draw();
      await this.#project();
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    await this.lab.messages.attempt(act);
    this.busy = false;
  }
}
