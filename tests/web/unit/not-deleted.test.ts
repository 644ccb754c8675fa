/** What the browser's storage does not delete is told, because it is here again in the next visit. */
import { expect, test, vi } from 'vitest';
import { LabRuns } from '../../../www/src/compare/lab-runs';
import { LabExperiments } from '../../../www/src/lab/lab-experiments';
import { SweepQueue } from '../../../www/src/search/queue';

const refused = vi.hoisted(() => async () => {
  throw new DOMException('no', 'UnknownError');
});

vi.mock('../../../www/src/lab/download', () => ({ download: vi.fn() }));
vi.mock('../../../www/src/worker/client', () => ({ callback: (act: unknown) => act, connect: vi.fn() }));
vi.mock('../../../www/src/lab/experiments-store', () => ({
  allExperiments: async () => [],
  putExperiment: async () => undefined,
  deleteExperiment: refused,
}));
vi.mock('../../../www/src/compare/runs-store', () => ({
  allRuns: async () => [{ id: 'x', label: 'Second try', saved_at: '', experiment: { name: 'net' } }],
  putRun: async () => undefined,
  deleteRun: refused,
}));
vi.mock('../../../www/src/search/store', () => ({
  loadSweep: async () => null,
  storeSweep: async () => undefined,
  forgetSweep: refused,
}));

const messages = () => ({ notice: vi.fn(), error: vi.fn(), failure: vi.fn() });
const told = (name: string) => expect.stringContaining(`could not delete “${name}” from its storage`);

test('an own experiment', async () => {
  const lab = { messages: messages() };
  const own = new LabExperiments(lab as unknown as ConstructorParameters<typeof LabExperiments>[0]);
  await own.remove({ id: 'a', name: 'Mine' } as Parameters<LabExperiments['remove']>[0]);
  expect(lab.messages.error.mock.calls).toEqual([[told('Mine')]]);
});

test('a saved run', async () => {
  type Parts = ConstructorParameters<typeof LabRuns>;
  const shown = messages();
  const runs = new LabRuns({} as Parts[0], shown as unknown as Parts[1]);
  await runs.init();
  await runs.remove('x');
  expect(shown.error.mock.calls).toEqual([[told('Second try')]]);
  expect(runs.list).toEqual([]);
});

test('a sweep', async () => {
  const lab = { messages: messages(), data: { site: { files: {} } }, closed: new AbortController().signal };
  const queue = new SweepQueue(lab as unknown as ConstructorParameters<typeof SweepQueue>[0]);
  await queue.discard();
  expect(lab.messages.error.mock.calls).toEqual([[told('Sweep')]]);
});
