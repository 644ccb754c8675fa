import { describe, expect, test } from 'vitest';
import type { Experiment } from '../../../www/src/base/engine';
import { DEFAULTS, fromUrl, type Settings, toUrl, withSettings } from '../../../www/src/base/settings';

describe('settings in the address', () => {
  test('an empty address gives the defaults, and the defaults an empty address', () => {
    expect(fromUrl('')).toEqual({ settings: DEFAULTS, problems: [] });
    expect(toUrl(DEFAULTS)).toBe('');
  });

  test('every setting is unchanged after writing and reading', () => {
    const settings: Settings = {
      experiment: 'net-1',
      edit: 'eyJhIjoxfQ',
      data: 'synthetic',
      engine: 'gpu',
      epochs: 3,
      batch: 64,
      seed: 0,
      train: 2000,
      test: 500,
      tab: 'results',
    };
    const address = toUrl(settings);
    expect(address).toBe(
      '?experiment=net-1&edit=eyJhIjoxfQ&data=synthetic&engine=gpu&epochs=3&batch=64&seed=0&train=2000&test=500&tab=results',
    );
    expect(fromUrl(address)).toEqual({ settings, problems: [] });
  });

  test('invalid settings are reported and keep their defaults', () => {
    const { settings, problems } = fromUrl('?engine=tpu&epochs=many&seed=1.5&colour=red&batch=32');
    expect(settings).toEqual({ ...DEFAULTS, batch: 32 });
    expect(problems).toEqual([
      { name: 'engine', received: 'tpu', expects: 'one of auto, cpu, gpu' },
      { name: 'epochs', received: 'many', expects: 'a number with at most 4 decimals' },
      { name: 'seed', received: '1.5', expects: 'a whole number' },
      { name: 'colour', received: 'red', expects: null },
    ]);
  });

  test('names of Object.prototype are not settings', () => {
    expect(fromUrl('?constructor=1&__proto__=2').problems.map(({ name }) => name)).toEqual([
      'constructor',
      '__proto__',
    ]);
  });

  test('numbers out of range are accepted, since the engine checks the range', () => {
    expect(fromUrl('?epochs=0&batch=-3').settings).toMatchObject({ epochs: 0, batch: -3 });
  });

  test('the last epoch may be a part of one', () => {
    const { settings, problems } = fromUrl('?epochs=9.9');
    expect(problems).toEqual([]);
    expect(settings.epochs).toBe(9.9);
    expect(toUrl(settings)).toBe('?epochs=9.9');
    for (const wrong of ['9.', '.9', '9,9', '1.23456', '1e-3'])
      expect(fromUrl(`?epochs=${wrong}`).problems, wrong).toHaveLength(1);
  });
});

describe('an experiment with settings', () => {
  const experiment = {
    name: 'net',
    dataset: { name: 'mnist', validation: 'test', limit: { train: 10 } },
    input_shape: [28, 28, 1],
    layers: [],
    loss: 'sparse_categorical_crossentropy',
    optimizer: { type: 'sgd' },
    batch_size: 20,
    epochs: 10,
  } satisfies Experiment;

  test('is unchanged without settings', () => {
    expect(withSettings(experiment, DEFAULTS, null)).toEqual(experiment);
  });

  test('is a copy with each setting applied, and the original is unchanged', () => {
    const before = structuredClone(experiment);
    const settings = { ...DEFAULTS, epochs: 2, batch: 50, seed: 7, test: 100 };
    expect(withSettings(experiment, settings, 'synthetic_digits')).toEqual({
      ...experiment,
      dataset: { name: 'synthetic_digits', validation: 'test', limit: { train: 10, test: 100 } },
      batch_size: 50,
      epochs: 2,
      seed: 7,
    });
    expect(experiment).toEqual(before);
  });
});
