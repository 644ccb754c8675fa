/** Runs kept in the browser, in IndexedDB: a reload finds them again. */
import type { SavedRun } from './saved-run';

const DATABASE = 'convlab-runs';
const STORE = 'runs';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

export const allRuns = (): Promise<SavedRun[]> => transact('readonly', (store) => store.getAll());

export async function putRun(run: SavedRun): Promise<void> {
  await transact('readwrite', (store) => store.put(run));
}

export async function deleteRun(id: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(id));
}
