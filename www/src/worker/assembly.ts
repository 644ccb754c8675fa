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

const STOPPED = 'the reader stopped';

/** A worker that decodes, with a set opened if one is given. */
export class DecoderWorker {
  readonly decoder: Comlink.Remote<Decoder>;
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  /** Rejects when the worker crashes or is closed, because calls that are waiting then would never be answered. */
  readonly #ended: Promise<never>;
  #end: (why: Error) => void = () => undefined;

  constructor(set?: SetId) {
    this.#worker = spawnDecoder();
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#ended.catch(() => undefined);
    this.#worker.addEventListener('error', ({ message }) => this.#end(new Error(message || STOPPED)));
    this.decoder = Comlink.wrap<Decoder>(this.#worker);
    this.opened = set ? this.decoder.open(set) : Promise.resolve();
    this.opened.catch(() => undefined);
  }

  answer<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#ended]);
  }

  close(): void {
    this.decoder[Comlink.releaseProxy]();
    this.#worker.terminate();
    this.#end(new Error(STOPPED));
  }
}

export class Assembly {
  readonly set: SetId;
  readonly blobs = new Map<string, Blob>();
  /** Holds the set. */
  readonly #first: DecoderWorker;
  /** Those that only decode image files, in turn with the first. */
  readonly #others = new Map<number, DecoderWorker>();
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
    const turn = this.#turn % this.#most;
    this.#turn += 1;
    let given = bytes;
    if (turn > 0) {
      const decoded = await this.#decoded(turn, file, given);
      if ('pixels' in decoded) {
        const pixels = Comlink.transfer(decoded.pixels, [decoded.pixels.buffer as ArrayBuffer]);
        return first.answer<{ as: string } | Failure>(first.decoder.addDecoded(file, pixels));
      }
      given = decoded.bytes as Uint8Array<ArrayBuffer>;
    }
    const sent = Comlink.transfer(given, [given.buffer]);
    return first.answer<{ as: string } | Failure>(first.decoder.add(file, sent, Comlink.proxy(report)));
  }

  /** What the decoder whose turn it is makes of a file. One that fails is replaced, because it would fail for every later file, too. */
  async #decoded(turn: number, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<Decoded> {
    const worker = this.#others.get(turn) ?? new DecoderWorker(this.set);
    this.#others.set(turn, worker);
    try {
      await worker.answer(worker.opened);
      return await worker.answer<Decoded>(worker.decoder.decode(file, Comlink.transfer(bytes, [bytes.buffer])));
    } catch (error) {
      if (this.#others.get(turn) === worker) {
        this.#others.delete(turn);
        worker.close();
      }
      throw error;
    }
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
    for (const worker of [this.#first, ...this.#others.values()]) worker.close();
  }

  #ask<T>(question: (decoder: Comlink.Remote<Decoder>) => Promise<T>): Promise<T> {
    const first = this.#first;
    return first.answer(first.opened.then(() => question(first.decoder)));
  }
}
