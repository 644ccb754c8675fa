/** Several files of a set are downloaded at once. */
import { afterEach, expect, test, vi } from 'vitest';
import { fetchEach, fetchSource } from '../../../www/src/worker/downloads';
import type { Progress } from '../../../www/src/worker/protocol';

const MNIST = { name: 'mnist', coarse: false };
const address = (name: string) => `https://example.org/${name}`;

interface Asked {
  url: string;
  signal: AbortSignal;
  headers(length: number | null): ReadableStreamDefaultController<Uint8Array>;
}

/** A server that answers when the test wants it to. */
function serve(): Asked[] {
  const asked: Asked[] = [];
  const fetch = (url: string, { signal }: { signal: AbortSignal }) =>
    new Promise<Response>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      if (signal.aborted) return reject(new Error('aborted'));
      const headers = (length: number | null) => {
        let body!: ReadableStreamDefaultController<Uint8Array>;
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            body = controller;
          },
        });
        signal.addEventListener('abort', () => body.error(new Error('aborted')));
        resolve(new Response(stream, length === null ? {} : { headers: { 'Content-Length': String(length) } }));
        return body;
      };
      asked.push({ url, signal, headers });
    });
  vi.stubGlobal('fetch', fetch);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

const at = (asked: Asked[], index: number): Asked => {
  const one = asked[index];
  if (!one) throw new Error(`request ${index} was not made`);
  return one;
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('four files at a time, in their order, with one progress', async () => {
  const asked = serve();
  const heard: Progress[] = [];
  const names = ['a', 'b', 'c', 'd', 'e'];
  const fetched = fetchEach(MNIST, names.map(address), (one) => heard.push(one), new AbortController().signal);
  await settled();
  expect(asked.map(({ url }) => url)).toEqual(names.slice(0, 4).map(address));
  const bodies = [3, 2, 1, 0].map((index) => [index, at(asked, index).headers(10)] as const);
  for (const [, body] of bodies) body.enqueue(new Uint8Array(4));
  await settled();
  expect(heard.at(-1)).toEqual({ phase: 'fetch', file: expect.stringMatching(/^[a-d], …$/), done: 16, total: 40 });
  for (const [index, body] of bodies) {
    body.enqueue(new Uint8Array(6).fill(index));
    body.close();
  }
  await settled();
  expect(asked).toHaveLength(5);
  const last = at(asked, 4).headers(5);
  last.enqueue(new Uint8Array(5));
  last.close();
  const { files, problems } = await fetched;
  expect(files.map(([name, file]) => [name, file.size])).toEqual([
    ['a', 10],
    ['b', 10],
    ['c', 10],
    ['d', 10],
    ['e', 5],
  ]);
  const [, second] = files[1] ?? ['', new Blob()];
  expect(new Uint8Array(await second.arrayBuffer())[9]).toBe(1);
  expect(problems).toEqual([]);
  expect(heard.at(-1)).toEqual({ phase: 'fetch', file: 'e', done: 45, total: 45 });
  const done = heard.map((one) => one.done);
  expect(done).toEqual([...done].sort((one, other) => one - other));
});

test('of several addresses, one that fails is a problem, and the others go on', async () => {
  const asked = serve();
  const heard: Progress[] = [];
  const fetched = fetchEach(MNIST, ['a', 'b'].map(address), (one) => heard.push(one), new AbortController().signal);
  await settled();
  at(asked, 0).headers(10).error(new Error('gone'));
  const body = at(asked, 1).headers(null);
  body.enqueue(new Uint8Array(3));
  body.close();
  const { files, problems } = await fetched;
  expect(files.map(([name]) => name)).toEqual(['b']);
  expect(problems).toMatchObject([
    { file: address('a'), message: expect.stringContaining('the connection broke off') },
  ]);
  expect(heard.at(-1), 'the size of the other one is not known').toMatchObject({ done: 3, total: 0 });
});

test('the first failure of a source ends its other downloads, and is what is told', async () => {
  const asked = serve();
  const source = { files: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ url: address(name) })) };
  const fetched = fetchSource(MNIST, source, () => undefined, new AbortController().signal);
  await settled();
  at(asked, 0).headers(10);
  at(asked, 2).headers(10).error(new Error('gone'));
  await expect(fetched).rejects.toThrow(`${address('c')} ended after 0 bytes`);
  await settled();
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true, true]);
});

test('a cancelled source ends all of its downloads', async () => {
  const asked = serve();
  const cancel = new AbortController();
  const source = { bytes: 100, files: ['a', 'b'].map((name) => ({ url: address(name) })) };
  const heard: Progress[] = [];
  const fetched = fetchSource(MNIST, source, (one) => heard.push(one), cancel.signal);
  await settled();
  at(asked, 0).headers(10).enqueue(new Uint8Array(4));
  await settled();
  expect(heard, 'of what the source says').toEqual([{ phase: 'fetch', file: 'a', done: 4, total: 100 }]);
  cancel.abort();
  await expect(fetched).rejects.toThrow();
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  await expect(fetchSource(MNIST, source, () => undefined, cancel.signal)).rejects.toThrow();
  expect(asked, 'and begins none').toHaveLength(2);
});

test('a download that is too large ends by what the server says, or by what comes', async () => {
  const asked = serve();
  // MNIST has 70,000 images of 784 bytes, and 32 MiB are for the rest.
  const most = 70_000 * 784 + 32 * 2 ** 20;
  const fetched = fetchEach(MNIST, ['a', 'b'].map(address), () => undefined, new AbortController().signal);
  await settled();
  at(asked, 0).headers(most + 1);
  const body = at(asked, 1).headers(null);
  body.enqueue(new Uint8Array(most));
  body.enqueue(new Uint8Array(1));
  const { problems } = await fetched;
  const limit = ': a file of this kind has at most 84 MiB. Received: 85 MiB. Give the address of a data file.';
  expect(problems.map(({ message }) => message)).toEqual([address('a') + limit, address('b') + limit]);
});
