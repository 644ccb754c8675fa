/** A board to draw on with mouse, finger or pen: white on black, like MNIST. Sends an event after each stroke. */
import { css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';
import type { Rgba } from './fit';

const SIZE = 280;
const STROKE = 22;

@customElement('lab-drawing-board')
export class LabDrawingBoard extends BoundedElement {
  @property() label = '';
  @query('canvas') private canvas!: HTMLCanvasElement;
  #last: [x: number, y: number] | null = null;

  static override styles = css`
    :host {
      display: block;
    }
    canvas {
      display: block;
      width: 100%;
      aspect-ratio: 1;
      border-radius: 8px;
      background: #000;
      cursor: crosshair;
      touch-action: none;
    }
  `;

  override render() {
    return html`<canvas
      width=${SIZE}
      height=${SIZE}
      role="img"
      aria-label=${this.label}
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
    ></canvas>`;
  }

  override firstUpdated(): void {
    this.clear();
  }

  clear(): void {
    const context = this.#context();
    context.fillStyle = '#000';
    context.fillRect(0, 0, SIZE, SIZE);
  }

  get pixels(): Rgba {
    return this.#context().getImageData(0, 0, SIZE, SIZE);
  }

  #context(): CanvasRenderingContext2D {
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser gives no canvas to draw on.');
    return context;
  }

  readonly #down = (event: PointerEvent): void => {
    this.canvas.setPointerCapture(event.pointerId);
    this.#last = this.#at(event);
    this.#line(this.#last);
  };

  readonly #move = (event: PointerEvent): void => {
    if (!this.#last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length > 0 ? events : [event]) this.#line(this.#at(one));
  };

  readonly #up = (): void => {
    if (!this.#last) return;
    this.#last = null;
    this.dispatchEvent(new CustomEvent('stroke'));
  };

  #line(to: [number, number]): void {
    const context = this.#context();
    context.strokeStyle = '#fff';
    context.lineWidth = STROKE;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(...(this.#last ?? to));
    context.lineTo(...to);
    context.stroke();
    this.#last = to;
  }

  #at(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE];
  }
}
