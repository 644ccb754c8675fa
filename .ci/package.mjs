// The npm package → dist: two modules, their worker and engine, and the types of what they export.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWasm } from './build-wasm.mjs';
import { fail, root, run } from './lib.mjs';

const dist = join(root, 'dist');
const sources = join(root, 'www/src');
const ENTRIES = ['index', 'element'];
/** One file each: bundlers make of a worker a script of one piece, unless they are told otherwise. */
const WORKERS = { worker: 'worker/worker.ts', lane: 'worker/lane.ts', decoder: 'worker/decoder.ts' };
/** What the module of each folder is called. */
const ENGINES = { pkg: 'engine', 'pkg-relaxed': 'engine-relaxed', 'pkg-tools': 'tools', 'pkg-files': 'files' };
const WASM = 'convlab_bg.wasm';

export async function buildPackage() {
  buildWasm();
  rmSync(dist, { recursive: true, force: true });
  await bundle(Object.fromEntries(ENTRIES.map((name) => [name, join(sources, 'package', `${name}.ts`)])));
  for (const [name, file] of Object.entries(WORKERS)) {
    await bundle({ [name]: join(sources, file) }, { codeSplitting: false });
  }
  for (const [folder, name] of Object.entries(ENGINES)) {
    cpSync(join(root, 'www', folder, WASM), join(dist, `${name}.wasm`));
  }
  types();
}

/** Readable, for the user's own bundler makes it small; names stay the same from build to build. */
async function bundle(input, more) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input,
    platform: 'browser',
    tsconfig: join(root, 'www/tsconfig.json'),
    plugins: [inlineText, addresses],
  });
  await build.write({ dir: dist, chunkFileNames: '[name].js', ...more });
}

/** A style sheet as text, as Vite understands `?inline`. */
const inlineText = {
  name: 'convlab:inline-text',
  load(id) {
    if (!id.endsWith('?inline')) return null;
    return {
      code: `export default ${JSON.stringify(readFileSync(id.replace('?inline', ''), 'utf8'))}`,
      moduleType: 'js',
    };
  },
};

/** Workers and engines lie beside the modules that name them. */
const addresses = {
  name: 'convlab:addresses',
  transform(code, id) {
    const engine = ENGINES[basename(dirname(id))];
    return engine
      ? code.replace(`new URL('${WASM}',`, `new URL('./${engine}.wasm',`)
      : code.replace(/new URL\('\.\/(\w+)\.ts',/g, "new URL('./$1.js',");
  },
};

/** Declarations of everything, of which only those that the entries lead to are kept. */
function types() {
  const all = join(root, 'node_modules/.cache/convlab-types');
  rmSync(all, { recursive: true, force: true });
  mkdirSync(all, { recursive: true });
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'www', '--outDir', all];
  run('tsc', ['-p', 'www', ...options]);
  for (const pkg of ['pkg', 'pkg-tools', 'pkg-files'])
    cpSync(join(root, `www/${pkg}/convlab.d.ts`), join(all, `${pkg}/convlab.d.ts`));
  // A set may grow while it is walked: newcomers are walked too.
  const wanted = new Set(ENTRIES.map((name) => join(all, `src/package/${name}.d.ts`)));
  for (const file of wanted) keep(file, all, wanted);
  for (const name of ENTRIES) {
    writeFileSync(join(dist, `${name}.d.ts`), `export * from './types/src/package/${name}.js';\n`);
  }
}

/** Copies one declaration, its imports written out for every resolver, and asks for what it imports. */
function keep(file, all, wanted) {
  // `using` needs a newer library than a user's project may have, and `free` does the same.
  const source = readFileSync(file, 'utf8').replaceAll(/^ *\[Symbol\.dispose\]\(\): void;\n/gm, '');
  const text = source.replace(/(from |import\()(['"])(\.[^'"]+)\2/g, (_, before, quote, path) => {
    const target = resolve(dirname(file), path.replace(/\.js$/, ''));
    wanted.add(`${target}.d.ts`);
    return `${before}${quote}${path.replace(/\.js$/, '')}.js${quote}`;
  });
  const to = join(dist, 'types', relative(all, file));
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildPackage().catch(fail);
