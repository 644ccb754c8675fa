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
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error ?? request.error);
      });
    } finally {
      opened.close();
    }
  };
}

function open(database: string, name: string, keyPath: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(name, { keyPath });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
