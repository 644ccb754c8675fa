/**
 * Writes `sw.js` into the built site: the service worker of src/offline/sw.js with the list of files to cache. Its text changes
 * with every deploy, so that the browser detects the update.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('./src/offline/sw.js', import.meta.url);

const ENGINES = [
  { folder: 'pkg', build: 'simd128' },
  { folder: 'pkg-relaxed', build: 'relaxed-simd' },
];

/** The bytes of an engine's files. */
const wasmOf = (folder: string) => {
  const from = new URL(`./${folder}/`, import.meta.url);
  const names = readdirSync(from).filter((name) => name.endsWith('.wasm'));
  return names.map((name) => readFileSync(new URL(name, from)));
};

export function serviceWorker(): Plugin {
  return {
    name: 'convlab:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      const files: string[] = ['manifest.webmanifest', 'favicon.svg', 'data/index.json'];
      // A browser uses one of the two builds of the engine and caches only that one.
      const engines: Record<string, string[]> = {};
      const wasm = ENGINES.map(({ folder, build }) => ({ build, files: wasmOf(folder) }));
      for (const [name, file] of Object.entries(bundle)) {
        const content = file.type === 'chunk' ? file.code : file.source;
        hash.update(name).update(content);
        // The names of files that the workers load do not show their folder, so an engine is recognised by its bytes.
        const bytes = Buffer.from(content);
        const of = wasm.filter((one) => name.endsWith('.wasm') && one.files.some((file) => file.equals(bytes)));
        for (const { build } of of) engines[build] = [...(engines[build] ?? []), name];
        if (of.length === 0) files.push(name);
      }
      const manifest = { version: hash.digest('hex').slice(0, 16), files: [...new Set(files)].sort(), engines };
      const source = readFileSync(SOURCE, 'utf8').replace('__MANIFEST__', JSON.stringify(manifest));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}
