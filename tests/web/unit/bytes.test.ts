/** Files from outside: their sizes and first bytes are checked before they are read. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { bytesOf, MOST, weightsOf } from '../../../www/src/base/bytes';
import { mostBytes } from '../../../www/src/worker/limits';

const source = (path: string) => readFileSync(new URL(`../../../src/${path}`, import.meta.url), 'utf8');

/** A constant of a Rust source, such as `256 << 20`. */
function constant(path: string, name: string): number {
  const [, value = '', shift = ''] = new RegExp(`const ${name}: \\w+ = (\\d+) << (\\d+);`).exec(source(path)) ?? [];
  return Number(value) * 2 ** Number(shift);
}

/** A file that has a size only: reading any of it fails the test. */
function unread(size: number): Blob {
  const read = vi.fn(() => Promise.reject(new Error('it was read')));
  return { size, arrayBuffer: read, slice: read, stream: read, text: read } as unknown as Blob;
}

test('a file that is too large is refused by its size, unread, with the size and the limit', async () => {
  const sentence = 'a file of this kind has at most 256 MiB. Received: 257 MiB';
  await expect(bytesOf(unread(MOST.document + 1), MOST.document)).rejects.toThrow(sentence);
  await expect(weightsOf(unread(MOST.weights + 1))).rejects.toThrow('at most 4096 MiB. Received: 4097 MiB');
  expect(await bytesOf(new Blob(['abc']), 3)).toEqual(Uint8Array.of(97, 98, 99));
});

test('a file that is no weights is refused by its first bytes', async () => {
  const received: number[] = [];
  class Counted extends Blob {
    override async arrayBuffer() {
      received.push(this.size);
      return super.arrayBuffer();
    }
    override slice(from?: number, to?: number) {
      return new Counted([super.slice(from, to)]);
    }
  }
  for (const bad of [new Uint8Array(3_000_000).fill(255), new Uint8Array(3_000_000), new Uint8Array(7)]) {
    received.length = 0;
    const refused = weightsOf(new Counted([bad]));
    await expect(refused).rejects.toThrow(/not a whole safetensors file.*Received: \d+ bytes/);
    expect(received, 'only its start is read').toEqual([Math.min(8, bad.length)]);
  }
  const good = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 123, 125);
  expect(await weightsOf(new Blob([good]))).toEqual(good);
});

test('a file that the browser cannot read is told in a sentence', async () => {
  const gone = { size: 5, arrayBuffer: () => Promise.reject(new Error('NotReadableError')) } as unknown as Blob;
  await expect(bytesOf(gone, 10)).rejects.toThrow(/could not read the file \(NotReadableError\).*Received: 5 bytes/);
});

test('the limits are those of the command line', () => {
  const cli = 'cli/output.rs';
  expect(MOST.document).toBe(constant(cli, 'LARGEST_DOCUMENT'));
  expect(MOST.weights).toBe(constant(cli, 'LARGEST_WEIGHTS'));
  expect(MOST.model).toBe(constant(cli, 'LARGEST_FILE'));
  const images = { name: 'images', coarse: false };
  expect(mostBytes(images, 'cat/1.png')).toBe(constant('data/image_files/file.rs', 'MAX_FILE'));
  expect(mostBytes(images, 'mine.TAR.gz')).toBe(constant('data/image_files/file.rs', 'MAX_ARCHIVE'));
  expect(mostBytes({ name: 'custom', coarse: false }, 'x.npz')).toBe(constant('data/array.rs', 'MAX_BYTES'));
  expect(mostBytes({ name: 'mnist', coarse: false }, 'mnist.npz')).toBe(70_000 * 28 * 28 + 32 * 2 ** 20);
  expect(mostBytes({ name: 'parquet', coarse: false }, 'train.parquet')).toBe(2 * 2 ** 30);
  expect(source('data/parquet/set.rs')).toContain('file::read(path, 2 << 30)');
  expect(constant('submission/handed.rs', 'MOST_BYTES')).toBe(32 * 2 ** 20);
  expect(constant('submission/handed.rs', 'MOST_ARCHIVE_BYTES')).toBe(512 * 2 ** 20);
});
