/** Images from a camera: while a class's button is held, the class fills with frames. */
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { integer } from '../base/format';
import { withPath } from '../ui/dropped';
import { LabElement } from '../ui/lab-element';
import { base } from '../ui/styles/base';
import { controls } from '../ui/styles/controls';
import { CAMERA } from './camera-text';

/** The time between two frames. */
const EVERY_MS = 100;
/** Frames are squares of this size: more than networks for a browser use, and small to keep. */
const SIDE = 160;
/** More frames of a class would show the same again. */
const MOST = 1000;

interface CameraClass {
  name: string;
  frames: Blob[];
}

@customElement('lab-webcam')
export class LabWebcam extends LabElement {
  @state() private stream: MediaStream | null = null;
  @state() private classes: CameraClass[] = [
    { name: CAMERA.className('1'), frames: [] },
    { name: CAMERA.className('2'), frames: [] },
  ];
  /** The student is being asked whether the page may use the camera. */
  @state() private asking = false;
  /** The class that is filling. */
  @state() private held: number | null = null;
  @query('video') private video!: HTMLVideoElement | null;
  #timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        gap: 0.7rem;
        margin-top: 1rem;
      }
      video {
        width: 10rem;
        aspect-ratio: 1;
        object-fit: cover;
        border-radius: var(--radius-small);
        background: var(--sunken);
        transform: scaleX(-1);
      }
      ul {
        list-style: none;
        padding: 0;
        display: grid;
        gap: 0.4rem;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
      }
      li input {
        width: 9rem;
      }
      .held {
        outline: 2px solid var(--accent);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  override render() {
    if (!this.stream)
      return html`<section><div><button ?disabled=${this.asking} @click=${this.#open}>${CAMERA.open}</button></div></section>`;
    const all = this.classes.reduce((sum, { frames }) => sum + frames.length, 0);
    const isReady = this.classes.filter(({ frames }) => frames.length > 1).length > 1;
    return html`
      <section aria-label=${CAMERA.title}>
        <p class="small soft">${CAMERA.how}</p>
        <video autoplay muted playsinline .srcObject=${this.stream} aria-label=${CAMERA.title}></video>
        <ul>
          ${this.classes.map((one, i) => this.#class(one, i))}
        </ul>
        <div class="row">
          <button @click=${this.#add}>${CAMERA.add}</button>
          <button class="primary" ?disabled=${!isReady || this.lab.data.busy} @click=${this.#use}>${CAMERA.use(integer(all))}</button>
          <button class="quiet" @click=${() => this.#close()}>${CAMERA.close}</button>
        </div>
      </section>
    `;
  }

  #class({ name, frames }: CameraClass, i: number) {
    return html`<li>
      <input aria-label=${CAMERA.nameLabel(integer(i + 1))} .value=${name} @change=${(event: Event) => this.#rename(i, event)} />
      <button
        class=${this.held === i ? 'held' : ''}
        aria-label=${CAMERA.holdLabel(name)}
        @pointerdown=${() => this.#hold(i)}
        @pointerup=${this.#release}
        @pointerleave=${this.#release}
        @keydown=${(event: KeyboardEvent) => [' ', 'Enter'].includes(event.key) && !event.repeat && this.#hold(i)}
        @keyup=${this.#release}
        @blur=${this.#release}
      >
        ${CAMERA.hold}
      </button>
      <span class="small number">${CAMERA.count(frames.length)}</span>
      ${frames.length > 0 ? html`<button class="quiet small" @click=${() => this.#change(i, { frames: [] })}>${CAMERA.clear}</button>` : nothing}
    </li>`;
  }

  readonly #open = async (): Promise<void> => {
    if (this.asking) return;
    this.asking = true;
    try {
      // Pages that are not served securely have no access to cameras at all.
      if (!navigator.mediaDevices) throw new DOMException('', 'NotSupportedError');
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
      // The view may have been left before the answer.
      if (!this.isConnected) this.#close();
    } catch (error) {
      const why = error instanceof DOMException ? error.name : '';
      const reasons = CAMERA.problems as Record<string, string>;
      this.lab.messages.error(reasons[why] ?? CAMERA.failed);
    }
    this.asking = false;
  };

  #close(): void {
    this.#release();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  #hold(i: number): void {
    this.#release();
    this.held = i;
    void this.#take(i);
    this.#timer = setInterval(() => void this.#take(i), EVERY_MS);
  }

  readonly #release = (): void => {
    clearInterval(this.#timer);
    this.held = null;
  };

  /** Adds the frame that the camera shows now, its largest square in the middle. */
  async #take(i: number): Promise<void> {
    const { video } = this;
    if (!video || video.videoWidth === 0 || (this.classes[i]?.frames.length ?? MOST) >= MOST) return;
    const side = Math.min(video.videoWidth, video.videoHeight);
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const left = (video.videoWidth - side) / 2;
    const top = (video.videoHeight - side) / 2;
    canvas.getContext('2d')?.drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
    const frame = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
    const own = this.classes[i];
    if (own) this.#change(i, { frames: [...own.frames, frame] });
  }

  #change(i: number, changes: Partial<CameraClass>): void {
    this.classes = this.classes.map((one, k) => (k === i ? { ...one, ...changes } : one));
  }

  #rename(i: number, { target }: Event): void {
    const input = target as HTMLInputElement;
    const name = input.value.trim();
    const isTaken = this.classes.some((one, k) => k !== i && one.name === name);
    const isName = name !== '' && name.length <= 64 && !/[/\\]/.test(name) && !name.startsWith('.') && !isTaken;
    input.setAttribute('aria-invalid', String(!isName));
    if (isName) this.#change(i, { name });
    else this.lab.messages.error(CAMERA.nameInvalid(input.value));
  }

  readonly #add = (): void => {
    const names = new Set(this.classes.map(({ name }) => name));
    let number = this.classes.length + 1;
    while (names.has(CAMERA.className(String(number)))) number += 1;
    this.classes = [...this.classes, { name: CAMERA.className(String(number)), frames: [] }];
  };

  readonly #use = (): void => {
    const files = this.classes.flatMap(({ name, frames }) =>
      frames.map((frame, i) => {
        const file = `${String(i + 1).padStart(4, '0')}.jpg`;
        return withPath(new File([frame], file, { type: frame.type }), `camera/${name}/${file}`);
      }),
    );
    this.#close();
    void this.lab.addFiles(files);
  };
}
