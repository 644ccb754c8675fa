/** No memory leaks: after training, starting and stopping, and creating and removing labs. */
import type { Page } from '@playwright/test';
import { expect, labWorker, openOnGpu, test } from './fixtures';

const MB = 1_000_000;
const CPU = '?experiment=mnist-10&data=synthetic&engine=cpu&epochs=2000&batch=2&train=2000&test=50&seed=3';
const GPU = '?experiment=mnist-10&data=synthetic&engine=gpu&epochs=200&batch=20&train=200&test=20&seed=3';

/** The members of the element's lab that these tests use. */
interface Insides {
  start(): Promise<boolean>;
  run: { step: { step: number } | null; stop(): Promise<void> };
  worker: { heapBytes(): Promise<number>; keptRuns(): Promise<unknown[]> };
}
type Element = HTMLElement & { lab: Insides };

interface Use {
  wasm: number;
  js: number;
  nodes: number;
  listeners: number;
}

/** Measured after a garbage collection. */
async function inUse(page: Page): Promise<Use> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  const wasm = await page.evaluate(() => document.querySelector<Element>('conv-lab')?.lab?.worker.heapBytes() ?? 0);
  return { wasm, js: metric('JSHeapUsedSize'), nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
}

/** The history has a number for each step, and so has a checkpoint, as text; the table has a row for each epoch. */
const BYTES_PER_STEP = 40;
const NODES_PER_EPOCH = 40;

function expectFlat(early: Use, late: Use, { steps, epochs } = { steps: 0, epochs: 0 }): void {
  test.info().annotations.push({ type: 'memory', description: JSON.stringify({ early, late }) });
  expect(late.wasm - early.wasm, 'bytes of WebAssembly’s memory').toBeLessThanOrEqual(
    0.2 * MB + steps * BYTES_PER_STEP,
  );
  expect(late.js - early.js, 'bytes of the page’s heap').toBeLessThan(1.5 * MB);
  expect(late.nodes - early.nodes, 'nodes').toBeLessThan(200 + epochs * NODES_PER_EPOCH);
  expect(late.listeners - early.listeners, 'listeners').toBeLessThan(50);
}

test('ten thousand steps, then sixty starts and stops, do not leak memory', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await lab.open(CPU);
  await lab.start();
  const steps = (count: number) =>
    page.waitForFunction(
      (least) => (document.querySelector<Element>('conv-lab')?.lab.run.step?.step ?? 0) >= least,
      count,
      { timeout: 120_000 },
    );
  await steps(1000);
  const early = await inUse(page);
  await steps(11_000);
  expectFlat(early, await inUse(page), { steps: 10_000, epochs: 10 });
  await lab.button('Stop').click();

  const startAndStop = (times: number) =>
    page.evaluate(async (count) => {
      const insides = document.querySelector<Element>('conv-lab')?.lab as Insides;
      for (let i = 0; i < count; i += 1) {
        await insides.start();
        while (insides.run.step === null) await new Promise((resolve) => setTimeout(resolve, 5));
        await insides.run.stop();
        // Resolves when the stopped run has been stored.
        await insides.worker.keptRuns();
      }
    }, times);
  await startAndStop(10);
  const before = await inUse(page);
  await startAndStop(50);
  expectFlat(before, await inUse(page));
});

test('creating and removing fifty labs does not leak memory', async ({ lab, page }) => {
  test.setTimeout(240_000);
  lab.site.extra.set(
    'host.html',
    Buffer.from(`<!doctype html><html lang="en"><title>Course</title><link rel="icon" href="./favicon.svg">
      <script type="module" src="./conv-lab.js"></script><main></main></html>`),
  );
  await page.goto(`${lab.site.url}host.html`);
  const comeAndGo = (times: number) =>
    page.evaluate(async (count) => {
      for (let i = 0; i < count; i += 1) {
        const element = document.createElement('conv-lab') as HTMLElement & { start(): Promise<void> };
        const options = { compact: '', data: 'synthetic', engine: 'cpu', epochs: '90', train: '100', test: '20' };
        for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
        document.querySelector('main')?.append(element);
        await customElements.whenDefined('conv-lab');
        await element.start();
        element.remove();
      }
    }, times);
  await comeAndGo(10);
  await expect.poll(() => page.workers().length).toBe(0);
  const early = await inUse(page);
  await comeAndGo(50);
  await expect.poll(() => page.workers().length).toBe(0);
  expectFlat(early, await inUse(page));
});

/** Records the devices and buffers of the engine that are alive. */
const countBuffers = (page: Page) =>
  labWorker(page).evaluate(() => {
    type Device = { destroy(): void };
    type Buffer = { destroy(): void };
    const live = { devices: new Set<Device>(), buffers: new Map<Buffer, Device>() };
    // The tests are compiled without WebGPU's types.
    const scope = self as unknown as Record<string, { prototype: Record<string, (...args: unknown[]) => unknown> }>;
    const wrap = (type: string, method: string, after: (self: never, result: never) => void) => {
      const prototype = scope[type]?.prototype;
      const original = prototype?.[method];
      if (!prototype || !original) throw new Error(`no ${type}.${method}`);
      prototype[method] = function (this: unknown, ...args: unknown[]) {
        const result = original.apply(this, args);
        void Promise.resolve(result).then((value) => after(this as never, value as never));
        return result;
      };
    };
    wrap('GPUAdapter', 'requestDevice', (_, device: Device) => live.devices.add(device));
    wrap('GPUDevice', 'createBuffer', (device: Device, buffer: Buffer) => live.buffers.set(buffer, device));
    wrap('GPUBuffer', 'destroy', (buffer: Buffer) => live.buffers.delete(buffer));
    wrap('GPUDevice', 'destroy', (device: Device) => {
      live.devices.delete(device);
      for (const [buffer, of] of live.buffers) if (of === device) live.buffers.delete(buffer);
    });
    Object.assign(self, { live });
  });

test('the GPU’s buffers and devices are released', async ({ lab, page }) => {
  test.setTimeout(240_000);
  await openOnGpu(lab, GPU, () => countBuffers(page));
  const live = () =>
    labWorker(page).evaluate(() => {
      const { live } = self as unknown as { live: { devices: Set<unknown>; buffers: Map<unknown, unknown> } };
      return { devices: live.devices.size, buffers: live.buffers.size };
    });
  const runs = [];
  for (let times = 0; times < 4; times += 1) {
    await lab.start();
    await expect(lab.epochRows.first()).toBeVisible({ timeout: 90_000 });
    const early = await live();
    await expect(lab.epochRows.nth(2)).toBeVisible({ timeout: 90_000 });
    const late = await live();
    runs.push(early, late);
    await lab.button('Stop').click();
    await expect(lab.state).toHaveText('Stopped');
  }
  test.info().annotations.push({ type: 'memory', description: JSON.stringify(runs) });
  expect(runs[0]?.buffers).toBeGreaterThan(10);
  for (const { devices, buffers } of runs) {
    expect(devices).toBe(1);
    // A copy that is being read back may be alive at the moment.
    expect(Math.abs(buffers - (runs[0]?.buffers ?? 0))).toBeLessThanOrEqual(3);
  }
});
