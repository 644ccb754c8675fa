/**
 * The projected images as dots or thumbnails. The nearest one is named; a drawn line selects those inside it. The keyboard goes from
 * point to point.
 */
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { isInside, nearest, neighbour, type Place } from './lasso';

const HEIGHT = 460;
const MARGIN = 18;
const NEAR = 12;
const THUMB = 20;

/** Directions on the screen. */
const ARROWS: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface Dot {
  color: string;
  /** Drawn with a ring: a mistake. */
  marked: boolean;
}

@customElement('lab-scatter')
export class LabScatter extends BoundedElement {
  /** Two coordinates from 0 to 1 of each point. */
  @property({ attribute: false }) points: Float32Array = new Float32Array();
  @property({ attribute: false }) dots: Dot[] = [];
  /** An image for each point; null draws dots. */
  @property({ attribute: false }) thumbnails: ImageBitmap[] | null = null;
  @property() label = '';
  /** How to select images by the keyboard. */
  @property() hint = '';
  /** What a screen reader says about a point. */
  @property({ attribute: false }) say: (index: number) => string = () => '';
  /** The points that are selected. */
  @property({ attribute: false }) chosen: readonly number[] = [];
  /** The point that the arrow keys have reached; -1 before the first one. */
  @state() private cursor = -1;
  @state() private line: Place[] = [];
  @query('canvas') private canvas!: HTMLCanvasElement;
  readonly #resize = new ResizeObserver(() => this.#draw());
  #places: Place[] = [];
  #hovered = -1;

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      canvas {
        display: block;
        width: 100%;
        height: ${HEIGHT}px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--sunken);
        cursor: crosshair;
        touch-action: none;
      }
    `,
  ];

  override render() {
    return html`<canvas
      role="application"
      tabindex="0"
      aria-label=${this.label}
      aria-describedby="hint"
      @keydown=${this.#keys}
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @pointerleave=${() => this.#hover(-1)}
    ></canvas>
    <span id="hint" hidden>${this.hint}</span>
    <span class="visually-hidden" aria-live="polite">${this.cursor < 0 ? '' : this.say(this.cursor)}</span>`;
  }

  override firstUpdated(): void {
    this.#resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('points')) this.cursor = -1;
  }

  override updated(_changed: PropertyValues): void {
    this.#draw();
  }

  #draw(): void {
    const width = this.clientWidth;
    const context = this.canvas.getContext('2d');
    if (width === 0 || !context) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(HEIGHT * ratio);
    context.scale(ratio, ratio);
    this.#places = Array.from({ length: this.points.length / 2 }, (_, i): Place => {
      const [x, y] = [this.points[2 * i] ?? 0, this.points[2 * i + 1] ?? 0];
      return [MARGIN + x * (width - 2 * MARGIN), MARGIN + (1 - y) * (HEIGHT - 2 * MARGIN)];
    });
    const { color: ink } = getComputedStyle(this);
    for (const [i, place] of this.#places.entries()) this.#dot(context, place, i, ink);
    this.#ring(context, this.#places[this.cursor]);
    if (this.line.length < 2) return;
    context.strokeStyle = getComputedStyle(this).color;
    context.setLineDash([4, 3]);
    context.beginPath();
    for (const [x, y] of this.line) context.lineTo(x, y);
    context.stroke();
  }

  #dot(context: CanvasRenderingContext2D, [x, y]: Place, i: number, ink: string): void {
    const { color, marked } = this.dots[i] ?? { color: 'gray', marked: false };
    const image = this.thumbnails?.[i];
    if (image) {
      context.drawImage(image, x - THUMB / 2, y - THUMB / 2, THUMB, THUMB);
      context.strokeStyle = color;
      context.lineWidth = marked ? 3 : 1.5;
      context.strokeRect(x - THUMB / 2, y - THUMB / 2, THUMB, THUMB);
      return;
    }
    context.beginPath();
    context.arc(x, y, marked ? 4.5 : 3.2, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
    if (!marked) return;
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** A ring around the point that the arrow keys have reached. */
  #ring(context: CanvasRenderingContext2D, place: Place | undefined): void {
    if (!place) return;
    context.strokeStyle = getComputedStyle(this).color;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(place[0], place[1], THUMB / 2 + 4, 0, 2 * Math.PI);
    context.stroke();
  }

  readonly #keys = (event: KeyboardEvent): void => {
    const direction = ARROWS[event.key];
    const { cursor, chosen } = this;
    if (direction) {
      this.cursor = cursor < 0 ? 0 : neighbour(cursor, direction, this.#places);
      this.#hover(this.cursor);
    } else if ((event.key === 'Enter' || event.key === ' ') && cursor >= 0) {
      const others = chosen.filter((i) => i !== cursor);
      const detail = !event.shiftKey ? [cursor] : others.length < chosen.length ? others : [...chosen, cursor];
      this.dispatchEvent(new CustomEvent<number[]>('choose', { detail }));
    } else return;
    event.preventDefault();
  };

  #hover(index: number): void {
    if (index === this.#hovered) return;
    this.#hovered = index;
    this.dispatchEvent(new CustomEvent<number>('hover', { detail: index }));
  }

  readonly #down = (event: PointerEvent): void => {
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
    this.line = [[event.offsetX, event.offsetY]];
  };

  readonly #move = (event: PointerEvent): void => {
    const place: Place = [event.offsetX, event.offsetY];
    if (this.line.length > 0) this.line = [...this.line, place];
    else this.#hover(nearest(place, this.#places, NEAR));
  };

  readonly #up = (event: PointerEvent): void => {
    const { line } = this;
    this.line = [];
    const place: Place = [event.offsetX, event.offsetY];
    // A click without a line selects the image under it.
    const one = nearest(place, this.#places, NEAR);
    const inside = this.#places.flatMap((at, i) => (isInside(at, line) ? [i] : []));
    const detail = line.length > 3 && inside.length > 0 ? inside : one < 0 ? [] : [one];
    this.dispatchEvent(new CustomEvent<number[]>('choose', { detail }));
  };
}
