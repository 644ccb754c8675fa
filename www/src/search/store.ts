/** The sweep of this browser in IndexedDB, from which it goes on after a reload. */
import type { SweepOutcome } from '../base/engine';
import { objectStore } from '../base/object-store';

export interface StoredSweep {
  /** There is one sweep. */
  key: 'sweep';
  /** Names the checkpoints of its runs. */
  id: string;
  /** The document. */
  text: string;
  outcomes: SweepOutcome[];
  /** Whether it was running when it was stored; it then goes on by itself. */
  running: boolean;
}

const transact = objectStore('convlab-sweep', 'sweeps', 'key');

export const loadSweep = async (): Promise<StoredSweep | null> =>
  (await transact<StoredSweep | undefined>('readonly', (store) => store.get('sweep'))) ?? null;

export async function storeSweep(sweep: StoredSweep): Promise<void> {
  await transact('readwrite', (store) => store.put(sweep));
}

export async function forgetSweep(): Promise<void> {
  await transact('readwrite', (store) => store.delete('sweep'));
}
