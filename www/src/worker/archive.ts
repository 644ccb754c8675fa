/** A data set as one file. It is made in a worker of its own, which returns its memory with its end. */
import * as Comlink from 'comlink';
import { DecoderWorker } from './assembly';
import type { DecodedSet } from './decoder';

/** The set as one NumPy archive. The buffers of `set` are transferred. */
export async function npzOf(set: DecodedSet): Promise<Uint8Array> {
  const worker = new DecoderWorker();
  try {
    const { train, test } = set;
    const buffers = [train.pixels, train.labels, test.pixels, test.labels].map(({ buffer }) => buffer as ArrayBuffer);
    return await worker.answer(worker.decoder.npz(Comlink.transfer(set, buffers)));
  } finally {
    worker.close();
  }
}
