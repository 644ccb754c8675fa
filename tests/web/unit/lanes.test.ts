/** The lanes of the CPU engine: they start and compute at the same time, are used again, and one that cannot start is not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Experiment } from '../../../www/src/base/engine';
import type { LaneAnswer, LaneMessage } from '../../../www/src/worker/lane';
import { Lanes } from '../../../www/src/worker/lanes';

// The real one extends the browser's class.
vi.mock('../../../www/src/worker/spawn', () => ({ spawn: (start: () => Worker) => start() }));

/** The workers that were made, with the messages that each one received. */
const workers: FakeWorker[] = [];

class FakeWorker {
  readonly messages: LaneMessage[] = [];
  isEnded = false;
  onmessage: ((event: { data: LaneAnswer }) => void) | null = null;

  constructor() {
    workers.push(this);
  }

  postMessage(message: LaneMessage): void {
    this.messages.push(message);
    // There are no locks here.
    if (message.type === 'hold') this.answer({ error: 'locks are denied' });
  }

  answer(data: LaneAnswer): void {
    queueMicrotask(() => this.onmessage?.({ data }));
  }

  terminate(): void {
    this.isEnded = true;
  }

  get types(): string[] {
    return this.messages.map(({ type }) => type);
  }
}

beforeEach(() => {
  workers.length = 0;
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => vi.unstubAllGlobals());

const options = { portable: false, extended: false };
const code = {} as WebAssembly.Module;
const experiment = {} as Experiment;
const worker = (index: number): FakeWorker => {
  const one = workers[index];
  if (!one) throw new Error(`there is no worker ${index}`);
  return one;
};

test('the messages of all lanes leave before any of them answers', async () => {
  const lanes = new Lanes(4, options, code);
  const spawned = [1, 2, 3].map((index) => lanes.spawn(experiment, index, 4, 32));
  expect(workers.map(({ types }) => types)).toEqual(Array(3).fill(['hold', 'start']));
  for (const one of workers) one.answer({ value: null });
  const ports = await Promise.all(spawned);
  const sent = ports.map((port) => port.send(new Uint8Array(4)));
  expect(workers.map(({ types }) => types)).toEqual(Array(3).fill(['hold', 'start', 'run']));
  for (const one of workers) one.answer({ value: Uint8Array.of(7) });
  expect(await Promise.all(sent)).toEqual(Array(3).fill(Uint8Array.of(7)));
});

test('a lane is used again by the next run', async () => {
  const lanes = new Lanes(2, options, code);
  const first = lanes.spawn(experiment, 1, 2, 32);
  worker(0).answer({ value: null });
  (await first).close();
  void lanes.spawn(experiment, 1, 2, 32);
  expect(workers).toHaveLength(1);
  expect(worker(0).types).toEqual(['hold', 'start', 'end', 'start']);
});

test('a lane that could not start, for example without a connection, is ended, and the next run gets another one', async () => {
  const lanes = new Lanes(2, options, code);
  const first = lanes.spawn(experiment, 1, 2, 32);
  worker(0).answer({ error: 'Failed to fetch' });
  await expect(first).rejects.toThrow('Failed to fetch');
  expect(worker(0).isEnded).toBe(true);
  const second = lanes.spawn(experiment, 1, 2, 32);
  worker(1).answer({ value: null });
  await second;
});
