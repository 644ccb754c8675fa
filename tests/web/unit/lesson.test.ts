import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checked } from '../../../www/src/lesson/check';
import type { Lesson } from '../../../www/src/lesson/document';
import { lessonHtml } from '../../../www/src/lesson/markdown';
import { toMarkdown } from '../../../www/src/lesson/markdown-form';
import { MOST_CHARACTERS, readLesson } from '../../../www/src/lesson/read';
import { AnswerStore, isRight, type Progress } from '../../../www/src/lesson/store';

const LESSONS = new URL('../../../www/public/lessons/', import.meta.url);
const files = readdirSync(LESSONS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
const translations = files.filter((name) => name.includes('/'));

const lesson = (...parts: unknown[]): string => JSON.stringify({ lesson: 'Week 3', parts });
const number = { type: 'question', id: 'chance', text: 'How much?', answer: 10, tolerance: 0.5 };
const why = { type: 'question', id: 'why', text: 'Why?' };
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const withImage = (content: string, name = 'a.png'): string =>
  JSON.stringify({ lesson: 'A', images: { [name]: content }, parts: [{ type: 'text', text: `![A](${name})` }] });
const card = { type: 'experiment', experiment: 'mnist-10' };

describe('the lessons of the site', () => {
  it('are several', () => expect(files.length).toBeGreaterThanOrEqual(5));

  it.each(files)('%s is read, and is the same after a way through Markdown and JSON', async (name) => {
    const read = await readLesson(readFileSync(new URL(name, LESSONS), 'utf8'));
    expect(read.parts.some(({ type }) => type === 'experiment')).toBe(true);
    expect(await readLesson(toMarkdown(read))).toEqual(read);
    expect(await readLesson(JSON.stringify(read))).toEqual(read);
  });
});

describe('a lesson in another language', () => {
  it('is there for each lesson', () => expect(translations.length).toBe(files.length / 2));

  it.each(translations)('%s has the same parts, experiments and right answers', async (name) => {
    const [language = '', file = ''] = name.split('/');
    const [ours, theirs] = await Promise.all(
      [file, name].map(async (one) => readLesson(readFileSync(new URL(one, LESSONS), 'utf8'))),
    );
    expect(theirs?.language).toBe(language);
    // The answers to choose from are kept as texts, so each language keeps its own.
    expect(theirs?.id).toBe(`${ours?.id}-${language}`);
    const skeleton = (lesson: Lesson | undefined) =>
      lesson?.parts.map((part) => {
        if (part.type === 'experiment') {
          const { experiment } = part;
          const document =
            typeof experiment === 'string' ? experiment.replace('../', './') : { ...experiment, title: '' };
          return { ...part, experiment: document };
        }
        if (part.type === 'code') return { ...part, text: '' };
        if (part.type !== 'question') return { type: part.type };
        const { id, kind, choices, answer, tolerance, predict, report } = part;
        const right = choices && answer !== undefined ? choices.indexOf(String(answer)) : typeof answer;
        return {
          id,
          kind,
          count: choices?.length,
          answer: typeof answer === 'number' ? answer : right,
          tolerance,
          predict,
          report,
        };
      });
    expect(skeleton(theirs)).toEqual(skeleton(ours));
    // Titles and figures in the texts are the same.
    const figures = (lesson: Lesson | undefined) =>
      lesson?.parts.map((part) =>
        (
          JSON.stringify({ ...part, experiment: '' })
            .replace(/[,\u202f](?=\d{3}(?!\d))/g, '')
            .match(/\d+(\.\d+)?/g) ?? []
        ).sort(),
      );
    expect(figures(theirs)).toEqual(figures(ours));
  });
});

describe('the two forms', () => {
  it('say the same', async () => {
    const markdown = [
      '---\nlesson: Week 3\nhints: after\n---',
      'A *text*.\n\n```python\nprint(1)\n```',
      '```experiment\nid: run\nexperiment: mnist-10\nepochs: 2.5\nlocked: true\n```',
      '~~~question\nid: chance\ntext: |\n  How ``` much?\nanswer: 10\ntolerance: 0.5\n~~~',
      '```hint\ntext: Look.\n```',
    ].join('\n\n');
    const read = await readLesson(markdown);
    expect(read).toEqual({
      lesson: 'Week 3',
      hints: 'after',
      parts: [
        { type: 'text', text: 'A *text*.\n\n```python\nprint(1)\n```' },
        { type: 'experiment', id: 'run', experiment: 'mnist-10', epochs: 2.5, locked: true },
        { type: 'question', id: 'chance', text: 'How ``` much?\n', answer: 10, tolerance: 0.5 },
        { type: 'hint', text: 'Look.' },
      ],
    });
    expect(await readLesson(toMarkdown(read))).toEqual(read);
  });

  it('may have Windows line ends and a byte-order mark', async () => {
    const read = await readLesson('\uFEFF---\r\nlesson: A\r\n---\r\n\r\n```question\r\nid: a\r\ntext: Why?\r\n```\r\n');
    expect(read.parts).toEqual([{ type: 'question', id: 'a', text: 'Why?' }]);
  });
});

describe('a wrong document gives one error with the place', () => {
  it.each([
    ['{', /^The lesson is not valid JSON: /],
    ['[1]', /begins with a line ---/],
    ['', /begins with a line ---/],
    ['just text', /begins with a line ---/],
    ['{"lesson": "A"}', 'The lesson has an error at parts: this field is missing.'],
    [JSON.stringify({ lesson: 'A', parts: [], x: 1 }), /at parts: must have at least one part/],
    [lesson({ type: 'quiz' }), /at parts\[0\]\.type: must be "text" or .*Received: “quiz”\.$/],
    [lesson(card, { ...number, anser: 10 }), 'The lesson has an error at parts[1].anser: there is no such field here.'],
    [lesson({ ...number, answer: true }), /at parts\[0\]\.answer: must be number or string\. Received: “true”\.$/],
    [lesson({ ...number, answer: 'ten' }), /parts\[0\]\.tolerance: only a number with an answer has a tolerance/],
    [lesson({ ...number, kind: 'number', answer: 'ten' }), /parts\[0\]\.answer: .*Received: “ten”/],
    [lesson({ ...number, kind: 'number', answer: '17,386' }), /answer: “17,386” can be 17386 or 17\.386; write one of/],
    [
      lesson({ ...number, tolerance: '1,500' }),
      /parts\[0\]\.tolerance: “1,500” can be 1500 or 1\.5; write one of these/,
    ],
    [lesson(why, why), /parts\[1\]\.id: the id “why” is used twice/],
    [lesson({ ...why, id: '../x' }), /parts\[0\]\.id: must be a name of letters.*Received: “\.\.\/x”/],
    [lesson({ ...why, choices: ['a'] }), /parts\[0\]\.choices: must have 2 to 20 choices/],
    [lesson({ ...why, choices: ['a', 'b'], answer: 'c' }), /parts\[0\]\.answer: the answer must be one of the choices/],
    [lesson({ ...why, predict: true }), /parts\[0\]\.predict: a prediction needs an experiment after it/],
    [lesson({ ...card, batch: 1.5 }), /parts\[0\]\.batch: must be a whole number\. Received: “1\.5”/],
    [lesson({ ...card, epochs: 1.23456 }), /parts\[0\]\.epochs: must be a number with at most 4 decimals\. Received:/],
    [lesson({ type: 'experiment' }), /parts\[0\]\.experiment: a card needs an experiment or an assignment/],
    [lesson({ ...why, report: 'gap', kind: 'number' }), /parts\[0\]\.report: only the answer of a text can be/],
    [lesson({ ...why, report: 'accuracies' }), /parts\[0\]\.report: must be .*Received: “accuracies”/],
    [lesson({ type: 'code', id: 'a' }), /parts\[0\]\.experiment: this field is missing/],
    [withImage('data:image/svg+xml;base64,PHN2Zz4='), /images\.a\.png: must be a PNG, JPEG, WebP or GIF image/],
    [withImage('data:image/png;base64,PHN2Zz4='), /images\.a\.png: must be a PNG, JPEG, WebP or GIF image/],
    [withImage('data:text/html;base64,iVBORw0KGg'), /images\.a\.png: must be a PNG, JPEG, WebP or GIF image/],
    [withImage('https://a.example/x.png'), /images\.a\.png: must be a PNG, JPEG, WebP or GIF image/],
    [withImage(`${PNG}"><svg/onload=alert(1)>`), /images\.a\.png: must be a PNG, JPEG, WebP or GIF image/],
    [withImage(PNG + 'A'.repeat(1_400_000)), /images\.a\.png: is too large: an image may have 1 MB/],
    [lesson({ ...card, experiment: 3 }), /parts\[0\]\.experiment: must be .*Received: “3”/],
    ['---\nlesson: A\n---\n\ntext\n\n```question\nid: a\n```', /at line 7, text: this field is missing/],
    ['---\nlesson: A\n---\n\n```question\nid: [\n```', /at line [67]: the YAML of “question” cannot be read/],
    ['---\nlesson: [\n---\n', /at line 2: the YAML of “front matter” cannot be read/],
    ['---\n- a\n---\n', /at line 2: “front matter” must consist of fields/],
    ['---\nlesson: 3\n---\n\nx', /at front matter, lesson: must be string\. Received: “3”/],
    ['---\nlesson: A\nparts: []\n---\n', /at front matter, parts/],
    [`---\nlesson: A\n---\n\n\`\`\`question\na: &a [1]\nb: [${'*a, '.repeat(200)}]\n\`\`\``, /line [56]/],
    [`{"lesson":"A","parts":${'['.repeat(5000)}${']'.repeat(5000)}}`, /nested 5001 levels deep/],
    ['x'.repeat(MOST_CHARACTERS + 1), /at most 4,194,304 characters/],
  ])('%.60s', async (source, expected) => {
    const error: Error = await readLesson(source).then(
      () => expect.fail('it was read'),
      (error) => error,
    );
    expect(error.message).toMatch(expected);
    expect(error.message.split('\n')).toHaveLength(1);
  });
});

describe('the text', () => {
  it.each([
    ['<script>alert(1)</script>', /&lt;script&gt;/],
    ['<img src=x onerror=alert(1)>', /&lt;img/],
    ['[x](javascript:alert(1))', /^<p>\[x\]/],
    ['[x](JaVaScRiPt:alert(1))', /^<p>\[x\]/],
    ['[x](&#106;avascript:alert(1))', /^<p>\[x\]/],
    ['![x](data:image/svg+xml,<svg/onload=alert(1)>)', /^<p>!\[x\]/],
    ['[x](vbscript:x)', /^<p>\[x\]/],
    ['[x](file:///etc/passwd)', /^<p>\[x\]/],
  ])('%s is shown, not obeyed', (text, shown) => {
    const html = lessonHtml(text, 'https://a.example/lessons/x.md');
    expect(html).toMatch(shown);
    expect(html).not.toMatch(/<script|<img|href="(?!https)/i);
  });

  it('has addresses relative to the lesson, and no style attributes', () => {
    const html = lessonHtml(
      '# A\n\n[b](../b.html) ![c](c.png)\n\n| a |\n| -: |\n| 1 |',
      'https://a.example/lessons/x.md',
    );
    expect(html).toContain('<h2>A</h2>');
    expect(html).toContain('href="https://a.example/b.html"');
    expect(html).toContain('src="https://a.example/lessons/c.png"');
    expect(html).toContain('<td class="right">');
    expect(html).not.toContain('style=');
  });

  it('shows an image of the lesson itself as a blob, and no other data', async () => {
    const { images, parts } = await readLesson(withImage(PNG));
    const [part] = parts;
    const shown = (text: string, with_ = images) => lessonHtml(text, 'https://a.example/lessons/x.md', with_);
    const html = shown(part?.type === 'text' ? part.text : '');
    const [, address = ''] = /<img src="(blob:[^"]+)" alt="A" loading="lazy">/.exec(html) ?? [];
    const content = await fetch(address);
    expect(content.headers.get('content-type')).toBe('image/png');
    expect((await content.arrayBuffer()).byteLength).toBe(70);
    expect(shown('![A](a.png)'), 'the same address again').toContain(address);
    expect(shown('![A](b.png)')).toContain('src="https://a.example/lessons/b.png"');
    expect(shown('![A](constructor)')).toContain('src="https://a.example/lessons/constructor"');
    expect(shown(`![A](${PNG})`), 'an address in the text').not.toContain('<img');
    expect(shown('[a](a.png)'), 'a link').toContain('href="https://a.example/lessons/a.png"');
    // What the check refuses is not shown either.
    expect(shown('![A](x)', { x: 'data:image/svg+xml;base64,PHN2Zz4=' })).not.toContain('blob:');
    expect(await readLesson(toMarkdown(await readLesson(withImage(PNG))))).toEqual(await readLesson(withImage(PNG)));
  });

  it('is shown in bounded time', () => {
    const hostile = [
      '>'.repeat(50_000),
      '['.repeat(50_000),
      '*a '.repeat(30_000),
      '`'.repeat(50_000),
      '- '.repeat(20_000),
    ];
    const started = performance.now();
    for (const text of hostile) lessonHtml(text, '');
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 30_000);
});

describe('the answers', () => {
  const document: Lesson = checked(JSON.parse(lesson(number, why, { ...card, id: 'run' })));
  const memory = (kept: unknown = null) => {
    const keeper = {
      kept,
      words: { kept: '', notKept: '' },
      read: () => keeper.kept,
      write: (progress: Progress) => {
        keeper.kept = progress;
        return true;
      },
    };
    return keeper;
  };

  it('are kept, counted and carried', () => {
    const keeper = memory();
    const store = new AnswerStore(document, keeper);
    expect(store.done).toEqual({ done: 0, all: 3 });
    store.give('chance', { value: 10.4 });
    store.give('why', { value: '' });
    expect(store.answers).toEqual({ chance: 10.4 });
    store.finish('run', { accuracy: 0.9 });
    expect(store.done).toEqual({ done: 2, all: 3 });
    expect(store.score).toEqual({ right: 1, all: 1 });
    expect(new AnswerStore(document, keeper).answers).toEqual({ chance: 10.4 });
    store.give('chance', { value: 10, shown: true });
    expect(store.score).toEqual({ right: 0, all: 1 });
    store.clear();
    expect(store.done.done).toBe(0);
  });

  it.each([
    'text',
    [],
    {
      answers: { chance: { value: 'ten' }, other: { value: 1 }, why: { value: 5 } },
      runs: { run: { accuracy: 'all' } },
    },
    { answers: { chance: 3, __proto__: { why: { value: 'x' } } }, runs: 7 },
    { answers: { why: { value: 'x'.repeat(5000) } } },
  ])('that do not fit are left out: %j', (kept) => {
    const store = new AnswerStore(document, memory(kept));
    expect([store.answers, store.done.done]).toEqual([{}, 0]);
  });

  it('are right as `convlab verify` counts it', () => {
    expect(isRight({ ...number, type: 'question', answer: 0.3, tolerance: 0.1 }, 0.2)).toBe(true);
    expect(isRight({ ...number, type: 'question' }, 10.6)).toBe(false);
    expect(isRight({ type: 'question', id: 'a', text: '?', answer: 'ReLU' }, ' relu ')).toBe(true);
    expect(isRight({ type: 'question', id: 'a', text: '?', answer: 5 }, 5)).toBe(true);
  });
});
