/** Saved runs in IndexedDB, where they survive a reload. */

import { objectStore } from '../base/object-store';
import type { SavedRun } from '../lab/saved-run';

const transact = objectStore('convlab-runs', 'runs', 'id');

export const allRuns = (): Promise<SavedRun[]> => transact('readonly', (store) => store.getAll());

export async function putRun(run: SavedRun): Promise<void> {
  await transact('readwrite', (store) => store.put(run));
}

export async function deleteRun(id: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(id));
}
