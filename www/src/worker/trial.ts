/** Reads files without taking them: for a set that they may belong to, and for one image. */
import * as Comlink from 'comlink';
import { Assembly, DecoderWorker } from './assembly';
import type { Decoder } from './decoder';
import { dataBytes } from './limits';
import type { SetId } from './protocol';

export async function wouldFit(set: SetId, files: [path: string, file: Blob][]): Promise<boolean> {
  const assembly = new Assembly(set);
  try {
    let isAnyTaken = false;
    for (const [path, file] of files) {
      const result = await assembly.add(path, await dataBytes(set, path, file), () => undefined);
      isAnyTaken ||= 'as' in result;
    }
    if (!isAnyTaken || (await assembly.missing()).length > 0) return false;
    return 'head' in (await assembly.finish());
  } catch {
    return false;
  } finally {
    assembly.close();
  }
}

export async function imagePixels(
  name: string,
  bytes: Uint8Array,
  [height, width]: [height: number, width: number],
): Promise<Uint8Array | null> {
  const dataset = { name: 'images', image_size: [height, width] as [number, number], interpolation: 'area' as const };
  const worker = new DecoderWorker({
    name: 'images',
    coarse: false,
    images: { dataset, input_shape: [height, width, 3], seed: 0 },
  });
  try {
    await worker.answer(worker.opened);
    const given = Comlink.transfer(bytes, [bytes.buffer as ArrayBuffer]);
    const decoded = await worker.answer<ReturnType<Decoder['decode']>>(worker.decoder.decode(name, given));
    return 'pixels' in decoded ? decoded.pixels : null;
  } catch {
    return null;
  } finally {
    worker.close();
  }
}
