/** Data files in IndexedDB, stored for the next visit. */
import { objectStore, storeBlobs } from '../base/object-store';
import type { StoredSet } from './protocol';

const transact = objectStore('convlab', 'datasets', 'name');

interface StoredRecord extends StoredSet {
  blobs: (Blob | ArrayBuffer)[];
}

export async function saveFiles(name: string, files: Map<string, Blob>): Promise<StoredSet> {
  const blobs = [...files.values()];
  const set: StoredSet = {
    name,
    files: [...files.keys()],
    bytes: blobs.reduce((sum, blob) => sum + blob.size, 0),
    savedAt: Date.now(),
  };
  await storeBlobs(blobs, (stored) =>
    transact('readwrite', (store) => store.put({ ...set, blobs: stored } satisfies StoredRecord)),
  );
  return set;
}

export async function loadFiles(name: string): Promise<Map<string, Blob> | null> {
  const record: StoredRecord | undefined = await transact('readonly', (store) => store.get(name));
  if (!record) return null;
  return new Map(record.files.map((file, i) => [file, new Blob([record.blobs[i] as Blob])]));
}

export async function listStored(): Promise<StoredSet[]> {
  const records: StoredRecord[] = await transact('readonly', (store) => store.getAll());
  return records.map(({ name, files, bytes, savedAt }) => ({ name, files, bytes, savedAt }));
}

export async function forget(name: string): Promise<void> {
  await transact('readwrite', (store) => store.delete(name));
}

/** Explains a failed write in one sentence. */
export function storageProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') return 'this browser’s storage is full';
  // Chromium reports a full disk by these errors.
  if (['UnknownError', 'DataError', 'AbortError'].includes(name))
    return 'this browser cannot write to its storage, so the disk may be full';
  return error instanceof Error && error.message ? error.message : 'the browser refused to store it';
}
