/**
 * Decodes the official files of one data set, on a worker of its own: the run goes on meanwhile, and the memory that a large archive
 * takes is given back with the worker. Only whoever brings files loads it.
 */
import * as Comlink from 'comlink';
import type { DatasetHead, FileLoader } from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import type { SetId } from './protocol';

/** A data set as it is handed over. */
export interface DecodedSet {
  head: DatasetHead;
  train: Images;
  test: Images;
}

/** Pixels `(n, height, width, channels)`, and their labels. */
interface Images {
  pixels: Uint8Array;
  labels: Uint8Array;
}

type OnProgress = ((done: number, total: number) => void) & Comlink.ProxyMarked;

export class Decoder {
  #loader!: FileLoader;

  async open({ name, coarse }: SetId): Promise<void> {
    const module = await import('../../pkg-files/convlab.js');
    await module.default();
    this.#loader = new module.DatasetLoader(name);
    if (coarse) this.#loader.coarse_labels(true);
  }

  /** What a file was recognised as, or what is wrong with it. */
  add(file: string, bytes: Uint8Array, onProgress: OnProgress): { as: string } | Failure {
    try {
      return { as: this.#loader.add(file, bytes, onProgress) };
    } catch (error) {
      return failureOf(error);
    }
  }

  missing(): string[] {
    return this.#loader.missing();
  }

  /** The whole set, or what is wrong with it; either way there is nothing left to ask for. */
  finish(): DecodedSet | Failure {
    try {
      const decoded = this.#loader.finish();
      const images = (test: boolean) => ({ pixels: decoded.take_pixels(test), labels: decoded.take_labels(test) });
      const set = { head: decoded.head(), train: images(false), test: images(true) };
      const { train, test } = set;
      const buffers = [train.pixels, train.labels, test.pixels, test.labels].map(({ buffer }) => buffer as ArrayBuffer);
      return Comlink.transfer(set, buffers);
    } catch (error) {
      return failureOf(error);
    }
  }
}

Comlink.expose(new Decoder());
