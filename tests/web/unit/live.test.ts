import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Lab } from '../../../www/src/lab/lab';
import { Glances, pauseAfter, SHARE } from '../../../www/src/live/glances';
import { stepsAfter } from '../../../www/src/live/steps';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([0.1, 3, 10, 80, 900])('a look of %s ms is followed by a pause that keeps its share of the run', (ms) => {
  const pause = pauseAfter(ms);
  expect(ms / (ms + pause)).toBeLessThanOrEqual(SHARE + 1e-9);
  expect(SHARE).toBeLessThan(0.03);
  expect(pause).toBeGreaterThanOrEqual(400);
});

test('a look under way is the last one after the element has left the page, until it is back', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  let answer: (glance: { ms: number }) => void = () => undefined;
  const glance = vi.fn(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const run = { state: 'running', info: { steps_per_epoch: 10, test_samples: 5 }, experiment: {}, step: null };
  const lab = { run, data: {}, experiment: {}, worker: { glance } } as unknown as Lab;
  const glances = new Glances(
    () => lab,
    () => glances.follow(),
  );
  glances.follow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(glance).toHaveBeenCalledTimes(1);
  glances.close();
  answer({ ms: 1 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(glance).toHaveBeenCalledTimes(1);
  glances.open();
  glances.follow();
  await vi.advanceTimersByTimeAsync(1000);
  expect(glance).toHaveBeenCalledTimes(2);
});

describe('the next steps after a run', () => {
  interface Options {
    accuracy?: number;
    runs?: number;
    synthetic?: boolean;
    hasChoice?: boolean;
    locked?: boolean;
  }
  const finished = ({ accuracy = 0.8, runs = 1, synthetic = false, hasChoice = true, locked = false }: Options) => {
    const lab = {
      run: { result: { accuracy }, info: { epochs: 4 } },
      runs: { list: new Array(runs) },
      data: { info: { synthetic }, hasChoice },
      locked,
      set: vi.fn(),
      start: vi.fn(),
      startWithNextSeed: vi.fn(),
    };
    return { lab, steps: stepsAfter(lab as unknown as Lab) };
  };
  const names = (options: Options) => finished(options).steps.map(({ name }) => name);
  const [mistakes, seed] = ['Look at its mistakes', 'Train with another seed'];

  test('a network that is often wrong: its mistakes, more epochs, a change of the network', () => {
    const { lab, steps } = finished({ accuracy: 0.8, runs: 3 });
    expect(steps.map(({ name }) => name)).toEqual([mistakes, 'Train for 12 epochs', 'Change the network']);
    steps[0]?.act();
    expect(lab.set).toHaveBeenLastCalledWith({ tab: 'predictions' });
    steps[1]?.act();
    expect(lab.set).toHaveBeenLastCalledWith({ epochs: 12 });
    expect(lab.start).toHaveBeenCalledTimes(1);
    steps[2]?.act();
    expect(lab.set).toHaveBeenLastCalledWith({ tab: 'model' });
  });

  test('a good network: its mistakes, the comparison with earlier runs, another seed', () => {
    const { lab, steps } = finished({ accuracy: 0.97, runs: 3 });
    expect(steps.map(({ name }) => name)).toEqual([mistakes, 'Compare with 2 earlier runs', seed]);
    steps[1]?.act();
    expect(lab.set).toHaveBeenLastCalledWith({ tab: 'compare' });
    steps[2]?.act();
    expect(lab.startWithNextSeed).toHaveBeenCalledTimes(1);
    expect(lab.start).not.toHaveBeenCalled();
    expect(names({ accuracy: 0.97, runs: 2 })).toContain('Compare with 1 earlier run');
    expect(names({ accuracy: 0.97 })).toEqual([mistakes, seed]);
    expect(names({ accuracy: 1 })).toEqual([seed]);
  });

  test('after synthetic images: the real ones, where there is a choice', () => {
    const { lab, steps } = finished({ synthetic: true, runs: 2 });
    expect(steps.map(({ name }) => name)).toEqual([mistakes, 'Use the real images', 'Compare with 1 earlier run']);
    steps[1]?.act();
    expect(lab.set).toHaveBeenLastCalledWith({ data: 'official', tab: 'data' });
    expect(names({ synthetic: true })).toEqual([mistakes, 'Use the real images', seed]);
    // A page that has fixed its data offers what fits the accuracy.
    expect(names({ synthetic: true, hasChoice: false })).toContain('Train for 12 epochs');
  });

  test('where the experiment is locked: the mistakes only', () => {
    expect(names({ locked: true, runs: 3 })).toEqual([mistakes]);
    expect(names({ locked: true, accuracy: 1 })).toEqual([]);
  });
});
