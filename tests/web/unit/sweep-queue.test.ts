/** The queue of a sweep: begun once, paused while its data loads, and ended with its lab. */
import { afterEach, expect, test, vi } from 'vitest';
import { SweepQueue } from '../../../www/src/search/queue';

const client = {
  boot: vi.fn(async () => undefined),
  synthetic: vi.fn(async () => undefined),
  sweepRun: vi.fn(() => new Promise<never>(() => undefined)),
  stop: vi.fn(async () => undefined),
};
const close = vi.fn();

vi.mock('../../../www/src/worker/client', () => ({
  callback: (act: unknown) => act,
  connect: () => ({ client, close }),
}));
const store = vi.hoisted(() => ({ sweep: null as unknown, forget: vi.fn(async () => undefined) }));
vi.mock('../../../www/src/search/store', () => ({
  loadSweep: async () => store.sweep,
  storeSweep: async () => undefined,
  forgetSweep: store.forget,
}));

afterEach(() => {
  store.sweep = null;
  vi.clearAllMocks();
});

const run = { run: 0, experiment: { dataset: { name: 'synthetic_digits' } } };

function queue() {
  const closing = new AbortController();
  const worker = { sweepPlan: vi.fn(async () => ({ runs: [run, run] })), sweepResults: async () => ({}) };
  const messages = { error: vi.fn(), failure: vi.fn(), notice: vi.fn() };
  const lab = { worker, messages, run: { active: false }, data: { site: { files: {} } }, closed: closing.signal };
  return {
    queue: new SweepQueue(lab as unknown as ConstructorParameters<typeof SweepQueue>[0]),
    worker,
    messages,
    closing,
  };
}

test('a double click begins one sweep', async () => {
  const { queue: sweep, worker } = queue();
  void sweep.begin('{}');
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
  await sweep.begin('{}');
  expect(worker.sweepPlan).toHaveBeenCalledTimes(1);
  expect(client.boot).toHaveBeenCalledTimes(1);
  expect(sweep.state).toBe('running');
});

test('a document that is refused leaves the next one free to begin', async () => {
  const { queue: sweep, worker } = queue();
  worker.sweepPlan.mockRejectedValueOnce(new Error('no'));
  await expect(sweep.begin('{')).rejects.toThrow('no');
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
});

test('a pause while the data loads holds before the training', async () => {
  const { queue: sweep } = queue();
  let loaded: () => void = () => undefined;
  client.synthetic.mockReturnValueOnce(new Promise<undefined>((resolve) => (loaded = () => resolve(undefined))));
  const begun = sweep.begin('{}');
  await vi.waitFor(() => expect(client.synthetic).toHaveBeenCalled());
  await sweep.pause();
  expect(sweep.state).toBe('pausing');
  loaded();
  await begun;
  expect(sweep.state).toBe('paused');
  expect(client.sweepRun).not.toHaveBeenCalled();
  void sweep.resume();
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
});

test('the training ends with the lab', async () => {
  const { queue: sweep, closing } = queue();
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalled());
  expect(close).not.toHaveBeenCalled();
  closing.abort();
  expect(close).toHaveBeenCalledTimes(1);
});

test('a stored sweep that cannot be read stays stored, and that is said', async () => {
  store.sweep = { id: '1', text: '{}', outcomes: [], running: false };
  const { queue: sweep, worker, messages } = queue();
  worker.sweepPlan.mockRejectedValueOnce(new Error('no network'));
  await sweep.open();
  expect(messages.error).toHaveBeenCalledWith(expect.stringContaining('cannot be read: no network. Reload the page'));
  expect(store.forget).not.toHaveBeenCalled();
  expect(sweep.state).toBe('none');
  await sweep.open();
  expect(sweep.plan).not.toBeNull();
});
