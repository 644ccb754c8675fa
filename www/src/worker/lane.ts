/** A lane of the CPU engine in a separate worker: an instance of the engine that computes a share of every batch. */
import type { EngineLane } from '../base/engine';
import { laneOptions } from './lane-name';
import { type Loaded, loadEngine } from './load';
import { holdLock } from './lock';

export type LaneMessage =
  /** Holds a lock of this name for as long as the worker lives. */
  | { type: 'hold'; name: string }
  /** The first one loads the engine, from the code that the lab's worker has compiled. */
  | {
      type: 'start';
      code: WebAssembly.Module;
      args: ConstructorParameters<typeof import('../../pkg/convlab.js').LaneWorker>;
    }
  | { type: 'run'; request: Uint8Array<ArrayBuffer> }
  | { type: 'end' };

export type LaneAnswer = { value: Uint8Array<ArrayBuffer> | null } | { error: string };

let loaded: Promise<Loaded> | undefined;
let lane: EngineLane | undefined;

async function answer(message: LaneMessage): Promise<Uint8Array<ArrayBuffer> | null> {
  switch (message.type) {
    case 'hold': {
      if (!(await holdLock(message.name))) throw new Error('locks are denied');
      return null;
    }
    case 'start': {
      loaded ??= loadEngine(laneOptions(self.name), message.code);
      const { engine } = await loaded;
      lane?.free();
      lane = new engine.LaneWorker(...message.args);
      return null;
    }
    case 'run': {
      if (!lane) throw new Error('the lane was not started');
      return lane.run(message.request) as Uint8Array<ArrayBuffer>;
    }
    case 'end': {
      lane?.free();
      lane = undefined;
      return null;
    }
  }
}

/** Messages are answered one after another, in order. */
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<LaneMessage>) => {
  queue = queue.then(async () => {
    try {
      const value = await answer(data);
      self.postMessage({ value } satisfies LaneAnswer, { transfer: value ? [value.buffer] : [] });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      self.postMessage({ error: message } satisfies LaneAnswer);
    }
  });
};
