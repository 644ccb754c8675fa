/** Files that are handed in are read up to the sizes of the command line, and refused by their sizes beyond them. */
import { expect, test, vi } from 'vitest';
import { Homework } from '../../../www/src/worker/homework';

const MIB = 2 ** 20;

/** A file of a size that begins with some bytes; reading all of it fails the test. */
function begins(text: string, size: number): Blob {
  const whole = () => Promise.reject(new Error('it was read'));
  return { size, slice: () => new Blob([text]), arrayBuffer: whole } as unknown as Blob;
}

test('a submission has at most 32 MiB, an archive 512 MiB', async () => {
  const check = { add: vi.fn(), refuse: vi.fn(), recall: vi.fn() };
  class ClassCheck {
    add = check.add;
    refuse = check.refuse;
    recall = check.recall;
  }
  const tools = { get: async () => ({ ClassCheck }) };
  type Parts = ConstructorParameters<typeof Homework>;
  const homework = new Homework(tools as unknown as Parts[0], () => undefined as unknown as ReturnType<Parts[1]>);
  const files: [path: string, file: Blob][] = [
    ['a.json', new Blob(['{}'])],
    ['large.json', begins('{"fo', 32 * MIB + 1)],
    ['large.zip', begins('PK\x03\x04', 512 * MIB + 1)],
    // It has the name of one only.
    ['no.zip', begins('PNG!', 33 * MIB)],
    ['zip', new Blob(['PK\x05\x06'])],
  ];
  await homework.add(files.map(([path, file]) => ({ path, modified: 5500, file })));
  expect(check.add.mock.calls).toEqual([
    ['a.json', 5, new TextEncoder().encode('{}')],
    ['zip', 5, new TextEncoder().encode('PK\x05\x06')],
  ]);
  expect(check.refuse.mock.calls).toEqual([
    ['large.json', 'a file of this kind has at most 32 MiB. Received: 33 MiB'],
    ['large.zip', 'a file of this kind has at most 512 MiB. Received: 513 MiB'],
    ['no.zip', 'a file of this kind has at most 32 MiB. Received: 33 MiB'],
  ]);
});
