/**
 * Reads files from outside: the size is checked first, so that a file that is too large takes no memory. The sentences are those of the
 * command line (src/base/file.rs).
 */

const MIB = 1 << 20;

/** The most bytes of each kind of file, as on the command line (the last part of src/cli/output.rs). */
export const MOST = {
  /** An experiment, an assignment, the history of a run. */
  document: 256 * MIB,
  /** Weights or a checkpoint. */
  weights: 4096 * MIB,
  /** A model of another program. */
  model: 1024 * MIB,
} as const;

/** Refuses a size in bytes that is above the limit. */
export function checkSize(size: number, most: number): void {
  if (size <= most) return;
  // Rounded up, so that the size received is never shown as the limit.
  const received = Math.ceil(size / MIB);
  throw new Error(`a file of this kind has at most ${Math.floor(most / MIB)} MiB. Received: ${received} MiB`);
}

/** The contents of a file of at most `most` bytes. */
export async function bytesOf(file: Blob, most: number): Promise<Uint8Array<ArrayBuffer>> {
  checkSize(file.size, most);
  return new Uint8Array(await contents(file));
}

/** The contents of a safetensors file. Another file, or one that is cut short, is refused by its first bytes. */
export async function weightsOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  checkSize(file.size, MOST.weights);
  const start = new DataView(await contents(file.slice(0, 8)));
  // They are the length of the header, which follows them.
  const header = start.byteLength < 8 ? 0n : start.getBigUint64(0, true);
  if (header === 0n || header > BigInt(file.size)) {
    throw new Error(
      `this is not a whole safetensors file. Give weights or a checkpoint that Convlab wrote. Received: ${file.size} bytes`,
    );
  }
  return new Uint8Array(await contents(file));
}

/** What a browser says when it cannot read a file is not a sentence, and says nothing of memory. */
async function contents(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const received = `Received: ${file.size} bytes`;
    throw new Error(
      `the browser could not read the file (${why}). It may have been moved or changed, or there is not enough memory. ${received}`,
    );
  }
}
