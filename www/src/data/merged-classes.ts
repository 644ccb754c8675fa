/** The classes that an experiment merges: images of the original classes side by side under the new name. */
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import '../charts/image';
import type { DatasetInfo } from '../base/engine';
import { integer } from '../base/format';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import type { Images } from '../worker/data';
import { firstOfEach, type Group, groupsOf } from './merge';
import { DATA } from './text';

/** How many images are searched for each class, and how many of each class are shown. */
const AMONG = 400;
const EACH = 3;

@customElement('lab-merged-classes')
export class LabMergedClasses extends LabElement {
  @state() private images: Images | null = null;
  #of: DatasetInfo | null = null;

  static override styles = [
    base,
    css`
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 0.9rem;
        margin-top: 0.8rem;
      }
      figure {
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        padding: 0.7rem 0.8rem;
      }
      .images {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin-top: 0.5rem;
      }
      lab-image {
        width: 2.6rem;
      }
      .plus {
        align-self: center;
        color: var(--ink-soft);
      }
      figcaption b {
        font-weight: 650;
        font-size: 1.05rem;
      }
    `,
  ];

  override updated(): void {
    const { info, busy } = this.lab.data;
    if (busy || info === this.#of || !this.#merge()) return;
    this.#of = info;
    void this.#load();
  }

  override render() {
    const { info } = this.lab.data;
    const merge = this.#merge();
    if (!merge || !info) return nothing;
    const groups = groupsOf(merge, info.classes, info.class_counts);
    const { merged } = DATA;
    return html`
      <section class="card">
        <header><h2>${merged.title}</h2></header>
        <p class="small soft">${groups ? merged.note : merged.invalid}</p>
        ${groups ? guard([this.images, JSON.stringify(merge)], () => html`<div class="groups">${groups.map((group) => this.#group(group, info))}</div>`) : nothing}
      </section>
    `;
  }

  #group({ name, classes, count }: Group, info: DatasetInfo) {
    const { images } = this;
    const { height, width, channels } = info;
    const size = height * width * channels;
    const places = images ? firstOfEach(images.labels, info.classes.length, EACH) : [];
    return html`<figure>
      <figcaption><b>${name}</b> <span class="small soft number">${DATA.merged.count(integer(count))}</span></figcaption>
      <div class="images">
        ${classes.map((one, i) => [
          i > 0 ? html`<span class="plus" aria-hidden="true">+</span>` : nothing,
          (places[one] ?? []).map(
            (place) => html`<lab-image
              .shape=${[height, width, channels]}
              .pixels=${images?.pixels.subarray(place * size, (place + 1) * size) ?? new Uint8Array()}
              label=${info.classes[one] ?? String(one)}
            ></lab-image>`,
          ),
        ])}
      </div>
    </figure>`;
  }

  #merge(): number[][] | null {
    return this.lab.document?.dataset.merge_classes ?? null;
  }

  async #load(): Promise<void> {
    const { info } = this.lab.data;
    if (!info) return;
    const indices = Array.from({ length: Math.min(AMONG, info.train) }, (_, i) => i);
    try {
      this.images = await this.lab.worker.images('data', 'train', indices);
    } catch (error) {
      this.lab.messages.failure(error);
    }
  }
}
