/** The check of a class: files that come while it is paused, and an engine that ends while it loads. */
import { beforeEach, expect, test, vi } from 'vitest';
import { Replayer } from '../../../www/src/class/replayer';
import { ClassRoom } from '../../../www/src/class/room';
import type { Messages } from '../../../www/src/lab/messages';

/** The workers that were connected, in their order. */
const workers: { end: (why: string) => void; trained: ((message: unknown) => void)[] }[] = [];
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
      homework: async () => homework,
      stored: async () => [],
      siteData: async () => ({ files: {}, sources: {} }),
      synthetic: async () => ({}),
      start: async (_experiment: unknown, _engine: unknown, hear: (message: unknown) => void) => {
        worker.trained.push(hear);
      },
      train: async () => undefined,
      pause: async () => undefined,
      resume: async () => undefined,
    };
    return { client, close: () => undefined };
  },
}));

beforeEach(() => {
  workers.length = 0;
  homework.files = [];
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
