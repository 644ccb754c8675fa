/** Collects the files of a data set, which may arrive in several drops, and decodes them in a separate worker. */
import * as Comlink from 'comlink';
import type { Failure } from '../base/failure';
import type { DecodedSet, Decoder } from './decoder';
import type { SetId } from './protocol';
import { spawn } from './spawn';

export class Assembly {
  readonly set: SetId;
  readonly blobs = new Map<string, Blob>();
  readonly #worker: Worker;
  readonly #decoder: Comlink.Remote<Decoder>;
  readonly #opened: Promise<void>;
  /** Rejects if the worker crashes, because calls that are waiting then would never be answered. */
  readonly #crashed: Promise<never>;

  constructor(set: SetId) {
    this.set = set;
    this.#worker = spawn(
      () => new Worker(new URL('./decoder.ts', import.meta.url), { type: 'module', name: 'convlab files' }),
    );
    this.#crashed = new Promise((_, reject) => {
      this.#worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the reader stopped')));
    });
    this.#crashed.catch(() => undefined);
    this.#decoder = Comlink.wrap<Decoder>(this.#worker);
    this.#opened = this.#decoder.open(set);
    this.#opened.catch(() => undefined);
  }

  async add(
    file: string,
    bytes: Uint8Array<ArrayBuffer>,
    report: (done: number, total: number) => void,
  ): Promise<{ as: string } | Failure> {
    await this.#answer(this.#opened);
    const sent = Comlink.transfer(bytes, [bytes.buffer]);
    return this.#answer<{ as: string } | Failure>(this.#decoder.add(file, sent, Comlink.proxy(report)));
  }

  missing(): Promise<string[]> {
    return this.#answer(this.#opened.then(() => this.#decoder.missing()));
  }

  finish(): Promise<DecodedSet | Failure> {
    return this.#answer<DecodedSet | Failure>(this.#decoder.finish());
  }

  close(): void {
    this.#decoder[Comlink.releaseProxy]();
    this.#worker.terminate();
  }

  #answer<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#crashed]);
  }
}
