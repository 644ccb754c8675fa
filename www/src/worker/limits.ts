/** Reads data files, which have at most as many bytes as on the command line. Loaded with the first of them. */
import { bytesOf } from '../base/bytes';
import { setNamed } from '../base/datasets';
import type { SetId } from './protocol';

const MIB = 1 << 20;

/** Of a set whose files decide its size (`MAX_BYTES` in src/data/array.rs). */
const MOST_ARRAY = 640 * MIB;
/** Of an image file, and of an archive of them (src/data/image_files/file.rs). */
const MOST_IMAGE = 128 * MIB;
const MOST_ARCHIVE = 2048 * MIB;
/** Of a Parquet file of the student's own (src/data/parquet/set.rs). */
const MOST_TABLE = 2048 * MIB;

/** The most bytes of a file with this name. */
export function mostBytes({ name }: SetId, file: string): number {
  if (name === 'images') return /\.(zip|tar|tar\.gz|tgz)$/i.test(file) ? MOST_ARCHIVE : MOST_IMAGE;
  if (name === 'parquet') return MOST_TABLE;
  const { size, counts } = setNamed(name) ?? {};
  if (!size || !counts) return MOST_ARRAY;
  // All images, and room for labels, names and an archive's headers (`max_bytes` in src/data/info.rs).
  const [train = 0, test = 0] = counts;
  return (train + test) * size.reduce((a, b) => a * b, 1) + 32 * MIB;
}

/** The contents of a file. */
export const dataBytes = (set: SetId, file: string, blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  bytesOf(blob, mostBytes(set, file));
