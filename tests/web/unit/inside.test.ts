import { describe, expect, test, vi } from 'vitest';
import type { Summary } from '../../../www/src/base/engine';
import { moved } from '../../../www/src/inside/cursor';
import { LabInside } from '../../../www/src/inside/lab-inside';
import { byLayer, mapsOf } from '../../../www/src/inside/maps';
import { sparkPoints } from '../../../www/src/inside/spark';
import { firstFilters, histogram, readTensors, type Tensor, viewWeights } from '../../../www/src/worker/weights';

/** A safetensors file of float32 tensors. */
function file(tensors: Record<string, { shape: number[]; values: number[] }>): Uint8Array {
  let end = 0;
  const header = Object.entries(tensors).map(([name, { shape, values }]) => {
    const from = end;
    end += 4 * values.length;
    return [name, { dtype: 'F32', shape, data_offsets: [from, end] }];
  });
  const json = new TextEncoder().encode(JSON.stringify({ ...Object.fromEntries(header), __metadata__: { a: 'b' } }));
  const bytes = new Uint8Array(8 + json.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  const values = Object.values(tensors).flatMap((tensor) => tensor.values);
  bytes.set(new Uint8Array(Float32Array.from(values).buffer), 8 + json.length);
  return bytes;
}

const summary = (...layers: [name: string, type: string][]): Summary => ({
  input_text: '',
  layers: layers.map(([name, type]) => {
    const texts = { class_name: type, shape_text: '' };
    return { name, type, ...texts, inputs: [], output_shape: [], params: 1, macs: 1, flops: 2, activation_bytes: 1 };
  }),
  totals: { params: 0, trainable: 0, non_trainable: 0, macs: 0, flops: 0, activation_bytes: 0, param_bytes: 0 },
});

const tensor = (name: string, shape: number[]): Tensor => ({
  name,
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
});

describe('weights', () => {
  test('are read from a safetensors file at any alignment', () => {
    const bytes = file({ 'b.bias': { shape: [2], values: [5, -6] }, 'a.kernel': { shape: [1, 2], values: [1, 2] } });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const found = readTensors(shifted.subarray(3));
    expect(found.map(({ name, values }) => [name, [...values]])).toEqual([
      ['b.bias', [5, -6]],
      ['a.kernel', [1, 2]],
    ]);
    const view = viewWeights(bytes, summary(['a', 'dense'], ['b', 'dense']), [1, 1, 1]);
    expect(view.histograms.map(({ name }) => name)).toEqual(['a.kernel', 'b.bias']);
  });

  test('a histogram counts every value once', () => {
    const values = Float32Array.from([-1, -0.5, 0, 0, 0.5, 1]);
    const found = histogram({ name: 'w', shape: [6], values }, 4);
    expect(found).toMatchObject({ count: 6, least: -1, most: 1, mean: 0, bins: [1, 1, 2, 2] });
    expect(found.deviation).toBeCloseTo(Math.sqrt(2.5 / 6));
    expect(histogram({ name: 'b', shape: [3], values: new Float32Array(3) }, 4).bins).toEqual([0, 0, 3, 0]);
  });

  test('the first convolution’s filters are small images', () => {
    const net = summary(['pad', 'zero_padding2d'], ['conv', 'conv2d'], ['dense', 'dense']);
    const found = firstFilters([tensor('conv.bias', [2]), tensor('conv.kernel', [2, 2, 3, 2])], net, [9, 9, 3]);
    expect(found).toMatchObject({ layer: 'conv', height: 2, width: 2, channels: 3 });
    expect([...(found?.images[1] ?? [])]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]);
  });

  test('a depthwise layer has one filter per channel; a dense layer’s filters have the size of the image', () => {
    const depthwise = firstFilters([tensor('d.kernel', [2, 1, 3, 1])], summary(['d', 'depthwise_conv2d']), [9, 9, 3]);
    expect(depthwise?.images.map((one) => [...one])).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    const dense = firstFilters(
      [tensor('d.kernel', [6, 4])],
      summary(['flatten', 'flatten'], ['d', 'dense']),
      [2, 3, 1],
    );
    expect(dense).toMatchObject({ height: 2, width: 3, channels: 1 });
    expect([...(dense?.images[3] ?? [])]).toEqual([3, 7, 11, 15, 19, 23]);
    expect(firstFilters([tensor('d.kernel', [5, 4])], summary(['d', 'dense']), [2, 3, 1])).toBeNull();
  });

  test('filters of many channels are shown as their mean', () => {
    const found = firstFilters([tensor('c.kernel', [1, 2, 2, 1])], summary(['c', 'conv2d']), [9, 9, 2]);
    expect(found?.images.map((one) => [...one])).toEqual([[0.5, 2.5]]);
  });
});

describe('activations', () => {
  test('are split by layer, then by channel', () => {
    const values = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, -9]);
    const [first, second] = byLayer(values, [[2, 2, 2], [1]]);
    const maps = mapsOf(first as Float32Array, [2, 2, 2]);
    expect(maps).toMatchObject({ height: 2, width: 2, most: 8, signed: false });
    expect(maps.maps.map((map) => [...map])).toEqual([
      [1, 3, 5, 7],
      [2, 4, 6, 8],
    ]);
    expect(mapsOf(second as Float32Array, [1])).toMatchObject({ most: 9, signed: true });
  });

  test('a flat output is one strip, padded with NaN', () => {
    const { height, width, maps } = mapsOf(new Float32Array(70), [70]);
    expect([height, width, maps.length]).toEqual([2, 64, 1]);
    expect([maps[0]?.[69], maps[0]?.[70]]).toEqual([0, Number.NaN]);
  });
});

describe('a small curve', () => {
  test('goes through its samples from left to right, on a linear or a logarithmic scale', () => {
    const points = sparkPoints([1, null, 0.01], true);
    expect(points).toHaveLength(2);
    expect(points[0]?.[0]).toBeLessThan(points[1]?.[0] ?? 0);
    expect(points[0]?.[1]).toBeLessThan(points[1]?.[1] ?? 0);
    const [a, b, c] = sparkPoints([1, 0.1, 0.01], true);
    expect((b?.[1] ?? 0) - (a?.[1] ?? 0)).toBeCloseTo((c?.[1] ?? 0) - (b?.[1] ?? 0));
  });

  test('works for one sample, for none, and for equal ones', () => {
    expect(sparkPoints([5], false)).toHaveLength(1);
    expect(sparkPoints([null], false)).toEqual([]);
    expect(sparkPoints([2, 2], false).flat().every(Number.isFinite)).toBe(true);
  });
});

test('the arrow keys move through an image, and past its edge into the next one', () => {
  // Five images of two rows and three columns: three of them in the first row, two in the second.
  const tiles = { size: [2, 3], count: 5, across: 3 } as const;
  expect(moved({ map: 0, y: 0, x: 0 }, [0, 1], tiles)).toEqual({ map: 0, y: 0, x: 1 });
  expect(moved({ map: 0, y: 1, x: 2 }, [0, 1], tiles)).toEqual({ map: 1, y: 1, x: 0 });
  expect(moved({ map: 1, y: 1, x: 0 }, [1, 0], tiles)).toEqual({ map: 4, y: 0, x: 0 });
  expect(moved({ map: 4, y: 0, x: 0 }, [-1, 0], tiles)).toEqual({ map: 1, y: 1, x: 0 });
  const edges = [
    [{ map: 0, y: 0, x: 0 }, [-1, 0]],
    [{ map: 3, y: 0, x: 0 }, [0, -1]],
    [{ map: 2, y: 0, x: 2 }, [0, 1]],
    [{ map: 2, y: 1, x: 0 }, [1, 0]],
    [{ map: 4, y: 1, x: 2 }, [0, 1]],
  ] as const;
  for (const [from, step] of edges) expect(moved(from, step, tiles)).toEqual(from);
});

test('a failure to look inside is shown until it succeeds, and then samples are taken again after each epoch', async () => {
  const run = {
    experiment: {},
    info: null as unknown,
    log: { epochs: [] as number[] },
    seconds: 1000,
    follow: (): void => undefined,
    subscribe(listener: () => void) {
      run.follow = listener;
    },
  };
  let fails = false;
  let step = 0;
  const health = vi.fn(async () => {
    if (fails) throw new Error('lost');
    step += 1;
    return { health: { step }, ms: 1 };
  });
  const worker = {
    health,
    summary: async () => ({}),
    weightsView: async () => ({}),
    images: async () => ({ pixels: new Uint8Array() }),
    look: async (_pixels: Uint8Array, withWeights: boolean) => ({
      outputs: new Float32Array(),
      weights: withWeights ? new Uint8Array([step]) : null,
      step,
    }),
  };
  type Parts = ConstructorParameters<typeof LabInside>;
  const inside = new LabInside(worker as unknown as Parts[0], run as unknown as Parts[1]);
  const epoch = async () => {
    run.log.epochs.push(0);
    run.follow();
    await inside.lookAt(0);
  };
  run.info = {};
  run.follow();
  fails = true;
  await inside.sample();
  // Looking at an image works, but does not hide that sampling failed.
  await inside.lookAt(0);
  expect(inside.problem).toContain('lost');
  fails = false;
  const before = health.mock.calls.length;
  await epoch();
  expect(health).toHaveBeenCalledTimes(before);
  await inside.refresh();
  expect(inside.problem).toBe('');
  await epoch();
  expect(health).toHaveBeenCalledTimes(before + 2);

  // The weights that explain an activation are those that gave it, even while the run trains on.
  expect(inside.look).toMatchObject({ weights: null });
  step = 90;
  await inside.explain();
  expect(inside.look).toMatchObject({ weights: new Uint8Array([90]), step: 90 });
  step = 91;
  await inside.explain();
  expect(inside.look).toMatchObject({ weights: new Uint8Array([90]), step: 90 });
  await inside.lookAt(0);
  expect(inside.look).toMatchObject({ weights: new Uint8Array([91]), step: 91 });
});

describe('before a run', () => {
  type Parts = ConstructorParameters<typeof LabInside>;
  const setUp = () => {
    const run = {
      experiment: null as unknown,
      info: null as unknown,
      log: { epochs: [] as number[] },
      seconds: 0,
      follow: (): void => undefined,
      subscribe(listener: () => void) {
        run.follow = listener;
      },
    };
    const worker = {
      inspect: vi.fn(async (experiment: unknown) => ({ test_samples: 5, of: experiment })),
      endInspection: vi.fn(),
      summary: vi.fn(async () => summary(['conv', 'conv2d'])),
      health: vi.fn(async () => ({ health: { step: 0 }, ms: 1 })),
      weightsView: async () => ({}),
      images: vi.fn(async () => ({ pixels: Uint8Array.of(7) })),
      look: async () => ({ outputs: Float32Array.of(1), weights: null, step: 0 }),
    };
    const inside = new LabInside(worker as unknown as Parts[0], run as unknown as Parts[1]);
    const inspect = (experiment: unknown, of: Summary, data: unknown, isAsked = false) =>
      inside.inspect(experiment as never, of, data as never, isAsked);
    return { run, worker, inside, inspect };
  };

  test('the untrained network is looked into once for each experiment and set, until a run begins', async () => {
    const { run, worker, inside, inspect } = setUp();
    const [experiment, data, chosen] = [{ name: 'a' }, {}, summary()];
    await inspect(experiment, chosen, data);
    await inspect(experiment, chosen, data);
    expect(worker.inspect).toHaveBeenCalledTimes(1);
    expect(inside.subject).toEqual({ experiment, info: { test_samples: 5, of: experiment } });
    expect(inside.look).toMatchObject({ index: 0, step: 0, pixels: Uint8Array.of(7) });
    expect(inside.samples).toEqual([{ step: 0 }]);
    expect(worker.images).toHaveBeenCalledWith('inspected', 'test', [0]);

    // Another set, then another experiment: only the later one of two quick changes is made.
    const other = { name: 'b' };
    await Promise.all([inspect(experiment, chosen, {}), inspect(other, summary(), {})]);
    expect(worker.inspect.mock.calls.map(([of]) => of)).toEqual([experiment, other]);
    expect(inside.subject?.experiment).toBe(other);
    expect(inside.busy).toBe(false);

    Object.assign(run, { experiment: other, info: { steps_per_epoch: 1 } });
    run.follow();
    expect(worker.endInspection).toHaveBeenCalledTimes(1);
    expect(inside.look).toBeNull();
    expect(inside.subject).toEqual({ experiment: other, info: run.info });
    await inspect(experiment, summary(), {});
    expect(worker.inspect).toHaveBeenCalledTimes(2);
  });

  test('a large network is looked into when the student asks; what fails is said, until another one works', async () => {
    const { worker, inside, inspect } = setUp();
    const large = summary();
    large.totals.macs = 1e9;
    const data = {};
    await inspect({}, large, data);
    expect([inside.isHeavy, inside.subject]).toEqual([true, null]);
    worker.inspect.mockRejectedValueOnce(new Error('no memory'));
    await inspect({}, large, data, true);
    expect(inside.problem).toContain('no memory');
    await inspect({}, summary(), data);
    expect([inside.isHeavy, inside.problem]).toEqual([false, '']);
    expect(inside.subject).not.toBeNull();
  });
});
