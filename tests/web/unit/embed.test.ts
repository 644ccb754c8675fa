import { describe, expect, it } from 'vitest';
import { experimentSource, settingsOf } from '../../../www/src/embed/attributes';

const attributes = (values: Record<string, string>) => settingsOf((name) => values[name] ?? null);

describe('the attributes of <conv-lab>', () => {
  it('become the settings of an address', () => {
    const { search, problems } = attributes({ engine: 'cpu', view: 'model', epochs: '3', seed: '' });
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({ engine: 'cpu', tab: 'model', epochs: '3' });
    expect(problems).toEqual([]);
  });

  it('are reported by name if they are invalid', () => {
    const { search, problems } = attributes({ view: 'everything', epochs: 'many', data: 'synthetic' });
    expect(search).toBe('?data=synthetic');
    expect(problems.map(({ name, received }) => [name, received])).toEqual([
      ['view', 'everything'],
      ['epochs', 'many'],
    ]);
    expect(problems[0]?.expects).toContain('run');
  });
});

describe('the experiment', () => {
  it.each([
    ['net-1', { kind: 'preset', id: 'net-1' }],
    [' net-1 ', { kind: 'preset', id: 'net-1' }],
    ['lesson.json', { kind: 'url', url: 'lesson.json' }],
    ['https://example.org/a/lesson', { kind: 'url', url: 'https://example.org/a/lesson' }],
    ['{"name": "mine"}', { kind: 'json', text: '{"name": "mine"}' }],
    ['', { kind: 'preset', id: '' }],
  ])('%j', (value, source) => expect(experimentSource(value)).toEqual(source));
});
