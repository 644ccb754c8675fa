/**
 * Unfinished runs in IndexedDB, to be continued after a reload, a closed tab or a crash. A run's description and its checkpoint are one
 * record, so that a save is atomic: if it is interrupted, the previous record is still complete.
 */
import type { StepEvent } from '../base/engine';
import { objectStore, storeBlobs } from '../base/object-store';
import type { KeptRun } from './protocol';

const transact = objectStore('convlab-unfinished', 'runs', 'id');

/** The number of runs that are stored. The oldest are removed, because their checkpoints would fill the disk. */
const MAX_RUNS = 3;

/** WebKit's storage sometimes never answers. A run does not wait for it any longer than this. */
const MAX_SAVE_MS = 15_000;
/** The ids of a sweep's runs begin so; the sweep itself continues them. */
export const SWEEP_PREFIX = 'sweep ';

export const isKept = async (id: string): Promise<boolean> => (await stored()).some((run) => run.id === id);

/** The state from which a run is continued. */
export interface KeptCheckpoint {
  bytes: Uint8Array<ArrayBuffer>;
  /** The step curve, which is not part of the history. */
  steps: StepEvent[];
}

interface StoredRun extends KeptRun {
  /** A blob stays on disk until it is read, so listing the runs needs little memory. */
  checkpoint: Blob | ArrayBuffer;
  steps: StepEvent[];
}

export async function keepRun(run: KeptRun, { bytes, steps }: KeptCheckpoint): Promise<void> {
  await within(MAX_SAVE_MS, put(run, { bytes, steps }));
}

async function put(run: KeptRun, { bytes, steps }: KeptCheckpoint): Promise<void> {
  const others = latestFirst((await stored()).filter(({ id }) => id !== run.id));
  await storeBlobs([new Blob([bytes])], ([checkpoint]) =>
    transact('readwrite', (store) => {
      for (const { id } of others.slice(MAX_RUNS - 1)) store.delete(id);
      return store.put({ ...run, checkpoint: checkpoint as Blob, steps } satisfies StoredRun);
    }),
  );
}

export async function loadRun(id: string): Promise<KeptCheckpoint | null> {
  const found: StoredRun | undefined = await transact('readonly', (store) => store.get(id));
  return found ? { bytes: await bytesOf(found.checkpoint), steps: found.steps } : null;
}

/** Removes a stored run; returns what puts it back. */
export async function forgetRun(id: string): Promise<() => Promise<void>> {
  const found: StoredRun | undefined = await transact('readonly', (store) => store.get(id));
  await transact('readwrite', (store) => store.delete(id));
  return async () => {
    if (found) await transact('readwrite', (store) => store.put(found));
  };
}

/** The runs that no tab is training, the latest first. */
export async function listRuns(): Promise<KeptRun[]> {
  const [runs, busy] = await Promise.all([stored(), heldLocks()]);
  const free = runs.filter(({ id }) => !busy.has(lockName(id)) && !id.startsWith(SWEEP_PREFIX));
  return latestFirst(free.map(({ checkpoint: _, steps: __, ...run }) => run));
}

async function within(ms: number, act: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('this browser’s storage does not answer')), ms);
  });
  await Promise.race([act, late]).finally(() => clearTimeout(timer));
}

const bytesOf = async (stored: Blob | ArrayBuffer) => new Uint8Array(await new Blob([stored]).arrayBuffer());

const stored = (): Promise<StoredRun[]> => transact('readonly', (store) => store.getAll());

const latestFirst = <T extends KeptRun>(runs: T[]): T[] => runs.sort((a, b) => b.savedAt - a.savedAt);

const lockName = (id: string): string => `convlab run ${id}`;

/** Browsers have locks in secure contexts only. Without them, two tabs can continue the same run, and the last save remains. */
const locks = (): LockManager | undefined => navigator.locks;

/** The names of the locks that are held. */
async function heldLocks(): Promise<Set<string>> {
  const state = await locks()
    ?.query()
    .catch(() => null);
  return new Set(state?.held?.map(({ name }) => name ?? ''));
}

/** After a reload the browser may need some seconds to end the worker of the page before, which holds the lock until then. */
const MAX_CLAIM_MS = 10_000;

/**
 * Takes the lock on a run. It is held until the returned function is called or this worker ends in any way. Returns null if another tab
 * keeps it.
 */
export function claimRun(id: string): Promise<(() => void) | null> {
  const manager = locks();
  if (!manager) return Promise.resolve(() => undefined);
  const signal = AbortSignal.timeout(MAX_CLAIM_MS);
  return new Promise((claimed) => {
    manager
      .request(lockName(id), { signal }, () => new Promise<void>((release) => claimed(release)))
      // Locks are denied in some contexts, for example in a sandboxed frame. The run continues without one.
      .catch(() => claimed(signal.aborted ? null : () => undefined));
  });
}
