/** The queue of a sweep: begun once, paused while its data loads, discarded and restored, its time left, and ended with its lab. */
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
const store = vi.hoisted(() => ({
  sweep: null as unknown,
  put: vi.fn(async (_sweep: unknown) => undefined),
  forget: vi.fn(async () => undefined),
}));
vi.mock('../../../www/src/search/store', () => ({
  loadSweep: async () => store.sweep,
  storeSweep: store.put,
  forgetSweep: store.forget,
}));

afterEach(() => {
  store.sweep = null;
  vi.clearAllMocks();
  client.sweepRun.mockImplementation(() => new Promise<never>(() => undefined));
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

const outcome = (n: number) => ({ run: n, values: {}, status: 'finished', seconds: 1 });

test('a sweep that was discarded comes back with its results, and goes on if it was running', async () => {
  const { queue: sweep } = queue();
  client.sweepRun.mockResolvedValueOnce(outcome(0) as never);
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(2));
  await sweep.discard();
  expect([sweep.state, sweep.plan, sweep.outcomes]).toEqual(['none', null, []]);
  expect(store.forget).toHaveBeenCalledTimes(1);
  expect(sweep.removed?.outcomes).toEqual([outcome(0)]);
  await sweep.restore();
  expect(sweep.outcomes).toEqual([outcome(0)]);
  expect([sweep.state, sweep.removed]).toEqual(['running', null]);
  expect(store.put).toHaveBeenLastCalledWith(expect.objectContaining({ outcomes: [outcome(0)], running: true }));
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(3));
});

test('a finished sweep comes back finished; after a new one has begun there is nothing to take back', async () => {
  const { queue: sweep, worker } = queue();
  store.sweep = { key: 'sweep', id: '1', text: '{}', outcomes: [outcome(0), outcome(1)], running: false };
  await sweep.open();
  await sweep.discard();
  // A plan that cannot be read now can be tried again.
  worker.sweepPlan.mockRejectedValueOnce(new Error('no network'));
  await sweep.restore();
  expect(sweep.removed).not.toBeNull();
  await Promise.all([sweep.restore(), sweep.restore()]);
  expect([sweep.state, sweep.outcomes.length]).toEqual(['done', 2]);
  expect(client.sweepRun).not.toHaveBeenCalled();
  await sweep.discard();
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
  expect(sweep.removed).toBeNull();
  await sweep.restore();
  expect(sweep.outcomes).toEqual([]);
});

test('a sweep that is discarded while its data loads does not train', async () => {
  const { queue: sweep } = queue();
  let loaded: () => void = () => undefined;
  client.synthetic.mockReturnValueOnce(new Promise<undefined>((resolve) => (loaded = () => resolve(undefined))));
  const begun = sweep.begin('{}');
  await vi.waitFor(() => expect(client.synthetic).toHaveBeenCalled());
  await sweep.discard();
  await sweep.restore();
  loaded();
  await begun;
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
  expect(sweep.state).toBe('running');
});

test('the time left follows from the runs of this visit and the share of the current one', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const { queue: sweep, worker } = queue();
  worker.sweepPlan.mockResolvedValue({ runs: [run, run, run, run] });
  let hear: (message: unknown) => void = () => undefined;
  let end: (outcome: unknown) => void = () => undefined;
  client.sweepRun.mockImplementation(((_sweep: unknown, _run: unknown, on: typeof hear) => {
    hear = on;
    return new Promise((resolve) => (end = resolve));
  }) as never);
  const step = (number: number) =>
    hear({ type: 'events', events: [{ event: 'step', step: number, total_steps: 100 }] });
  expect(sweep.secondsLeft).toBeNull();
  void sweep.begin('{}');
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(1));
  // Too little is done to tell.
  clock.mockReturnValue(2000);
  step(10);
  expect(sweep.secondsLeft).toBeNull();
  // Half a run in 5 s: 3.5 runs are left.
  clock.mockReturnValue(6000);
  step(50);
  expect(sweep.secondsLeft).toBeCloseTo(35);
  // Nine tenths of a run in 9 s: three are left.
  clock.mockReturnValue(11_000);
  end(outcome(0));
  await vi.waitFor(() => expect(client.sweepRun).toHaveBeenCalledTimes(2));
  expect(sweep.secondsLeft).toBeCloseTo(30);
  // The half of a run that was trained before a pause, in whatever time, does not count.
  clock.mockReturnValue(20_000);
  step(50);
  expect(sweep.secondsLeft).toBeCloseTo(25);
  clock.mockReturnValue(25_000);
  step(75);
  expect(sweep.secondsLeft).toBeCloseTo((2.25 * (9 + 5)) / (0.9 + 0.25));
  await sweep.pause();
  expect(sweep.secondsLeft).toBeNull();
  clock.mockRestore();
});
