/** A grid of images with their class names under them. */
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';
import '../charts/image';
import type { DatasetInfo } from '../base/engine';
import { base } from '../ui/styles/base';
import type { Images } from '../worker/data';

@customElement('lab-image-grid')
export class LabImageGrid extends BoundedElement {
  @property({ attribute: false }) info!: DatasetInfo;
  @property({ attribute: false }) images: Images | null = null;

  static override styles = [
    base,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(5, minmax(0, 1fr));
        gap: 0.55rem 0.6rem;
      }
      figcaption {
        margin-top: 0.15rem;
        font-size: 0.8rem;
        line-height: 1.3;
        text-align: center;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { images } = this;
    if (!images) return '';
    const { height, width, channels, classes } = this.info;
    const size = height * width * channels;
    return html`<div class="grid">
      ${[...images.labels].map((label, i) => {
        const name = classes[label] ?? String(label);
        return html`<figure>
          <lab-image
            .shape=${[height, width, channels]}
            .pixels=${images.pixels.subarray(i * size, (i + 1) * size)}
            label=${name}
          ></lab-image>
          <figcaption title=${name}>${name}</figcaption>
        </figure>`;
      })}
    </div>`;
  }
}
