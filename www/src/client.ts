/** The page's end of the worker: typed calls, each a promise. */
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
  return {
    client,
    close: () => {
      client[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}

export const callback = Comlink.proxy;
