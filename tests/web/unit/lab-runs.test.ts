/** The runs to compare: what the student writes is kept with them and goes into their files. */
import { expect, test, vi } from 'vitest';
import type { SessionInfo } from '../../../www/src/base/engine';
import { LabRuns } from '../../../www/src/compare/lab-runs';
import { download } from '../../../www/src/lab/download';

vi.mock('../../../www/src/lab/download', () => ({ download: vi.fn() }));
const store = vi.hoisted(() => ({
  allRuns: async () => [],
  putRun: vi.fn(async () => undefined),
  deleteRun: async () => undefined,
}));
vi.mock('../../../www/src/compare/runs-store', () => store);

const history = {
  epochs: [{ epoch: 1, loss: 1, accuracy: 0.5, seconds: 1 }],
  learning_rates: [],
  engine: 'cpu',
  device: 'd',
  build: 'b',
  seed: 3,
};
const run = {
  id: 'x',
  state: 'paused',
  experiment: { name: 'net', dataset: { name: 'mnist' }, layers: [] },
  info: { classes: ['a'], train_samples: 5, validation_samples: 0, test_samples: 2 } as Partial<SessionInfo>,
  step: null,
  result: null,
  stoppedEarly: false,
  log: { epochs: [1] },
} as unknown as Parameters<LabRuns['keep']>[0];

type Parts = ConstructorParameters<typeof LabRuns>;

test('a run’s file has its name, its notes and its observations, also while it trains', async () => {
  const worker = { history: async () => history } as unknown as Parts[0];
  const runs = new LabRuns(worker, { notice: vi.fn(), failure: vi.fn() } as unknown as Parts[1]);
  await runs.keep(run);
  await runs.write('x', { label: 'Second try', notes: 'Falls faster.', observations: { curves: 'Steep.' } });
  await runs.saveNow(run);
  const [name, , text] = vi.mocked(download).mock.calls[0] ?? [];
  expect(name).toBe('Second-try-seed-3.run.json');
  expect(JSON.parse(String(text))).toMatchObject({
    id: 'x',
    label: 'Second try',
    notes: 'Falls faster.',
    observations: { curves: 'Steep.' },
  });
});

const finished = {
  ...run,
  id: 'y',
  state: 'done',
  result: { loss: 1, accuracy: 0.5, top_5_accuracy: 1, confusion: [] },
} as typeof run;

test('a run that has ended is kept as it ended, even if another one begins before the history is here', async () => {
  let answer: (value: unknown) => void = () => undefined;
  const asked = new Promise((resolve) => (answer = resolve));
  const reportInput = vi.fn(async () => ({}));
  const runs = new LabRuns(
    { history: () => asked, reportInput } as unknown as Parts[0],
    { notice: vi.fn(), failure: vi.fn() } as unknown as Parts[1],
  );
  const now = { ...finished };
  const kept = runs.keep(now);
  Object.assign(now, { id: 'z', state: 'preparing', result: null });
  answer(history);
  expect(await kept).toBe(true);
  expect(runs.list).toMatchObject([{ id: 'y', complete: true, test: { test_accuracy: 0.5 } }]);
});

test('a run that the browser does not store is shown, and is said not to be stored', async () => {
  const messages = { notice: vi.fn(), failure: vi.fn() };
  const worker = { history: async () => history, reportInput: async () => ({}) };
  const runs = new LabRuns(worker as unknown as Parts[0], messages as unknown as Parts[1]);
  store.putRun.mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  expect(await runs.keep({ ...run, id: 'w' } as typeof run)).toBe(false);
  expect(runs.list.map(({ id }) => id)).toEqual(['w']);
  expect(messages.notice).toHaveBeenCalledTimes(1);
  const broken = { history: () => Promise.reject(new Error('gone')) } as unknown as Parts[0];
  expect(await new LabRuns(broken, messages as unknown as Parts[1]).keep(run)).toBe(false);
  expect(messages.failure).toHaveBeenCalledTimes(1);
});
