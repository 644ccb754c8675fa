/** Data files for the tests: the real ones if this machine has them, and small valid ones made here. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const MNIST_NAMES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
];

/** The paths of real data files, or null if this machine has none. */
export function realFiles(folder: string, names: string[]): string[] | null {
  const places = [process.env.CONVLAB_DATA, join(ROOT, '../shared/data'), join(ROOT, 'www/public/data')];
  for (const place of places) {
    if (!place) continue;
    const paths = names.map((name) => join(place, folder, name));
    if (paths.every((path) => existsSync(path))) return paths;
  }
  return null;
}

/** An IDX file: two zero bytes, the type (0x08, unsigned bytes), the number of sizes, the sizes, the values. */
export function idx(sizes: number[], values: Buffer): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([head, values]);
}

/** Images that a network can classify: class k is a bright square in cell k of a 4 × 3 grid, with noise. */
export function images(count: number): { pixels: Buffer; labels: Buffer } {
  const pixels = Buffer.alloc(count * 28 * 28);
  const labels = Buffer.alloc(count);
  for (let n = 0; n < count; n += 1) {
    const label = (n * 7) % 10;
    labels[n] = label;
    const [top, left] = [2 + 8 * Math.floor(label / 4), 1 + 7 * (label % 4)];
    for (let i = 0; i < 28 * 28; i += 1) {
      const [row, column] = [Math.floor(i / 28), i % 28];
      const inside = row >= top && row < top + 6 && column >= left && column < left + 5;
      pixels[n * 784 + i] = inside ? 255 : (n * 31 + i * 17) % 40;
    }
  }
  return { pixels, labels };
}

/** A small data set in the four files of MNIST. */
export function smallMnist(train = 600, test = 200): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [prefix, count] of [['train', train] as const, ['t10k', test] as const]) {
    const { pixels, labels } = images(count);
    files.set(`${prefix}-images-idx3-ubyte.gz`, gzipSync(idx([count, 28, 28], pixels)));
    files.set(`${prefix}-labels-idx1-ubyte.gz`, gzipSync(idx([count], labels)));
  }
  return files;
}

/** A NumPy archive of arrays of unsigned bytes. */
export function npz(arrays: Record<string, { shape: number[]; values: Buffer }>): Buffer {
  const npy = ({ shape, values }: { shape: number[]; values: Buffer }) => {
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.map((size) => `${size},`).join(' ')}), }`;
    // The head is a multiple of 64 bytes and ends with a new line.
    const head = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11, ' ');
    const length = Buffer.alloc(2);
    length.writeUInt16LE(head.length + 1);
    return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(`${head}\n`), values]);
  };
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, new Uint8Array(npy(array))]);
  return Buffer.from(zipSync(Object.fromEntries(files)));
}
