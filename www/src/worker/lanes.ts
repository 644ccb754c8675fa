/**
 * The pool of workers that compute shares of the CPU engine's batches. Messages carry the data, so neither shared memory nor the
 * headers that it needs are required. The workers start with the first run and are reused by the following ones.
 */

import type { Experiment, LanePool, LanePort } from '../base/engine';
import type { LaneAnswer, LaneMessage } from './lane';
import { laneName } from './lane-name';
import type { EngineOptions } from './load';
import { newLockName, watchLock } from './lock';
import { spawn } from './spawn';

/** A lane's script is small and its engine is compiled, so a worker that has not started after this time never will. */
const START_MS = 60_000;

/** Without locks, a lane that answers this much later than any before it, and not before the minimum, counts as ended. */
const PATIENCE = 20;
const LEAST_PATIENCE_MS = 30_000;

interface Waiting {
  resolve: (value: Uint8Array | null) => void;
  reject: (reason: Error) => void;
}

class Lane {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  /** Resolves once the lane is watched by a lock, with false where there are no locks. */
  readonly #watched: Promise<boolean>;
  #failure: Error | null = null;
  #slowest = 0;

  constructor(options: EngineOptions) {
    const name = laneName(options);
    this.#worker = spawn(() => new Worker(new URL('./lane.ts', import.meta.url), { type: 'module', name }));
    this.#worker.onmessage = ({ data }: MessageEvent<LaneAnswer>) => {
      const first = this.#waiting.shift();
      if ('error' in data) first?.reject(new Error(data.error));
      else first?.resolve(data.value);
    };
    this.#worker.onerror = (event) => this.#fail(event.message || ENDED);
    this.#worker.onmessageerror = () => this.#fail('its answer could not be read');
    this.#watched = this.#watch();
  }

  get isAlive(): boolean {
    return this.#failure === null;
  }

  /**
   * Sends a message and resolves with its answer. Answers arrive in the order of the messages. The message leaves at once: the caller
   * goes on with its own share of the batch, and a message that waits for the next turn would leave when that is done, so that the lanes
   * would take turns.
   */
  async request(message: LaneMessage): Promise<Uint8Array | null> {
    const start = performance.now();
    const answer = this.#send(message);
    // It may fail before it is known whether the lane is watched; whoever awaits it is told.
    answer.catch(() => undefined);
    if (await this.#watched) return answer;
    const value = await this.#within(Math.max(LEAST_PATIENCE_MS, PATIENCE * this.#slowest), answer);
    this.#slowest = Math.max(this.#slowest, performance.now() - start);
    return value;
  }

  end(): void {
    this.#fail(ENDED);
  }

  #send(message: LaneMessage): Promise<Uint8Array | null> {
    if (this.#failure) return Promise.reject(this.#failure);
    const answer = new Promise<Uint8Array | null>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#worker.postMessage(message, message.type === 'run' ? [message.request.buffer] : []);
    return answer;
  }

  async #watch(): Promise<boolean> {
    const name = newLockName();
    try {
      await this.#within(START_MS, this.#send({ type: 'hold', name }));
    } catch {
      return false;
    }
    watchLock(name, this.#closing.signal, () => this.#fail(ENDED));
    return true;
  }

  /** The answer; if it takes longer, the lane counts as ended. */
  async #within<T>(ms: number, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#fail(LATE), ms);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the worker. What it was asked is answered with the failure, and so is whatever it is asked later. */
  #fail(why: string): void {
    if (this.#failure) return;
    this.#failure = new Error(why);
    this.#closing.abort();
    this.#worker.terminate();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

const ENDED = 'the browser ended it';
const LATE = 'it no longer answers';

export class Lanes implements LanePool {
  #idle: Lane[] = [];
  #closed = false;

  constructor(
    readonly lanes: number,
    private options: EngineOptions,
    /** The engine's compiled code, so that no lane loads and compiles it again. */
    private code: WebAssembly.Module,
  ) {}

  /** Ends the workers as soon as no run uses them. */
  close(): void {
    this.#closed = true;
    for (const lane of this.#idle.splice(0)) lane.end();
  }

  async spawn(experiment: Experiment, index: number, lanes: number, batch: number): Promise<LanePort> {
    // A lane may have ended while it was idle.
    this.#idle = this.#idle.filter(({ isAlive }) => isAlive);
    const lane = this.#idle.pop() ?? new Lane(this.options);
    try {
      await lane.request({ type: 'start', code: this.code, args: [experiment, index, lanes, batch] });
    } catch (error) {
      // Its engine may not have been loaded, so that it would refuse every later run, too.
      lane.end();
      throw error;
    }
    return {
      send: async (request) =>
        (await lane.request({ type: 'run', request: request as Uint8Array<ArrayBuffer> })) ?? new Uint8Array(),
      close: () => {
        void lane.request({ type: 'end' }).catch(() => undefined);
        this.#keep(lane);
      },
    };
  }

  /** Keeps a lane for the next engine. While one engine replaces another there are more lanes than one needs. */
  #keep(lane: Lane): void {
    if (!this.#closed && this.#idle.length < this.lanes - 1) this.#idle.push(lane);
    else lane.end();
  }
}
