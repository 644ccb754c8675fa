/** The check of a class: files that come while it is paused, and an engine that ends while it loads. */
import { beforeEach, expect, test, vi } from 'vitest';
import { Replayer } from '../../../www/src/class/replayer';
import { ClassRoom } from '../../../www/src/class/room';
import type { Messages } from '../../../www/src/lab/messages';

/** The workers that were connected, in their order. */
const workers: { end: (why: string) => void; trained: ((message: unknown) => void)[] }[] = [];
/** What the run's worker was asked for, in its order, and when it has started a run. */
const asked: string[] = [];
let started: Promise<void> = Promise.resolve();
const homework = {
  files: [] as string[],
  assigned: async () => ({ title: 'Week 3' }),
  add: async (files: { path: string }[]) => void homework.files.push(...files.map(({ path }) => path)),
  lines: async () => homework.files.map((file) => ({ file })),
  plan: async () =>
    homework.files.map(() => ({ experiment: { dataset: { name: 'synthetic_digits' } }, portable: [true] })),
  fromEarlier: async () => 0,
  settle: vi.fn(async () => undefined),
  replay: async () => ({}),
};
const boot = vi.fn(async () => undefined);

vi.mock('../../../www/src/worker/client', () => ({
  callback: (act: unknown) => act,
  connect: (end: (why: string) => void) => {
    const worker = { end, trained: [] as ((message: unknown) => void)[] };
    workers.push(worker);
    const client = {
      boot,
      homework: async () => {
        // A new check of the worker that has the files has none.
        if (worker === workers[0]) homework.files = [];
        return homework;
      },
      stored: async () => [],
      siteData: async () => ({ files: {}, sources: {} }),
      synthetic: async () => ({}),
      start: async (_experiment: unknown, _engine: unknown, hear: (message: unknown) => void) => {
        worker.trained.push(hear);
        await started;
      },
      train: async (isPaused: boolean) => void asked.push(isPaused ? 'train, paused' : 'train'),
      pause: async () => void asked.push('pause'),
      resume: async () => void asked.push('resume'),
    };
    return { client, close: () => undefined };
  },
}));

beforeEach(() => {
  workers.length = 0;
  homework.files = [];
  asked.length = 0;
  started = Promise.resolve();
  vi.clearAllMocks();
});

const submission = (name: string) => new File(['{"format": 1}'], name);
const assignment = new File(['{"assignment": "Week 3"}'], 'week.json');

/** Ends the n-th training of the worker that replays. */
async function finish(n: number): Promise<void> {
  await vi.waitFor(() => expect(workers[1]?.trained.length).toBeGreaterThan(n));
  workers[1]?.trained[n]?.({ type: 'state', state: 'done' });
}

test('files that come while a check is paused are checked once it goes on', async () => {
  const room = new ClassRoom('');
  await room.take([assignment, submission('a.json')]);
  await vi.waitFor(() => expect(workers[1]?.trained).toHaveLength(1));
  room.pause();
  await room.take([submission('b.json')]);
  expect(room.jobs).toHaveLength(2);
  expect(room.state).toBe('paused');
  room.resume();
  for (const n of [0, 1, 2]) await finish(n);
  await vi.waitFor(() => expect(room.state).toBe('done'));
  expect(homework.settle.mock.calls.map(([index]: unknown[]) => index)).toEqual([0, 1]);
});

test('a check that is paused and goes on twice ends once', async () => {
  const room = new ClassRoom('');
  await room.take([assignment, submission('a.json')]);
  room.pause();
  room.resume();
  room.pause();
  room.resume();
  await finish(0);
  await vi.waitFor(() => expect(room.state).toBe('done'));
  expect(homework.settle).toHaveBeenCalledTimes(1);
  expect(room.messages.list).toEqual([]);
});

test('an engine that ends while it loads fails the replay, and the check goes on', async () => {
  boot.mockReturnValueOnce(new Promise(() => undefined));
  const room = new ClassRoom('');
  await room.take([assignment, submission('a.json')]);
  await vi.waitFor(() => expect(boot).toHaveBeenCalled());
  workers[1]?.end('out of memory');
  await vi.waitFor(() => expect(room.state).toBe('done'));
  expect(homework.settle).toHaveBeenCalledWith(0, [{ diverged: false, message: 'out of memory' }]);
});

test('an engine that has ended gives a replay no hope either', async () => {
  const replayer = new Replayer(true, { clearErrors: () => undefined } as unknown as Messages, '');
  const replayed = replayer.replay({} as never, () => undefined);
  workers[0]?.end('gone');
  expect(await replayed).toEqual({ diverged: false, message: 'gone' });
  expect(replayer.isBroken).toBe(true);
});

test('a pause while the run of a replay is being started pauses it', async () => {
  let start: () => void = () => undefined;
  started = new Promise((resolve) => (start = resolve));
  const room = new ClassRoom('');
  await room.take([assignment, submission('a.json')]);
  await vi.waitFor(() => expect(workers[1]?.trained).toHaveLength(1));
  room.pause();
  start();
  await vi.waitFor(() => expect(asked).toEqual(['pause', 'train, paused']));
  room.resume();
  expect(asked.at(-1)).toBe('resume');
  await finish(0);
  await vi.waitFor(() => expect(room.state).toBe('done'));
});

test('a file that comes again is one file; another one of the same name waits for the choice', async () => {
  const room = new ClassRoom('');
  await room.take([submission('a.json'), submission('b.json')]);
  await room.take([submission('a.json')]);
  expect(homework.files).toEqual(['a.json', 'b.json']);
  expect(room.newer).toEqual([]);
  const newer = new File(['{"format": 2}'], 'a.json');
  await room.take([newer]);
  expect(homework.files).toEqual(['a.json', 'b.json']);
  expect(room.newer).toEqual([newer]);
  await room.decide(false);
  expect(room.newer).toEqual([]);
  await room.take([newer]);
  await room.decide(true);
  expect(homework.files).toEqual(['a.json', 'b.json']);
  expect(room.newer).toEqual([]);
  // Now it is the first one that is the other.
  await room.take([newer]);
  expect(room.newer).toEqual([]);
});

test('an engine that traps while it reads the data is told', () => {
  const room = new ClassRoom('');
  room.messages.failure({ name: 'RuntimeError', message: 'unreachable' });
  expect(room.messages.list.map(({ text }) => text)).toEqual([
    expect.stringContaining('The engine has stopped: unreachable.'),
  ]);
});

test('an assignment may be in UTF-16, or have a byte-order mark', async () => {
  const text = '{"assignment": "Übung 3"}';
  const encodings = [`\ufeff${text}`, Buffer.from(text, 'utf16le'), Buffer.from(`\ufeff${text}`, 'utf16le').swap16()];
  for (const encoded of encodings) {
    const room = new ClassRoom('');
    await room.take([new File([new Blob([encoded as BlobPart])], 'week.json')]);
    expect(room.text).toBe(text);
    expect(homework.files).toEqual([]);
  }
});

test('large files of one name are compared in pieces', async () => {
  const bytes = new Uint8Array(3_000_000);
  const other = bytes.slice();
  other[2_999_999] = 1;
  const zip = (content: Uint8Array<ArrayBuffer>) => new File([content], 'class.zip');
  const room = new ClassRoom('');
  await room.take([zip(bytes)]);
  await room.take([zip(bytes.slice())]);
  expect(room.newer).toEqual([]);
  await room.take([zip(other)]);
  expect(room.newer).toHaveLength(1);
});
