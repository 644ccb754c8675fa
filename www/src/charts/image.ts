/** One image of a data set; pixels are drawn as squares. */
import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';

@customElement('lab-image')
export class LabImage extends BoundedElement {
  /** Values from 0 to 255 in the order height × width × channels. */
  @property({ attribute: false }) pixels: Uint8Array = new Uint8Array();
  @property({ attribute: false }) shape: [height: number, width: number, channels: number] = [1, 1, 1];
  @property() label = '';
  @query('canvas') private canvas!: HTMLCanvasElement;

  static override styles = css`
    :host {
      display: block;
    }
    canvas {
      display: block;
      width: 100%;
      height: auto;
      border-radius: 6px;
      image-rendering: pixelated;
      background: #000;
    }
  `;

  override render() {
    const [height, width] = this.shape;
    return html`<canvas width=${width} height=${height} role="img" aria-label=${this.label}></canvas>`;
  }

  override updated(): void {
    const [height, width, channels] = this.shape;
    const context = this.canvas.getContext('2d');
    if (!context || this.pixels.length < height * width * channels) return;
    const image = context.createImageData(width, height);
    for (let i = 0; i < height * width; i += 1) {
      for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = this.pixels[channels * i + Math.min(c, channels - 1)] ?? 0;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }
}
