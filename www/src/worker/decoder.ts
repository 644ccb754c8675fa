/**
 * Decodes the official files of one data set in a separate worker: a run continues meanwhile, and ending the worker frees the memory
 * of a large archive, which a WebAssembly instance cannot do. It is loaded when the first file arrives.
 */
import * as Comlink from 'comlink';
import type { DatasetHead, FileLoader } from '../base/engine';
import { type Failure, failureOf } from '../base/failure';
import type { SetId } from './protocol';

/** A decoded data set, as it is transferred to the worker that trains. */
export interface DecodedSet {
  head: DatasetHead;
  train: Images;
  test: Images;
}

/** Pixels of shape `(n, height, width, channels)`, and the labels. */
interface Images {
  pixels: Uint8Array;
  labels: Uint8Array;
}

type OnProgress = ((done: number, total: number) => void) & Comlink.ProxyMarked;

async function loadModule() {
  const module = await import('../../pkg-files/convlab.js');
  await module.default();
  return module;
}

export class Decoder {
  #loader!: FileLoader;

  async open({ name, coarse, images }: SetId): Promise<void> {
    const module = await loadModule();
    this.#loader = new module.DatasetLoader(name, images);
    if (coarse) this.#loader.coarse_labels(true);
  }

  /** Returns what the file was recognised as, or the error. */
  add(file: string, bytes: Uint8Array, onProgress: OnProgress): { as: string } | Failure {
    try {
      return { as: this.#loader.add(file, bytes, onProgress) };
    } catch (error) {
      return failureOf(error);
    }
  }

  /**
   * The pixels of an image file, for `addDecoded` of another decoder of the same set, or the bytes again if only `add` can take the file.
   */
  decode(file: string, bytes: Uint8Array): { pixels: Uint8Array } | { bytes: Uint8Array } {
    const pixels = this.#loader.decode(file, bytes);
    return pixels
      ? Comlink.transfer({ pixels }, [pixels.buffer as ArrayBuffer])
      : Comlink.transfer({ bytes }, [bytes.buffer as ArrayBuffer]);
  }

  addDecoded(file: string, pixels: Uint8Array): { as: string } | Failure {
    try {
      return { as: this.#loader.add_decoded(file, pixels) };
    } catch (error) {
      return failureOf(error);
    }
  }

  missing(): string[] {
    return this.#loader.missing();
  }

  /** Image files that cannot be used, with the reasons. */
  leftOut(): { path: string; reason: string }[] {
    return this.#loader.left_out();
  }

  /** Returns the decoded set or the error. The loader cannot be used afterwards. */
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

  /** A decoded set as one NumPy archive, which the data set `custom` reads. */
  async npz({ head, train, test }: DecodedSet): Promise<Uint8Array> {
    const module = await loadModule();
    const bytes = module.npz(head, train.pixels, train.labels, test.pixels, test.labels);
    return Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
  }
}

Comlink.expose(new Decoder());
