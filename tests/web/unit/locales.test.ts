/** Every catalogue has every text, in its language, with the same values in it. The compiler checks names and parameters. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import presets from '../../../www/pkg-presets/presets.json';
import { integer } from '../../../www/src/base/format';
import {
  type Catalogue,
  direction,
  language,
  lessonIn,
  localized,
  phrase,
  presetText,
  speak,
} from '../../../www/src/base/localized';
import { PROFILES } from '../../../www/src/cost/profiles';
import { OFFICIAL } from '../../../www/src/data/sources';
import { EXPERIMENT } from '../../../www/src/forms/schema';
import { german } from '../../../www/src/locales/de';
import { known } from '../../../www/src/locales/language';

const SOURCES = fileURLToPath(new URL('../../../www/src/', import.meta.url));
const LESSONS = fileURLToPath(new URL('../../../www/public/lessons/', import.meta.url));
const CATALOGUES: Record<string, Catalogue> = { de: german };

/** Words that are the same in German. */
const SAME = new Set(
  `Convlab Experiment Engine Auto CPU WebGPU Seed Training Test Code Text Name Start Original Browser Dropout Export Sweep
  Build MACs FLOPs F1 Recall PCA UMAP Grad-CAM Gradient Checkpoint plausibel Parameter parameter ONNX SCORM
  Roofline Markdown Notebook in Grad CAM MB`.split(/\s+/),
);

/** Texts without a word that could be translated: formulas, units, names, sentences that only put values together. */
const isNeutral = (text: string): boolean =>
  text
    .replace(/<\d+>|C_\w+|O_\w+|GFLOP\/s|GB\/s|[KM]B|ms\b|safetensors|JSON|CSV|\.\w+/g, '')
    .match(/\p{L}{2,}/gu)
    ?.every((w) => SAME.has(w)) ?? true;

type Leaf = string | ((...values: never[]) => string);

/** All texts below an object, by their paths. */
function leaves(value: unknown, path: string): [path: string, leaf: Leaf][] {
  if (typeof value === 'string' || typeof value === 'function') return [[path, value as Leaf]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** Sample values: numbers that no text has by itself. A function may need another kind of value. */
const SPECIAL: Record<string, unknown[]> = {
  'GET.consent': ['<1>', ['<2>', '<3>']],
  'GET.failed': ['<1>', ['<2>', '<3>']],
  'IMPORT.unsupported': ['<1>', ['<2>', '<3>']],
  'IMPORT.matched': [['<1>', '<2>']],
  'EXPECTED.oneOf': [['<1>', '<2>']],
  'EMBED.notAddress': ['lesson', '<2>'],
  'EMBED.notAgreed': ['experiment', '<2>'],
  'EMBED.notFetched': ['assignment', '<2>', '<3>'],
  'EMBED.tooLarge': ['lesson', 7 << 20],
  'EMBED.question.title': ['lesson', '<2>'],
  'FORMS.expected': [{ whole: true, minimum: 11, maximum: 12, exclusiveMinimum: 13, exclusiveMaximum: 14 }],
  'LESSON.tooLarge': [70001],
  'RESULTS.cell': [70001, '<2>', '<3>'],
  'CLASS_CURVES.bin': [70001, '<2>', '<3>'],
  'EMBEDDING.layer': ['<1>', 70001, 70002],
  'EMBEDDING.chosen': [70001, 70002],
  'PREDICTIONS.count': [70001, 70002, 70003],
  'COST.step': [70001],
  'COST.epoch': [70001],
  'COST.best': [70001],
  'COST.measuredNoise': [70001],
  'DEVICE.memoryValue': ['8'],
};

const samples = (path: string, count: number): unknown[] =>
  SPECIAL[path] ?? Array.from({ length: count }, (_, i) => `<${i + 1}>`);

/** The values that a sentence shows. */
const shown = (text: string): string[] =>
  [...new Set(text.replace(/[,\u202f](?=\d{3})/g, '').match(/<\d+>|\d+/g))].sort();

/** The English texts of all rooms, by their names. */
async function englishTexts(): Promise<Map<string, object>> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^\w+\/((report|runs|camera|chooser|others|import|host)-)?text\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(20);
  const found = new Map<string, object>();
  for (const file of files) {
    const source = readFileSync(SOURCES + file, 'utf8');
    const module = (await import(`${SOURCES}${file}`)) as Record<string, object>;
    for (const [, name = '', key] of source.matchAll(/^(?:export )?const (\w+) = localized\('(\w+)'/gm)) {
      expect(key, `${file} registers ${name} under its name`).toBe(name);
      expect([...found.keys()], `${name} of ${file} is there once`).not.toContain(name);
      found.set(name, structuredCloneOf(module[name] ?? {}));
    }
  }
  return found;
}

/** A copy, since speaking a language replaces the texts themselves. */
function structuredCloneOf(value: unknown): object {
  const copy = (one: unknown): unknown =>
    Array.isArray(one)
      ? one.map(copy)
      : typeof one === 'object' && one !== null
        ? Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, copy(inner)]))
        : one;
  return copy(value) as object;
}

const english = await englishTexts();

describe.each(Object.entries(CATALOGUES))('the catalogue %s', (code, catalogue) => {
  test('has every text of every room, and no other', () => {
    expect(Object.keys(catalogue.texts).sort()).toEqual([...english.keys()].sort());
    for (const [name, texts] of english) {
      const paths = leaves(catalogue.texts[name], name).map(([path]) => path);
      expect(paths.sort()).toEqual(
        leaves(texts, name)
          .map(([path]) => path)
          .sort(),
      );
    }
  });

  test('leaves no text in English, and shows the same values', () => {
    const same: string[] = [];
    const lost: string[] = [];
    let count = 0;
    for (const [name, texts] of english) {
      const others = new Map(leaves(catalogue.texts[name], name));
      for (const [path, ours] of leaves(texts, name)) {
        const theirs = others.get(path);
        count += 1;
        const say = (leaf: Leaf | undefined): string =>
          typeof leaf === 'function'
            ? (leaf as (...values: unknown[]) => string)(...samples(path, (ours as () => string).length))
            : String(leaf);
        const [a, b] = [say(ours), say(theirs)];
        if (a === b && !isNeutral(a)) same.push(`${path}: ${a}`);
        if (typeof ours === 'function' && String(shown(a)) !== String(shown(b))) lost.push(`${path}: ${a} | ${b}`);
      }
    }
    expect(count).toBeGreaterThan(900);
    expect(same).toEqual([]);
    expect(lost).toEqual([]);
  });

  test('has every experiment, with the same figures', () => {
    expect(Object.keys(catalogue.presets).sort()).toEqual(presets.map(({ name }) => name).sort());
    for (const { name, title, text } of presets as { name: string; title: string; text: string }[]) {
      const theirs = catalogue.presets[name];
      expect(theirs?.text).not.toBe(text);
      const figures = (one = '') =>
        one
          .replace(/[,\u202f](?=\d{3}(?!\d))/g, '')
          .match(/\d+(\.\d+)?/g)
          ?.sort();
      expect(figures(theirs?.text), name).toEqual(figures(text));
      expect(figures(theirs?.title), name).toEqual(figures(title));
      const codes = (one = '') => one.match(/`[^`]+`/g)?.sort();
      expect(codes(theirs?.text), name).toEqual(codes(text));
    }
  });

  test('has the help of every option, and every fixed sentence of the data and the cost sheet', () => {
    const sentences = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'help' && typeof inner === 'string' && inner) sentences.add(inner);
        else collect(inner);
      }
    };
    collect(EXPERIMENT);
    expect(sentences.size).toBeGreaterThan(200);
    for (const { about, download } of Object.values(OFFICIAL)) sentences.add(about).add(download);
    for (const { name, about } of Object.values(PROFILES)) sentences.add(name).add(about);
    const rust = readFileSync(`${SOURCES}../../src/cost/alexnet.rs`, 'utf8').replace(/\\\n\s*/g, '');
    for (const [, text = ''] of rust.matchAll(/^const \w+: &str = "([^"]+)";/gm)) sentences.add(text);
    for (const [, text = ''] of rust.matchAll(/total\("([^"]+)"/g)) sentences.add(`total ${text}`);
    for (const [, what = '', how = ''] of rust.matchAll(/\brow\(\s*"([^"]+)",\s*"([^"]+)"/g))
      sentences.add(what).add(how);
    expect(sentences.size).toBeGreaterThan(240);
    const missing = [...sentences].filter((one) => !catalogue.phrases[one] && !isNeutral(one));
    expect(missing).toEqual([]);
  });

  test('has every sentence of the list of lessons', () => {
    const page = readFileSync(`${SOURCES}../lessons.html`, 'utf8').replace(/<head>[\s\S]*<\/head>/, '');
    const texts = [...page.matchAll(/>([^<]+)</g), ...page.matchAll(/aria-label="([^"]+)"/g)];
    const sentences = texts
      .map(([, text = '']) => text.replace(/\s+/g, ' ').trim())
      .filter((text) => /\p{L}/u.test(text));
    expect(sentences.length).toBeGreaterThan(30);
    expect(sentences.filter((one) => !catalogue.phrases[one] && !isNeutral(one))).toEqual([]);
  });

  test('counts one of a thing in the singular', () => {
    const all = (room: Record<string, object>) => {
      const { RESULTS, EMBEDDING, PREDICTIONS, COST } = room as never as Record<
        string,
        Record<string, (...of: unknown[]) => string>
      >;
      return [RESULTS?.cell?.(1, 'a', 'b'), EMBEDDING?.chosen?.(1, 1), PREDICTIONS?.count?.(1, 1, 1), COST?.step?.(1)];
    };
    expect(all(Object.fromEntries(english)).join(' ')).not.toMatch(/images|mistakes/);
    expect(all(catalogue.texts as Record<string, object>).join(' ')).not.toMatch(/Bilder/);
  });

  test('has every lesson that it names', () => {
    for (const name of catalogue.lessons) expect(readdirSync(LESSONS + code)).toContain(name);
    expect(readdirSync(LESSONS + code).sort()).toEqual([...catalogue.lessons].sort());
  });
});

test('a language that is not there is none, and variants of a language are that language', () => {
  expect(['de', 'de-AT', 'DE-ch', 'en-GB', 'fr', '', 'constructor'].map(known)).toEqual([
    'de',
    'de',
    'de',
    'en',
    '',
    '',
    '',
  ]);
});

test('texts are replaced in the objects that the rooms have, before and after the catalogue is there', () => {
  const before = localized('BEFORE', { title: 'Title', inner: { of: (n: number) => `${n} of`, list: ['a', 'b'] } });
  const { inner } = before;
  expect(integer(1_234_567)).toBe('1,234,567');
  expect(phrase('Clothes')).toBe('Clothes');
  expect(lessonIn('./lessons/x.md')).toBe('./lessons/x.md');
  speak({
    ...german,
    lessons: ['x.md'],
    texts: {
      BEFORE: { title: 'Titel', inner: { of: (n: number) => `${n} von`, list: ['ä', 'b'] } },
      AFTER: { title: 'Später' },
    },
  });
  expect([before.title, inner.of(3), ...inner.list]).toEqual(['Titel', '3 von', 'ä', 'b']);
  expect(localized('AFTER', { title: 'After' }).title).toBe('Später');
  expect(integer(1_234_567)).toBe('1\u202f234\u202f567');
  expect(phrase('Clothes')).toBe('Kleidung');
  expect(lessonIn('./lessons/x.md')).toBe('./lessons/de/x.md');
  expect(lessonIn('https://example.org/lessons/x.md')).toBe('https://example.org/lessons/x.md');
  expect([language(), direction()]).toEqual(['de', 'ltr']);
  const own = presetText({ id: 'net-1', title: 'NET I', text: '', experiment: { title: 'NET I' } });
  expect(own.title).toContain('ein erstes Netz');
  expect(own.experiment.title).toBe('NET I');
  expect(presetText({ id: 'mine', title: 'Mine', text: '' }).title).toBe('Mine');
});
