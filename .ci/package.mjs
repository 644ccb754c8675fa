// The npm package → dist: two modules, their worker and engine, and the types of what they export.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWasm } from './build-wasm.mjs';
import { fail, root, run } from './lib.mjs';

const dist = join(root, 'dist');
const ENTRIES = ['index', 'element'];

export async function buildPackage() {
  buildWasm();
  const vite = await import('vite');
  await vite.build({ configFile: join(root, 'www/vite.package.config.ts'), logLevel: 'warn' });
  types();
}

/** Declarations of everything, of which only those that the entries lead to are kept. */
function types() {
  const all = join(root, 'node_modules/.cache/convlab-types');
  rmSync(all, { recursive: true, force: true });
  mkdirSync(all, { recursive: true });
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'www', '--outDir', all];
  run('tsc', ['-p', 'www', ...options]);
  for (const pkg of ['pkg', 'pkg-tools'])
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
