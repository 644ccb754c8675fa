/**
 * Writes `sw.js` into the built site: the service worker of src/offline/sw.js with the list of files to cache. Its text changes
 * with every deploy, so that the browser detects the update.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('./src/offline/sw.js', import.meta.url);

const ENGINES = [
  { folder: 'pkg', build: 'simd128' },
  { folder: 'pkg-relaxed', build: 'relaxed-simd' },
  { folder: 'pkg-extended', build: 'simd128' },
  { folder: 'pkg-extended-relaxed', build: 'relaxed-simd' },
];

const PUBLIC = new URL('./public/', import.meta.url);

/** The files that the site has as they are. Data sets are not among them, because they are large and kept by the lab itself. */
const publicFiles = (): string[] =>
  readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => !/^data(\/|$)/.test(name) && statSync(new URL(name, PUBLIC)).isFile());

const wasmOf = (folder: string) => readFileSync(new URL(`./${folder}/convlab_bg.wasm`, import.meta.url));

export function serviceWorker(): Plugin {
  return {
    name: 'convlab:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      const files: string[] = ['data/index.json', ...publicFiles()];
      for (const name of publicFiles()) hash.update(name).update(readFileSync(new URL(name, PUBLIC)));
      // A browser uses one of the two builds of an engine and caches only that one.
      const engines: Record<string, string[]> = {};
      for (const [name, file] of Object.entries(bundle)) {
        const content = file.type === 'chunk' ? file.code : file.source;
        hash.update(name).update(content);
        // The names of files that the workers load do not show their folder, so an engine is recognised by its bytes.
        const engine =
          name.endsWith('.wasm') && ENGINES.find(({ folder }) => wasmOf(folder).equals(Buffer.from(content)));
        if (engine) engines[engine.build] = [...(engines[engine.build] ?? []), name];
        else files.push(name);
      }
      const manifest = { version: hash.digest('hex').slice(0, 16), files: [...new Set(files)].sort(), engines };
      const source = readFileSync(SOURCE, 'utf8').replace('__MANIFEST__', JSON.stringify(manifest));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
      // The editor of lessons packs these files.
      const all = [...manifest.files, ...Object.values(engines).flat()];
      this.emitFile({ type: 'asset', fileName: 'site-files.json', source: `${JSON.stringify(all)}\n` });
    },
  };
}
