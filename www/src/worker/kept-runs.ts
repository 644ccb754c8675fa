/**
 * Runs to go on with after a reload, a closed tab or a crash. What a run is and its checkpoint are one record, so that a kept run is
 * whole or still the one before, whatever happens meanwhile.
 */
import type { StepEvent } from '../base/engine';
import { objectStore } from '../base/object-store';
import type { KeptRun } from './protocol';

const transact = objectStore('convlab-unfinished', 'runs', 'id');

/** More would fill the disk with runs that nobody goes on with. */
const MOST = 3;

/** What a run goes on from. */
export interface KeptCheckpoint {
  bytes: Uint8Array<ArrayBuffer>;
  /** The curve within the epochs, which the history does not have. */
  steps: StepEvent[];
}

interface StoredRun extends KeptRun {
  /** On disk until it is read: the list of runs costs no memory. */
  checkpoint: Blob;
  steps: StepEvent[];
}

export async function keepRun(run: KeptRun, { bytes, steps }: KeptCheckpoint): Promise<void> {
  const others = latestFirst((await stored()).filter(({ id }) => id !== run.id));
  await transact('readwrite', (store) => {
    for (const { id } of others.slice(MOST - 1)) store.delete(id);
    return store.put({ ...run, checkpoint: new Blob([bytes]), steps } satisfies StoredRun);
  });
}

export async function loadRun(id: string): Promise<KeptCheckpoint | null> {
  const found: StoredRun | undefined = await transact('readonly', (store) => store.get(id));
  return found ? { bytes: new Uint8Array(await found.checkpoint.arrayBuffer()), steps: found.steps } : null;
}

export async function forgetRun(id: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(id));
}

/** The runs that nobody is at work on, the latest first. */
export async function listRuns(): Promise<KeptRun[]> {
  const [runs, busy] = await Promise.all([stored(), runsAtWork()]);
  const free = runs.filter(({ id }) => !busy.has(lockName(id)));
  return latestFirst(free.map(({ checkpoint: _, steps: __, ...run }) => run));
}

const stored = (): Promise<StoredRun[]> => transact('readonly', (store) => store.getAll());

const latestFirst = <T extends KeptRun>(runs: T[]): T[] => runs.sort((a, b) => b.savedAt - a.savedAt);

const lockName = (id: string): string => `convlab run ${id}`;

/** Browsers have locks in secure contexts only; elsewhere two tabs could go on with one run, and the last to save wins. */
const locks = (): LockManager | undefined => navigator.locks;

async function runsAtWork(): Promise<Set<string>> {
  const state = await locks()
    ?.query()
    .catch(() => null);
  return new Set(state?.held?.map(({ name }) => name ?? ''));
}

/**
 * Marks a run as at work until the function returned is called, or this worker ends, however it ends. Null where another tab is
 * at work on it.
 */
export function claimRun(id: string): Promise<(() => void) | null> {
  const manager = locks();
  if (!manager) return Promise.resolve(() => undefined);
  return new Promise((claimed) => {
    manager
      .request(lockName(id), { ifAvailable: true }, (lock) => {
        if (!lock) return claimed(null);
        return new Promise<void>((release) => claimed(release));
      })
      // A page that may not have locks (in a sandbox, say) does without.
      .catch(() => claimed(() => undefined));
  });
}
