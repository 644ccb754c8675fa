/** Modules that are loaded on demand: one that could not be loaded, for example without a connection, is tried again. */
import { expect, test, vi } from 'vitest';
import { exportModel } from '../../../www/src/worker/formats';
import { ToolBox } from '../../../www/src/worker/tools';

const load = vi.hoisted(() => vi.fn(async () => undefined));

vi.mock('../../../www/pkg-tools/convlab.js', () => ({ default: load }));
vi.mock('../../../www/pkg-import/convlab.js', () => ({ default: load, export_model: () => Uint8Array.of(1) }));

test('the tools', async () => {
  const box = new ToolBox();
  load.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  const first = [box.get(), box.get()];
  for (const one of first) await expect(one).rejects.toThrow('Failed to fetch');
  const tools = await box.get();
  expect(await box.get()).toBe(tools);
  expect(load).toHaveBeenCalledTimes(2);
});

test('the formats', async () => {
  const save = () => exportModel({} as Parameters<typeof exportModel>[0], new Uint8Array(), 'onnx');
  load.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await expect(save()).rejects.toThrow('Failed to fetch');
  expect(await save()).toEqual(Uint8Array.of(1));
});
