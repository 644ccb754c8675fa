// Builds the npm package in dist: two modules, their workers and engines, and their type declarations.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildWasm } from './build-wasm.mjs';
import { fail, root, run } from './lib.mjs';

const dist = join(root, 'dist');
const sources = join(root, 'www/src');
const ENTRIES = ['index', 'element'];
/** Each worker is bundled into one file, because bundlers by default treat a worker as one script. */
const WORKERS = {
  worker: 'worker/worker.ts',
  lane: 'worker/lane.ts',
  decoder: 'worker/decoder.ts',
  'project.worker': 'embedding/project.worker.ts',
};
/** The file names of the modules, by folder. */
const ENGINES = {
  pkg: 'engine',
  'pkg-relaxed': 'engine-relaxed',
  'pkg-extended': 'engine-extended',
  'pkg-extended-relaxed': 'engine-extended-relaxed',
  'pkg-tools': 'tools',
  'pkg-files': 'files',
  'pkg-import': 'import',
};
const WASM = 'convlab_bg.wasm';
const SCHEMA = 'experiment.schema.json';
/** A notebook loads the widget's module alone, so these files are inside it, each after those that it loads. */
const WIDGET = 'anywidget';
const INSIDE = ['engine', 'engine-relaxed', 'engine-extended', 'engine-extended-relaxed', 'tools', 'files'].map(
  (name) => `${name}.wasm`,
);

export async function buildPackage() {
  await buildWasm();
  rmSync(dist, { recursive: true, force: true });
  await bundle(Object.fromEntries(ENTRIES.map((name) => [name, join(sources, 'package', `${name}.ts`)])));
  for (const [name, file] of Object.entries(WORKERS)) {
    await bundle({ [name]: join(sources, file) }, { codeSplitting: false });
  }
  for (const [folder, name] of Object.entries(ENGINES)) {
    cpSync(join(root, 'www', folder, WASM), join(dist, `${name}.wasm`));
  }
  await widget();
  cpSync(join(root, 'www', SCHEMA), join(dist, SCHEMA));
  types();
}

/** Bundles without minifying, which the user's bundler does, and with stable file names. */
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

/** Bundles the widget: the element as one script, and all files as compressed text before it. */
async function widget() {
  const parts = join(root, 'node_modules/.cache/convlab-widget');
  rmSync(parts, { recursive: true, force: true });
  const scripts = { ...WORKERS, element: 'package/element.ts' };
  for (const [name, file] of Object.entries(scripts).reverse()) {
    await bundle({ [name]: join(sources, file) }, { codeSplitting: false, minify: true, dir: parts });
  }
  const names = [...INSIDE, 'decoder.js', 'lane.js', 'worker.js', 'element.js'];
  const pack = (name) => {
    const file = join(name.endsWith('.js') ? parts : dist, name);
    return [name, gzipSync(readFileSync(file), { level: 9 }).toString('base64')];
  };
  const files = JSON.stringify(Object.fromEntries(names.map(pack)));
  await bundle(
    { [WIDGET]: join(sources, `package/${WIDGET}.ts`) },
    { codeSplitting: false, banner: `const CONVLAB_FILES = ${files};` },
  );
}

/** Imports a style sheet as text for the suffix `?inline`, as Vite does. */
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

/** Rewrites the addresses of workers and engines, which are in the same folder as the modules. */
const addresses = {
  name: 'convlab:addresses',
  transform(code, id) {
    const engine = ENGINES[basename(dirname(id))];
    return engine
      ? code.replace(`new URL('${WASM}',`, `new URL('./${engine}.wasm',`)
      : code.replace(/new URL\('\.\/([\w.]+)\.ts',/g, "new URL('./$1.js',");
  },
};

/** Writes the declarations of all sources, and copies those that the entries import. */
function types() {
  const all = join(root, 'node_modules/.cache/convlab-types');
  rmSync(all, { recursive: true, force: true });
  mkdirSync(all, { recursive: true });
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'www', '--outDir', all];
  run('tsc', ['-p', 'www', ...options]);
  for (const pkg of ['pkg', 'pkg-extended', 'pkg-tools', 'pkg-files', 'pkg-import'])
    cpSync(join(root, `www/${pkg}/convlab.d.ts`), join(all, `${pkg}/convlab.d.ts`));
  // Iterating over a set includes the elements that are added meanwhile.
  const wanted = new Set([...ENTRIES, WIDGET].map((name) => join(all, `src/package/${name}.d.ts`)));
  for (const file of wanted) copyDeclaration(file, all, wanted);
  for (const name of ENTRIES) {
    writeFileSync(join(dist, `${name}.d.ts`), `export * from './types/src/package/${name}.js';\n`);
  }
  const module = `./types/src/package/${WIDGET}.js`;
  writeFileSync(join(dist, `${WIDGET}.d.ts`), `export * from '${module}';\nexport { default } from '${module}';\n`);
}

/** Copies a declaration file, adds `.js` to its imports, which some resolvers require, and adds the imported files to `wanted`. */
function copyDeclaration(file, all, wanted) {
  // `Symbol.dispose` needs a newer `lib` than a user's project may have. `free` does the same.
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
