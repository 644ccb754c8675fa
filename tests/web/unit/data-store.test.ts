/** The worker's data sets and the page's view of them: a decoder that fails is replaced; a download belongs to its set. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Engine, Experiment } from '../../../www/src/base/engine';
import { LabData } from '../../../www/src/data/lab-data';
import { DataStore } from '../../../www/src/worker/data';
import { type Downloaded, noFiles } from '../../../www/src/worker/protocol';

const made: { isClosed: boolean }[] = [];
let fails = false;

// The page's end of the worker needs a browser.
vi.mock('../../../www/src/worker/client', () => ({ callback: (act: unknown) => act }));
vi.mock('../../../www/src/lab/download', () => ({ download: () => undefined }));
vi.mock('../../../www/src/worker/assembly', () => ({
  Assembly: class {
    width = 1;
    blobs = new Map();
    isClosed = false;
    constructor(readonly set: unknown) {
      made.push(this);
    }
    async add() {
      if (fails) throw new Error('the reader stopped');
      return { as: 'training images' };
    }
    async leftOut() {
      if (fails) throw new Error('the reader stopped');
      return [];
    }
    async missing() {
      return ['test images'];
    }
    close() {
      this.isClosed = true;
    }
  },
}));

beforeEach(() => {
  made.length = 0;
  fails = false;
});

const MNIST = { name: 'mnist', coarse: false };
const file = (): [string, Blob][] => [['a.gz', new Blob(['a'])]];

test('after a decoder has failed, the next files get another one', async () => {
  const store = new DataStore({} as Engine, () => undefined);
  fails = true;
  await expect(store.addFiles(MNIST, file(), () => undefined, true)).rejects.toThrow('the reader stopped');
  expect(made).toMatchObject([{ isClosed: true }]);
  fails = false;
  const { recognised } = await store.addFiles(MNIST, file(), () => undefined, true);
  expect(recognised).toEqual([{ file: 'a.gz', as: 'training images' }]);
  expect(made).toMatchObject([{ isClosed: true }, { isClosed: false }]);
  await store.addFiles(MNIST, file(), () => undefined, true);
  expect(made, 'a set in several drops has one decoder').toHaveLength(2);
});

test('a download keeps the title of its set when the experiment changes', async () => {
  let answer: (result: Downloaded) => void = () => undefined;
  let save: (bytes: Uint8Array) => void = () => undefined;
  const bytes = new Promise<Uint8Array>((resolve) => (save = resolve));
  const sets: unknown[] = [];
  const worker = {
    fetchSources: (set: unknown) => {
      sets.push(set);
      return new Promise((resolve) => (answer = resolve));
    },
    fetchFiles: vi.fn(),
    cancelFetch: vi.fn(),
    npz: () => bytes,
    stored: async () => [],
  };
  const messages = { clearErrors: vi.fn(), notice: vi.fn(), error: vi.fn(), failure: vi.fn(), retract: vi.fn() };
  type Parts = ConstructorParameters<typeof LabData>;
  const data = new LabData(worker as unknown as Parts[0], messages as unknown as Parts[1]);
  const on = (name: string) =>
    data.want({ dataset: { name }, input_shape: [32, 32, 3] } as unknown as Experiment, 'official', null, null);
  await on('cifar10');
  const fetched = data.fetchSources([]);
  await on('svhn');
  await vi.waitFor(() => expect(sets).toEqual([{ name: 'cifar10', coarse: false }]));
  expect(data.fetching).toBe('CIFAR-10');
  expect(data.title).toBe('SVHN');
  answer({ ...noFiles(), cancelled: true });
  await fetched;
  expect(messages.notice).toHaveBeenCalledWith('The download of CIFAR-10 was cancelled.');
  expect(data.fetching).toBeNull();

  // Files from an address are a download, too, and one that still waits for other work never begins.
  const stored = data.saveNpz();
  const waiting = data.fetchUrls(['https://example.org/train.gz']);
  expect(data.fetching).toBe('SVHN');
  data.cancelFetch();
  save(new Uint8Array());
  await Promise.all([stored, waiting]);
  expect(messages.notice).toHaveBeenLastCalledWith('The download of SVHN was cancelled.');
  expect(worker.fetchFiles).not.toHaveBeenCalled();
});

test('a download from addresses that is cancelled says so, and is no failure of its files', async () => {
  const aborted = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  vi.stubGlobal('fetch', vi.fn(aborted));
  const store = new DataStore({} as Engine, () => undefined);
  const fetched = store.fetchFiles(MNIST, ['https://example.org/a.gz'], () => undefined);
  store.cancelFetch();
  expect(await fetched).toEqual({ ...noFiles(), cancelled: true });
  vi.unstubAllGlobals();
});

test('a connection that breaks off is told with the address', async () => {
  const body = new ReadableStream({
    pull(controller) {
      controller.error(new TypeError('network error'));
    },
  });
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(body)),
  );
  const store = new DataStore({} as Engine, () => undefined);
  const { failures } = await store.fetchSources(
    MNIST,
    [{ files: [{ url: 'https://example.org/a.gz' }] }],
    () => undefined,
  );
  expect(failures?.[0]).toMatch(/^https:\/\/example\.org\/a\.gz ended after 0 bytes/);
  vi.unstubAllGlobals();
});
