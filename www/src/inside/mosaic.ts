/**
 * Many small images in one canvas: feature maps, filters. Blue is below zero, orange above; or viridis if no value is below zero.
 */
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type Rgb, viridis } from '../charts/colors';
import { BoundedElement } from '../ui/bounded';
import { base } from '../ui/styles/base';
import { ARROWS, moved, type Picked } from './cursor';

/** The approximate size of an image and the gap beside it, in CSS pixels. */
const TILE = 52;
const GAP = 6;
/** In a narrow place images are smaller, so that as many fit in a row, but not smaller than this. */
const ACROSS = 4;
const LEAST_TILE = 32;
/** The border of an image, which is visible if its edge has the colour of the page. */
const EDGE = 'rgb(128 128 128 / 40%)';
/** The approximate width of a single image, which is a strip of values. */
const ALONE = 320;
/** The largest size of a value, in CSS pixels. */
const MOST_ZOOM = 18;

type Box = [x: number, y: number, width: number, height: number];

export type Scale = 'signed' | 'positive' | 'color';

@customElement('lab-mosaic')
export class LabMosaic extends BoundedElement {
  @property({ attribute: false }) maps: Float32Array[] = [];
  @property({ attribute: false }) size: [height: number, width: number] = [1, 1];
  /** The value that has the strongest colour; 0 uses the largest value of each image. */
  @property({ type: Number }) most = 0;
  @property() scale: Scale = 'signed';
  @property() label = '';
  /** Whether a click, or Enter at the place that the arrow keys have reached, picks a value. */
  @property({ type: Boolean }) pickable = false;
  /** How to pick a value by the keyboard. */
  @property() hint = '';
  /** What a screen reader says about a value. */
  @property({ attribute: false }) say: (at: Picked) => string = () => '';
  /** The value that is outlined. */
  @property({ attribute: false }) marked: Picked | null = null;
  /** Where the arrow keys are; null before the first one. */
  @state() private cursor: Picked | null = null;
  @state() private focused = false;
  #layout = { zoom: 1, across: 1, stepX: 1, stepY: 1 };
  @query('canvas') private canvas!: HTMLCanvasElement;
  #resize = new ResizeObserver(() => this.#draw());

  static override styles = [
    base,
    css`
      :host {
        min-width: 0;
      }
      canvas {
        display: block;
        image-rendering: pixelated;
        max-width: 100%;
      }
      .pickable {
        cursor: crosshair;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  override render() {
    if (!this.pickable) return html`<canvas role="img" aria-label=${this.label}></canvas>`;
    return html`<canvas
        role="application"
        tabindex="0"
        aria-label=${this.label}
        aria-describedby="hint"
        class="pickable"
        @click=${this.#click}
        @keydown=${this.#keys}
        @focus=${this.#enter}
        @blur=${() => (this.focused = false)}
      ></canvas>
      <span id="hint" hidden>${this.hint}</span>
      <span class="visually-hidden" aria-live="polite">${this.focused ? this.say(this.#at) : ''}</span>`;
  }

  override firstUpdated(): void {
    this.#resize.observe(this);
  }

  override updated(): void {
    this.#draw();
  }

  #draw(): void {
    const available = this.clientWidth;
    const [height, width] = this.size;
    if (available === 0 || this.maps.length === 0) return;
    // A whole number of pixels per value keeps the images even; rows have the same length where possible.
    const tile = Math.min(TILE, Math.max(LEAST_TILE, (available + GAP) / ACROSS - GAP));
    const wanted = Math.round((this.maps.length === 1 ? ALONE : tile) / Math.max(height, width));
    const zoom = Math.max(1, Math.min(wanted, MOST_ZOOM, Math.floor(available / width)));
    const [stepX, stepY] = [zoom * width + GAP, zoom * height + GAP];
    const room = Math.max(1, Math.floor((available + GAP) / stepX));
    const down = Math.ceil(this.maps.length / room);
    const across = Math.ceil(this.maps.length / down);
    this.#layout = { zoom, across, stepX, stepY };
    const { canvas } = this;
    canvas.width = across * stepX - GAP;
    canvas.height = down * stepY - GAP;
    const context = canvas.getContext('2d');
    const small = new OffscreenCanvas(width, height);
    const values = small.getContext('2d');
    if (!context || !values) return;
    context.imageSmoothingEnabled = false;
    context.strokeStyle = EDGE;
    for (const [i, map] of this.maps.entries()) {
      const image = values.createImageData(width, height);
      this.#paint(map, image.data);
      values.putImageData(image, 0, 0);
      const at: Box = [(i % across) * stepX, Math.floor(i / across) * stepY, zoom * width, zoom * height];
      context.drawImage(small, ...at);
      if (this.maps.length > 1) context.strokeRect(...at);
    }
    if (this.marked) this.#outline(context, this.marked);
    context.setLineDash([2, 2]);
    if (this.focused) this.#outline(context, this.#at);
  }

  #outline(context: CanvasRenderingContext2D, { map, y, x }: Picked): void {
    const { zoom, across, stepX, stepY } = this.#layout;
    const [left, top] = [(map % across) * stepX + x * zoom, Math.floor(map / across) * stepY + y * zoom];
    context.lineWidth = 2;
    for (const [color, grow] of [
      ['#000', 2],
      ['#fff', 0.5],
    ] as const) {
      context.strokeStyle = color;
      context.strokeRect(left - grow, top - grow, zoom + 2 * grow, zoom + 2 * grow);
    }
    context.lineWidth = 1;
  }

  /** The place of the cursor, as long as there is such a value. */
  get #at(): Picked {
    const { cursor, maps, size } = this;
    const isThere = cursor && cursor.map < maps.length && cursor.y < size[0] && cursor.x < size[1];
    return isThere ? cursor : { map: 0, y: 0, x: 0 };
  }

  readonly #enter = (): void => {
    this.focused = true;
    this.cursor = this.marked ?? this.cursor;
  };

  readonly #keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = ARROWS[event.key];
    const { size, maps } = this;
    if (step) this.cursor = moved(this.#at, step, { size, count: maps.length, across: this.#layout.across });
    else if (event.key === 'Enter' || event.key === ' ') this.#pick(this.#at);
    else return;
    event.preventDefault();
  };

  readonly #click = (event: MouseEvent): void => {
    const { zoom, across, stepX, stepY } = this.#layout;
    const scale = this.canvas.width / this.canvas.clientWidth;
    const [left, top] = [event.offsetX * scale, event.offsetY * scale];
    const map = Math.floor(top / stepY) * across + Math.floor(left / stepX);
    const [y, x] = [Math.floor((top % stepY) / zoom), Math.floor((left % stepX) / zoom)];
    if (map >= this.maps.length || y >= this.size[0] || x >= this.size[1]) return;
    this.#pick({ map, y, x });
  };

  #pick(detail: Picked): void {
    this.dispatchEvent(new CustomEvent<Picked>('pick', { detail }));
  }

  #paint(map: Float32Array, data: Uint8ClampedArray): void {
    const most = this.most || map.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
    const channels = this.scale === 'color' ? 3 : 1;
    for (let i = 0; i < map.length / channels; i += 1) {
      const value = map[channels * i] ?? 0;
      // Cells without a value (at the end of a strip) stay transparent.
      if (Number.isNaN(value)) continue;
      if (channels === 3)
        data.set(
          [0, 1, 2].map((c) => 127.5 * (1 + (map[3 * i + c] ?? 0) / most)),
          4 * i,
        );
      else data.set(this.scale === 'positive' ? viridis(value / most) : diverging(value / most), 4 * i);
      data[4 * i + 3] = 255;
    }
  }
}

/** From blue through white to orange, distinguishable with any colour vision. */
export function diverging(share: number): Rgb {
  const [r, g, b] = share < 0 ? [0, 90, 160] : [200, 85, 0];
  const strength = Math.min(1, Math.abs(share));
  const mix = (color: number) => Math.round(255 + (color - 255) * strength);
  return [mix(r), mix(g), mix(b)];
}
