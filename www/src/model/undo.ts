/** Undo and redo of documents. */

/** The largest number of steps kept. */
const MOST = 200;

export class Undo<T> {
  #past: T[] = [];
  #future: T[] = [];
  /** The kind of the last step: consecutive steps of the same kind, such as typing, count as one. */
  #kind: string | null = null;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Stores the document as it was before a change. */
  push(before: T, kind: string | null = null): void {
    this.#future = [];
    if (kind === null || kind !== this.#kind) this.#past = [...this.#past, before].slice(-MOST);
    this.#kind = kind;
  }

  /** The document before the last change; null if there is none. */
  undo(now: T): T | null {
    return this.#step(this.#past, this.#future, now);
  }

  redo(now: T): T | null {
    return this.#step(this.#future, this.#past, now);
  }

  clear(): void {
    this.#past = [];
    this.#future = [];
    this.#kind = null;
  }

  #step(from: T[], to: T[], now: T): T | null {
    const found = from.pop();
    if (found === undefined) return null;
    to.push(now);
    this.#kind = null;
    return found;
  }
}
