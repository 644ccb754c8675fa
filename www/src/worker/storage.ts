/**
 * Data files kept in the browser for the next visit, in IndexedDB: it exists without a secure context, holds blobs on disk, and a
 * transaction that fails (a full disk, say) leaves nothing half-written.
 */
import type { StoredSet } from './protocol';

const DATABASE = 'convlab';
const STORE = 'datasets';

interface StoredRecord extends StoredSet {
  blobs: Blob[];
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'name' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs one transaction to its end; the value is that of the request the callback returns. */
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

export async function saveFiles(name: string, files: Map<string, Blob>): Promise<StoredSet> {
  const blobs = [...files.values()];
  const set: StoredSet = {
    name,
    files: [...files.keys()],
    bytes: blobs.reduce((sum, blob) => sum + blob.size, 0),
    savedAt: Date.now(),
  };
  await transact('readwrite', (store) => store.put({ ...set, blobs } satisfies StoredRecord));
  return set;
}

export async function loadFiles(name: string): Promise<Map<string, Blob> | null> {
  const record: StoredRecord | undefined = await transact('readonly', (store) => store.get(name));
  if (!record) return null;
  return new Map(record.files.map((file, i) => [file, record.blobs[i] as Blob]));
}

export async function listStored(): Promise<StoredSet[]> {
  const records: StoredRecord[] = await transact('readonly', (store) => store.getAll());
  return records.map(({ name, files, bytes, savedAt }) => ({ name, files, bytes, savedAt }));
}

export async function forget(name: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(name));
}

/** One sentence for a failed write. */
export function storageProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') return 'this browser has no room left for it';
  return error instanceof Error && error.message ? error.message : 'the browser refused to store it';
}
