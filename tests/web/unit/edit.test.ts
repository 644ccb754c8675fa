import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Experiment } from '../../../www/src/base/engine';
import { decodeEdit, encodeEdit } from '../../../www/src/lab/edit';

const folder = new URL('../../../src/experiment/presets/', import.meta.url);
const presets: Experiment[] = readdirSync(folder).map((name) =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
);
const net = presets.find(({ name }) => name === 'net-1') as Experiment;

const changed = (change: (experiment: Experiment) => void): Experiment => {
  const copy = structuredClone(net);
  change(copy);
  return copy;
};
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The description of an experiment is not part of a link. */
const bare = ({ text: _, ...rest }: Experiment) => rest;

describe('a student’s changes as part of an address', () => {
  test.each<[string, (experiment: Experiment) => void]>([
    ['nothing', () => {}],
    ['an option', (e) => (e.batch_size = 64)],
    ['an option deep inside', (e) => (e.optimizer = { type: 'sgd', learning_rate: 0.05, momentum: 0.9 })],
    ['an option more', (e) => (e.early_stopping = { monitor: 'val_loss', patience: 3 })],
    ['a list', (e) => (e.augmentation = [{ type: 'random_flip' }])],
    ['a name with letters of all kinds', (e) => (e.title = 'Größer & 更好 🙂')],
    ['a layer’s option', (e) => Object.assign(e.layers[0] ?? {}, { filters: 64 })],
    ['a layer gone', (e) => e.layers.splice(2, 1)],
    ['a layer more', (e) => e.layers.splice(1, 0, { type: 'dropout', rate: 0.25 })],
    ['a layer twice', (e) => e.layers.splice(2, 0, structuredClone(e.layers[2] as Experiment['layers'][number]))],
    ['layers turned round', (e) => e.layers.reverse()],
    ['no layers', (e) => (e.layers = [])],
  ])('%s comes back', (_, change) => {
    const experiment = changed(change);
    const text = encodeEdit(net, experiment) ?? '';
    expect(text).toMatch(/^[\w-]+$/);
    expect(decodeEdit(net, text)).toEqual(bare(experiment));
  });

  test('the difference between any two presets can be encoded', () => {
    for (const from of presets) {
      for (const to of presets) expect(decodeEdit(from, encodeEdit(from, to) ?? '')).toEqual(bare(to));
    }
  });

  test('a typical change has a short encoding', () => {
    const experiment = changed((e) => {
      Object.assign(e.layers[0] ?? {}, { filters: 64 });
      e.layers.splice(6, 0, { type: 'dropout', rate: 0.5 });
    });
    expect(encodeEdit(net, experiment)?.length).toBeLessThan(110);
    expect(decodeEdit(net, encodeEdit(net, experiment) ?? '')?.layers).toHaveLength(net.layers.length + 1);
  });

  test('removed members and layers are removed', () => {
    const from = changed((e) => (e.early_stopping = { patience: 3 }));
    expect(decodeEdit(from, encodeEdit(from, net) ?? '')).toEqual(bare(net));
  });

  test.each([
    ['no base64', '!!!'],
    ['no JSON', Buffer.from('{"a":').toString('base64url')],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x22]).toString('base64url')],
    ['a list', base64([1])],
    ['layers that are no list', base64({ layers: 3 })],
    ['a layer that the preset does not have', base64({ layers: [99] })],
    ['half a layer', base64({ layers: [0.5] })],
    ['a row backwards', base64({ layers: [[3, 1]] })],
    ['a nested list', base64({ layers: [[[0]]] })],
    ['something endless', base64({ title: 'x'.repeat(20_000) })],
    ['something bottomless', base64(JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`))],
  ])('%s is refused', (_, text) => {
    expect(decodeEdit(net, text)).toBeNull();
  });

  test('a key of Object.prototype is an ordinary key', () => {
    const text = Buffer.from('{"__proto__":{"polluted":1},"layers":[{"__proto__":{"x":1},"type":"flatten"}]}').toString(
      'base64url',
    );
    const experiment = decodeEdit(net, text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(experiment)).toBe(Object.prototype);
    expect(Object.hasOwn(experiment as object, '__proto__')).toBe(true);
  });
});
