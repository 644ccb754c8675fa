/**
 * The pool of workers that compute shares of the CPU engine's batches. Messages carry the data, so neither shared memory nor the
 * headers that it needs are required. The workers start with the first run and are reused by the following ones.
 */

import type { Experiment, LanePool, LanePort } from '../base/engine';
import type { LaneAnswer, LaneMessage } from './lane';
import { FAST_LANE, PORTABLE_LANE } from './lane-name';
import { spawn } from './spawn';

class Lane {
  readonly #worker: Worker;
  readonly #waiting: { resolve: (value: Uint8Array | null) => void; reject: (reason: Error) => void }[] = [];

  constructor(portable: boolean) {
    const name = portable ? PORTABLE_LANE : FAST_LANE;
    this.#worker = spawn(() => new Worker(new URL('./lane.ts', import.meta.url), { type: 'module', name }));
    this.#worker.onmessage = ({ data }: MessageEvent<LaneAnswer>) => {
      const first = this.#waiting.shift();
      if ('error' in data) first?.reject(new Error(data.error));
      else first?.resolve(data.value);
    };
    this.#worker.onerror = (event) => {
      for (const one of this.#waiting.splice(0)) one.reject(new Error(event.message || 'the worker stopped'));
    };
  }

  /** Sends a message and resolves with its answer. Answers arrive in the order of the messages. */
  request(message: LaneMessage): Promise<Uint8Array | null> {
    const answer = new Promise<Uint8Array | null>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#worker.postMessage(message, message.type === 'run' ? [message.request.buffer] : []);
    return answer;
  }
}

export class Lanes implements LanePool {
  readonly #idle: Lane[] = [];

  constructor(
    readonly lanes: number,
    private portable: boolean,
  ) {}

  async spawn(experiment: Experiment, index: number, lanes: number, batch: number): Promise<LanePort> {
    const lane = this.#idle.pop() ?? new Lane(this.portable);
    await lane.request({ type: 'start', args: [experiment, index, lanes, batch] });
    return {
      send: async (request) =>
        (await lane.request({ type: 'run', request: request as Uint8Array<ArrayBuffer> })) ?? new Uint8Array(),
      close: () => {
        this.#idle.push(lane);
        void lane.request({ type: 'end' }).catch(() => undefined);
      },
    };
  }
}
