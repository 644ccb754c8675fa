import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { expect, test } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../../www/src/', import.meta.url));

/** The rooms of the page by floors, from the ground up. A room imports from lower floors only, never from its neighbours. */
const FLOORS = [
  ['base', 'offline'],
  ['worker'],
  ['lab'],
  ['locales'],
  ['ui'],
  ['charts', 'forms'],
  [
    'run',
    'data',
    'model',
    'inside',
    'results',
    'predictions',
    'compare',
    'cost',
    'search',
    'device',
    'embed',
    'embedding',
  ],
  ['live', 'lesson'],
  ['editor'],
  ['parts'],
  ['conv-lab', 'class'],
  ['pages', 'package'],
];

/** The lab is made of the parts in the views' rooms; each part declares the members it needs of the lab as an interface. */
const isPartOfLab = (from: string, to: string): boolean => from === 'lab/lab.ts' && /^\w+\/lab-\w+\.ts$/.test(to);

/** A catalogue has the types of the English texts, wherever they are. */
const isCatalogue = (from: string, to: string): boolean =>
  /^locales\/\w+\//.test(from) && /^\w+\/(\w+-)?text\.ts$/.test(to);

/** The folder of a file; the element `conv-lab.ts` is outside the folders and is a separate room. */
const roomOf = (file: string): string => file.split('/')[0]?.replace(/\.ts$/, '') ?? '';

const floorOf = (file: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

type Graph = ReadonlyMap<string, readonly string[]>;

/** The files that a module imports, including type imports and dynamic imports. */
function importsOf(file: string, text: string): string[] {
  const found: string[] = [];
  const add = ({ source }: { source?: unknown }) => {
    const { value } = (source ?? {}) as { value?: unknown };
    if (typeof value === 'string' && value.startsWith('.')) found.push(normalize(join(dirname(file), value)));
  };
  const visitor = new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
  });
  const { program, errors } = parseSync(file, text);
  expect(errors).toEqual([]);
  visitor.visit(program);
  return [...new Set(found)];
}

function readSources(): Graph {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const targets = importsOf(file, readFileSync(join(SOURCES, file), 'utf8')).map((path) => `${path}.ts`);
    graph.set(
      file,
      targets.filter((path) => existsSync(join(SOURCES, path)) && !path.startsWith('..')),
    );
  }
  return graph;
}

/** The cycles that a depth-first search finds, each as its files in order. */
function cycles(graph: Graph): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}

/** Imports that do not lead to a lower floor. */
function upward(graph: Graph): string[] {
  const found: string[] = [];
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const isAllowed =
        roomOf(from) === roomOf(to) || floorOf(from) > floorOf(to) || isPartOfLab(from, to) || isCatalogue(from, to);
      if (!isAllowed) found.push(`${from} → ${to}`);
    }
  }
  return found;
}

const graph = readSources();

test('every file of the page is in a room', () => {
  expect([...graph.keys()].filter((file) => floorOf(file) < 0)).toEqual([]);
  // A parser that found no imports would make the other tests pass.
  expect([...graph.values()].flat().length).toBeGreaterThan(400);
});

test('imports have no cycles', () => {
  expect(cycles(graph)).toEqual([]);
});

test('imports lead to lower floors, and no view’s room imports from another’s', () => {
  expect(upward(graph)).toEqual([]);
});

test('the checks name the files of a cycle and of a wrong import', () => {
  const text =
    "import type { B } from '../lab/b'; export * from './c'; const d = () => import('./d'); type E = import('./e').E;";
  expect(importsOf('run/a.ts', text)).toEqual(['lab/b', 'run/c', 'run/d', 'run/e']);
  const wrong = new Map([
    ['ui/a.ts', ['run/b.ts']],
    ['run/b.ts', ['data/c.ts']],
    ['data/c.ts', ['ui/a.ts', 'base/format.ts']],
    ['lab/lab.ts', ['data/lab-data.ts', 'data/view.ts']],
  ]);
  expect(cycles(wrong)).toEqual(['ui/a.ts → run/b.ts → data/c.ts → ui/a.ts']);
  expect(upward(wrong)).toEqual(['ui/a.ts → run/b.ts', 'run/b.ts → data/c.ts', 'lab/lab.ts → data/view.ts']);
});
