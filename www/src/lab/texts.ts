/**
 * Bytes, durations and names of classes as the engine writes them. A text that is not known yet is empty: the engine is asked for
 * it, and the lab changes when the answer is there.
 */
import type { TextQuestion } from '../worker/protocol';
import { Observable } from './observable';

/** The member of the worker that writes texts. */
interface Writer {
  texts(questions: TextQuestion[]): Promise<string[]>;
}

export class Texts extends Observable {
  readonly #known = new Map<string, string>();
  #asked: [key: string, question: TextQuestion][] = [];

  constructor(private worker: Writer) {
    super();
  }

  readonly bytes = (count: number): string => this.#text({ kind: 'bytes', of: count });

  readonly duration = (seconds: number): string => this.#text({ kind: 'duration', of: seconds });

  /** Keras's class name for a layer type. */
  readonly className = (type: string): string => this.#text({ kind: 'class', of: type });

  #text(question: TextQuestion): string {
    const key = `${question.kind} ${question.of}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, '');
    // All questions of one rendering are asked together.
    if (this.#asked.push([key, question]) === 1) queueMicrotask(() => void this.#ask());
    return '';
  }

  async #ask(): Promise<void> {
    const asked = this.#asked.splice(0);
    try {
      const texts = await this.worker.texts(asked.map(([, question]) => question));
      asked.forEach(([key], i) => void this.#known.set(key, texts[i] ?? ''));
    } catch {
      // The engine is not loaded yet, or the worker has ended, which the lab reports. They are asked again when they are shown again.
      for (const [key] of asked) this.#known.delete(key);
      return;
    }
    this.changed();
  }
}
