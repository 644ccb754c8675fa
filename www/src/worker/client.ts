/** Connects the page to the worker: typed calls, each of which returns a promise. */
import * as Comlink from 'comlink';
import type { LabWorker } from './lab-worker';
import { newLockName, watchLock } from './lock';
import { spawn } from './spawn';

export type LabClient = Comlink.Remote<LabWorker>;

export interface Connection {
  client: LabClient;
  close(): void;
}

/** What a call is answered with after the connection has been closed. */
type AfterClose = () => Promise<never>;

/** The elements that would wait for an answer are gone, too, so there is none, as for a call that was under way. */
const noAnswer: AfterClose = () => new Promise<never>(() => undefined);

export function connect(onCrash: (message: string) => void, afterClose: AfterClose = noAnswer): Connection {
  const worker = spawn(() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'convlab' }));
  worker.addEventListener('error', (event) => onCrash(event.message ?? ''));
  const client = Comlink.wrap<LabWorker>(worker);
  const closing = new AbortController();
  noticeEnd(client, closing.signal, () => onCrash('')).catch(() => undefined);
  return {
    client: untilClosed(client, closing.signal, afterClose),
    close: () => {
      closing.abort();
      client[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}

/** Calls `ended` when the worker has ended by itself; without locks (they need a secure context) it is never called. */
async function noticeEnd(client: LabClient, signal: AbortSignal, ended: () => void): Promise<void> {
  const name = newLockName();
  if (await client.holdLock(name)) watchLock(name, signal, ended);
}

/** The client, which Comlink lets nobody call after it is released: it would throw an error at an element that asks a last question. */
function untilClosed(client: LabClient, signal: AbortSignal, afterClose: AfterClose): LabClient {
  return new Proxy(client, {
    get(target, name, receiver) {
      // A promise that resolves with the client must not take it for another promise.
      if (!signal.aborted || typeof name === 'symbol' || name === 'then') return Reflect.get(target, name, receiver);
      return afterClose;
    },
  });
}

export const callback = Comlink.proxy;
