/** What is stored of an unfinished run, as the page then offers it. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { EngineSession, Experiment, StepEvent } from '../../../www/src/base/engine';
import { Keeper } from '../../../www/src/worker/keeper';
import type { KeptCheckpoint } from '../../../www/src/worker/kept-runs';
import type { KeptRun } from '../../../www/src/worker/protocol';

const stored: KeptRun[] = [];
let before: KeptCheckpoint | null = null;

vi.mock('../../../www/src/worker/kept-runs', () => ({
  claimRun: async () => () => undefined,
  loadRun: async () => before,
  keepRun: async (run: KeptRun) => void stored.push(run),
}));

beforeEach(() => {
  stored.length = 0;
  before = null;
});

/** 9.9 epochs of 49 steps: 485.1 steps, rounded up. */
const experiment = { name: 'a', epochs: 9.9 } as unknown as Experiment;
const as = { id: 'a', title: 'A', experiment, engine: 'cpu', setup: null } as const;
const session = (steps: number) =>
  ({
    checkpoint: async () => new Uint8Array(),
    history: () => ({ epochs: [], learning_rates: new Array<number>(steps).fill(0.1) }),
    info: () => ({ epochs: 10, steps_per_epoch: 49 }),
  }) as unknown as EngineSession;
const step = (n: number) => ({ event: 'step', step: n, total_steps: 486 }) as StepEvent & { event: 'step' };

test('a run of a fraction of epochs is offered with the steps that it has', async () => {
  const keeper = await Keeper.claim(as, false);
  await keeper.save(session(0));
  keeper.record([step(1), step(40)]);
  await keeper.save(session(40));
  expect(stored.map((run) => [run.step, run.totalSteps])).toEqual([
    [0, 486],
    [40, 486],
  ]);
});

test('so is one that goes on from its checkpoint, also after its steps since then are lost', async () => {
  before = { bytes: new Uint8Array(), steps: [step(40)] };
  const keeper = await Keeper.claim({ ...as, experiment: { name: 'a' } as unknown as Experiment }, true);
  keeper.stepsUpTo(0);
  await keeper.save(session(0));
  expect(stored.map((run) => run.totalSteps)).toEqual([486]);
});
