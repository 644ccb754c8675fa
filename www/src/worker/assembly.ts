/** Collects the files of a data set, which may arrive in several drops, and decodes them in a separate worker. */
import * as Comlink from 'comlink';
import type { Failure } from '../base/failure';
import type { DecodedSet, Decoder } from './decoder';
import type { SetId } from './protocol';
import { spawn } from './spawn';

const spawnDecoder = (): Worker =>
  spawn(() => new Worker(new URL('./decoder.ts', import.meta.url), { type: 'module', name: 'convlab files' }));

type Decoded = ReturnType<Decoder['decode']>;

/** The most workers that decode images; each takes some megabytes. */
const MOST_DECODERS = 4;

/** A worker that decodes, with a set opened if one is given. */
export class DecoderWorker {
  readonly decoder: Comlink.Remote<Decoder>;
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  /** Rejects if the worker crashes, because calls that are waiting then would never be answered. */
  readonly #crashed: Promise<never>;

  constructor(set?: SetId) {
    this.#worker = spawnDecoder();
    this.#crashed = new Promise((_, reject) => {
      this.#worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the reader stopped')));
    });
    this.#crashed.catch(() => undefined);
    this.decoder = Comlink.wrap<Decoder>(this.#worker);
    this.opened = set ? this.decoder.open(set) : Promise.resolve();
    this.opened.catch(() => undefined);
  }

  answer<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#crashed]);
  }

  close(): void {
    this.decoder[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}

export class Assembly {
  readonly set: SetId;
  readonly blobs = new Map<string, Blob>();
  /** Holds the set. */
  readonly #first: DecoderWorker;
  /** Those that only decode image files, in turn with the first. */
  readonly #others: DecoderWorker[] = [];
  readonly #most: number;
  /** How many files are best given at a time. */
  readonly width: number;
  #turn = 0;

  constructor(set: SetId) {
    this.set = set;
    this.#first = new DecoderWorker(set);
    this.#most = set.name === 'images' ? Math.min(MOST_DECODERS, navigator.hardwareConcurrency) : 1;
    // While the decoders work, the next file is read.
    this.width = this.#most === 1 ? 1 : this.#most + 1;
  }

  async add(
    file: string,
    bytes: Uint8Array<ArrayBuffer>,
    report: (done: number, total: number) => void,
  ): Promise<{ as: string } | Failure> {
    const first = this.#first;
    await first.answer(first.opened);
    const worker = this.#next();
    let given = bytes;
    if (worker !== first) {
      await worker.answer(worker.opened);
      const decoded = await worker.answer<Decoded>(
        worker.decoder.decode(file, Comlink.transfer(given, [given.buffer])),
      );
      if ('pixels' in decoded) {
        const pixels = Comlink.transfer(decoded.pixels, [decoded.pixels.buffer as ArrayBuffer]);
        return first.answer<{ as: string } | Failure>(first.decoder.addDecoded(file, pixels));
      }
      given = decoded.bytes as Uint8Array<ArrayBuffer>;
    }
    const sent = Comlink.transfer(given, [given.buffer]);
    return first.answer<{ as: string } | Failure>(first.decoder.add(file, sent, Comlink.proxy(report)));
  }

  #next(): DecoderWorker {
    const turn = this.#turn % this.#most;
    this.#turn += 1;
    if (turn === 0) return this.#first;
    const worker = this.#others[turn - 1] ?? new DecoderWorker(this.set);
    this.#others[turn - 1] = worker;
    return worker;
  }

  missing(): Promise<string[]> {
    return this.#ask((decoder) => decoder.missing());
  }

  leftOut(): Promise<{ path: string; reason: string }[]> {
    return this.#ask((decoder) => decoder.leftOut());
  }

  finish(): Promise<DecodedSet | Failure> {
    return this.#ask<DecodedSet | Failure>((decoder) => decoder.finish());
  }

  close(): void {
    for (const worker of [this.#first, ...this.#others]) worker.close();
  }

  #ask<T>(question: (decoder: Comlink.Remote<Decoder>) => Promise<T>): Promise<T> {
    const first = this.#first;
    return first.answer(first.opened.then(() => question(first.decoder)));
  }
}
