/**
 * One store in an IndexedDB database of its own. IndexedDB works without a secure context and stores blobs on disk, and a
 * transaction that fails (for example because the disk is full) writes nothing.
 */

type Act<T> = (store: IDBObjectStore) => IDBRequest<T>;
export type Transact = <T>(mode: IDBTransactionMode, act: Act<T>) => Promise<T>;

/** Runs one transaction to its end and returns the value of the request that the callback makes. */
export function objectStore(database: string, name: string, keyPath: string): Transact {
  return async <T>(mode: IDBTransactionMode, act: Act<T>): Promise<T> => {
    const opened = await open(database, name, keyPath);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = opened.transaction(name, mode);
        let request: IDBRequest<T>;
        try {
          request = act(transaction.objectStore(name));
        } catch (error) {
          transaction.abort();
          throw error;
        }
        transaction.oncomplete = () => resolve(request.result);
        // While a request's error is handled, the transaction has none yet.
        transaction.onerror = transaction.onabort = () => reject(request.error ?? transaction.error);
      });
    } finally {
      opened.close();
    }
  };
}

/** Whether this browser stores blobs. Safari's private windows refuse them. */
let storesBlobs = true;

/** Writes blobs, or their bytes where blobs cannot be stored. Bytes are read back with `new Blob([stored])`, like blobs. */
export async function storeBlobs<T>(blobs: Blob[], write: (stored: (Blob | ArrayBuffer)[]) => Promise<T>): Promise<T> {
  const bytes = async () => write(await Promise.all(blobs.map((blob) => blob.arrayBuffer())));
  if (!storesBlobs) return bytes();
  try {
    return await write(blobs);
  } catch (error) {
    // Chromium reports a full disk by the same error. Then the second attempt fails, too.
    if (!(error instanceof DOMException && error.name === 'UnknownError')) throw error;
    const written = await bytes().catch(() => Promise.reject(error));
    storesBlobs = false;
    return written;
  }
}

function open(database: string, name: string, keyPath: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name, { keyPath });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
