/** Connects the page to the worker: typed calls, each of which returns a promise. */
import * as Comlink from 'comlink';
import { spawn } from './spawn';
import type { LabWorker } from './worker';

export type LabClient = Comlink.Remote<LabWorker>;

export interface Connection {
  client: LabClient;
  close(): void;
}

export function connect(onCrash: (message: string) => void): Connection {
  const worker = spawn(() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'convlab' }));
  worker.addEventListener('error', (event) => onCrash(event.message ?? ''));
  const client = Comlink.wrap<LabWorker>(worker);
  const closing = new AbortController();
  void noticeEnd(client, closing.signal).then(() => onCrash(''));
  return {
    client,
    close: () => {
      closing.abort();
      client[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}

/**
 * Resolves when the worker has ended by itself. No event reports that, so the worker holds a lock for as long as it lives.
 * Without locks (they need a secure context) the promise never resolves.
 */
function noticeEnd(client: LabClient, signal: AbortSignal): Promise<void> {
  const name = `convlab worker ${Date.now()} ${Math.random()}`;
  return new Promise((ended) => {
    if (!navigator.locks) return;
    const waitForLock = async () => {
      if (!(await client.holdLock(name))) return;
      await navigator.locks.request(name, { signal }, () => ended());
    };
    // The request is aborted when the page closes the worker.
    waitForLock().catch(() => undefined);
  });
}

export const callback = Comlink.proxy;
