import type { TemplateResult } from 'lit';
import { describe, expect, test } from 'vitest';
import { jsonText } from '../../../www/src/base/json-text';
import { browserOf } from '../../../www/src/base/platform';
import { gpuNotice } from '../../../www/src/lab/text';
import { inline, markdown } from '../../../www/src/ui/markdown';
import { fileNameOf } from '../../../www/src/worker/fetch';

/** A template as text, to check it without a browser. */
function flat(value: unknown): string {
  if (Array.isArray(value)) return value.map(flat).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  const { strings, values } = value as TemplateResult;
  return strings.map((text, i) => text + (i < values.length ? flat(values[i]) : '')).join('');
}

describe('Markdown', () => {
  test('inline marks', () => {
    expect(flat(inline('**bold** and *soft* with `code_*x*`'))).toBe(
      '<strong>bold</strong> and <em>soft</em> with <code>code_*x*</code>',
    );
  });

  test('blocks', () => {
    expect(flat(markdown('# Title\nSome\ntext.\n\n- one\n- two\n  more\n\n1. first'))).toBe(
      '<h3>Title</h3><p>Some text.</p><ul><li>one</li><li>two more</li></ul><ol><li>first</li></ol>',
    );
  });

  test('only web addresses become links', () => {
    expect(flat(inline('[a](https://example.org/x) [b](javascript:alert(1))'))).toContain('[b](javascript:alert(1))');
    expect(inline('[a](https://example.org/x)')).toHaveLength(1);
  });

  test('markup in a text is not interpreted', () => {
    expect(inline('<img src=x onerror=alert(1)>')).toEqual(['<img src=x onerror=alert(1)>']);
  });
});

describe('compact JSON', () => {
  test('short values stay on one line; the document is on several lines', () => {
    expect(jsonText({ name: 'net', layers: [{ type: 'dense', units: 10 }], none: undefined })).toBe(
      '{\n  "name": "net",\n  "layers": [{"type": "dense", "units": 10}]\n}',
    );
  });

  test('long lists have one item per line, and the JSON value is unchanged', () => {
    const value = {
      layers: Array.from({ length: 6 }, (_, i) => ({ type: 'conv2d', filters: i, padding: 'same' })),
      e: [],
    };
    const text = jsonText(value);
    expect(text.split('\n')).toHaveLength(2 + 1 + 6 + 1 + 1);
    expect(JSON.parse(text)).toEqual(value);
  });
});

test('a file’s name from its address', () => {
  expect(fileNameOf('https://example.org/a/cifar-10-binary.tar.gz?x=1#y')).toBe('cifar-10-binary.tar.gz');
  expect(fileNameOf('https://example.org/my%20file.gz')).toBe('my file.gz');
  expect(fileNameOf('https://example.org/')).toBe('download');
  expect(fileNameOf('https://example.org/100%.gz')).toBe('100%.gz');
});

describe('WebGPU that is off', () => {
  const agents = {
    'chromium-linux':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    chromium:
      'Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0',
    firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    safari:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    other: 'Something/1.0',
  } as const;

  test.each(Object.entries(agents))('%s is recognised', (name, agent) => expect(browserOf(agent)).toBe(name));

  test('each browser has its own instructions; there are none if WebGPU works', () => {
    const hints = Object.keys(agents).map((name) => gpuNotice({ state: 'missing' }, name as keyof typeof agents));
    expect(new Set(hints).size).toBe(hints.length);
    expect(gpuNotice({ state: 'ready', adapter: 'a card', software: false }, 'chromium')).toBeNull();
    expect(gpuNotice({ state: 'insecure' }, 'chromium')).toContain('https');
  });
});
