/**
 * Notices that a worker has ended, for which there is no event: the worker holds a lock for as long as it lives, and whoever watches it
 * waits for that lock.
 */

export const newLockName = (): string => `convlab worker ${Date.now()} ${Math.random()}`;

/** Holds a lock until this worker ends; resolves with false if there are no locks here: they need a secure context. */
export function holdLock(name: string): Promise<boolean> {
  return new Promise((held) => {
    const forever = () => {
      held(true);
      return new Promise<never>(() => undefined);
    };
    if (!navigator.locks) return held(false);
    navigator.locks.request(name, forever).catch(() => held(false));
  });
}

/** Calls `ended` once the worker that holds the lock has ended, unless `signal` is aborted before. */
export function watchLock(name: string, signal: AbortSignal, ended: () => void): void {
  navigator.locks.request(name, { signal }, ended).catch(() => undefined);
}
