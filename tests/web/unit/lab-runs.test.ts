/** The runs to compare: what the student writes is kept with them and goes into their files. */
import { expect, test, vi } from 'vitest';
import type { SessionInfo } from '../../../www/src/base/engine';
import { LabRuns } from '../../../www/src/compare/lab-runs';
import { download } from '../../../www/src/lab/download';

vi.mock('../../../www/src/lab/download', () => ({ download: vi.fn() }));
vi.mock('../../../www/src/compare/runs-store', () => ({
  allRuns: async () => [],
  putRun: async () => undefined,
  deleteRun: async () => undefined,
}));

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
