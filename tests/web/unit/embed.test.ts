import { afterEach, describe, expect, it, vi } from 'vitest';
import { quoted } from '../../../www/src/base/format';
import { webAddress } from '../../../www/src/embed/address';
import { experimentSource, frameAttributes, settingsOf } from '../../../www/src/embed/attributes';
import { fetchDocument } from '../../../www/src/embed/load';

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

describe('the address of a frame', () => {
  it('sets the attributes that are allowed, and no others', () => {
    const { attributes, unknown } = frameAttributes(
      '?experiment=net-1&view=model&locked=1&compact=false&onclick=alert(1)&lab-url=javascript:alert(1)&page=&style=x&=1&CLASS=y&onclick=2',
    );
    expect([...attributes]).toEqual([
      ['experiment', 'net-1'],
      ['view', 'model'],
      ['locked', ''],
      ['compact', null],
    ]);
    expect(unknown).toEqual(['onclick', 'lab-url', 'page', 'style', '', 'CLASS']);
  });
});

it('an address must be one of the web', () => {
  for (const text of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'blob:https://a.org/1',
    'x',
    'http://',
  ])
    expect(webAddress(text)).toBeNull();
  expect(webAddress('https://a.org/b')?.href).toBe('https://a.org/b');
});

it('attributes without a setting are checked, too', () => {
  const { problems } = attributes({ theme: 'pink', 'lab-url': 'javascript:alert(1)' });
  expect(problems.map(({ name }) => name)).toEqual(['theme', 'lab-url']);
  expect(attributes({ theme: 'dark', 'lab-url': 'https://a.org/' }).problems).toEqual([]);
});

it('text from outside stays on one line, with its order, and short', () => {
  expect(quoted('a\nb\u202ec\u0000')).toBe('a\\u{a}b\\u{202e}c\\u{0}');
  expect(quoted('x'.repeat(1e6), 10)).toBe(`${'x'.repeat(10)}…`);
  expect(quoted('😀'.repeat(5), 5)).toBe('😀'.repeat(5));
});

describe('a document that does not come', () => {
  afterEach(() => vi.unstubAllGlobals());
  const load = (fetch: () => Promise<Response>) => {
    vi.stubGlobal('self', { origin: 'https://school.example' });
    vi.stubGlobal('fetch', fetch);
    const address = 'https://school.example/week.json';
    return fetchDocument('assignment', address, ['https://school.example'], async () => false);
  };

  it('is told in words of this page, not of the browser', async () => {
    const [before, after] = ['The assignment https://school.example/week.json could not be fetched: ', '(CORS).'];
    for (const failure of [
      new TypeError('Failed to fetch'),
      new DOMException('The operation timed out.', 'TimeoutError'),
    ])
      await expect(load(() => Promise.reject(failure))).rejects.toThrow(
        `${before}the network is down, or the site does not answer or does not let pages read it ${after}`,
      );
    await expect(load(async () => new Response('', { status: 404 }))).rejects.toThrow(`${before}HTTP status 404.`);
  });
});

describe('a document that comes', () => {
  afterEach(() => vi.unstubAllGlobals());
  const load = (body: BodyInit) => {
    vi.stubGlobal('self', { origin: 'https://school.example' });
    vi.stubGlobal('fetch', async () => new Response(body));
    const address = 'https://school.example/week.json';
    return fetchDocument('lesson', address, ['https://school.example'], async () => false);
  };
  const text = '{"lesson": "Größen"}';

  it('may be in UTF-16, or have a byte-order mark', async () => {
    for (const mark of ['', '\ufeff']) {
      expect((await load(mark + text)).text).toBe(text);
      expect((await load(new Uint8Array(Buffer.from(mark + text, 'utf16le')))).text).toBe(text);
    }
  });

  it('is refused where it is no text', async () => {
    await expect(load(Uint8Array.of(0x7b, 0xff, 0xfe))).rejects.toThrow('this is not a text file (UTF-8 or UTF-16)');
  });
});
