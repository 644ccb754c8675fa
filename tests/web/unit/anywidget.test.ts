import { expect, it } from 'vitest';
import type { Experiment } from '../../../www/src/base/engine';
import { setUp } from '../../../www/src/package/anywidget';

/** What the widget sets of the element. */
function card() {
  const attributes = new Map<string, string>();
  const lab = {
    spec: null as Experiment | null,
    setAttribute: (name: string, value: string) => void attributes.set(name, value),
    removeAttribute: (name: string) => void attributes.delete(name),
  };
  return { lab, attributes };
}

it.each(['net-1', '{"name": "mine"}'])('a change of the attributes keeps the experiment %s', (experiment) => {
  const { lab, attributes } = card();
  setUp(lab, { epochs: 2, guess: true }, experiment);
  setUp(lab, { epochs: 9.9, experiment: 'mnist-10' }, experiment);
  expect(Object.fromEntries(attributes)).toEqual({ compact: '', epochs: '9.9', experiment });
  expect(lab.spec).toBeNull();
});

it('a document is the element’s property, until an id takes its place', () => {
  const { lab, attributes } = card();
  const document = { name: 'mine' } as Experiment;
  setUp(lab, null, document);
  expect(lab.spec).toBe(document);
  expect(attributes.has('experiment')).toBe(false);
  setUp(lab, { compact: false }, 'net-1');
  expect(lab.spec).toBeNull();
  expect(Object.fromEntries(attributes)).toEqual({ experiment: 'net-1' });
});
