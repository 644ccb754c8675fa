/** Saves texts while they are written, so that none is lost that is not finished when the page is left. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A text is saved after this pause in writing. */
const PAUSE_MS = 1000;

export class AsWritten implements ReactiveController {
  /** The field that is written in, and its text as it is typed. */
  #field: string | null = null;
  #text = '';
  /** Saves what is not saved yet. */
  #save: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    // Captured, so that the text is there before the page itself stores or reports for the last time.
    addEventListener('pagehide', this.#flush, { capture: true });
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.#flush, { capture: true });
    this.#flush();
    this.#field = null;
  }

  /** What a field shows: the saved text may lack a space that has just been typed, and must not take it away. */
  shown(field: string, saved: string): string {
    return field === this.#field ? this.#text : saved;
  }

  /** The listener of a field's events `input` and `change`. */
  on(field: string, save: (text: string) => void) {
    return ({ type, target }: Event): void => {
      const { value } = target as HTMLInputElement | HTMLTextAreaElement;
      if (field !== this.#field) this.#flush();
      clearTimeout(this.#timer);
      this.#field = field;
      this.#text = value;
      this.#save = () => save(value);
      if (type === 'input') {
        this.#timer = setTimeout(this.#flush, PAUSE_MS);
        return;
      }
      this.#field = null;
      this.#flush();
    };
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    const save = this.#save;
    this.#save = null;
    save?.();
  };
}
