/**
 * Writes `sw.js` into the built site: the service worker of src/offline/sw.js with the list of files to cache. Its text changes
 * with every deploy, so that the browser detects the update.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const SOURCE = new URL('./src/offline/sw.js', import.meta.url);

const ENGINES = [
  { folder: 'pkg', build: 'simd128' },
  { folder: 'pkg-relaxed', build: 'relaxed-simd' },
];

const wasmOf = (folder: string) => readFileSync(new URL(`./${folder}/convlab_bg.wasm`, import.meta.url));

export function serviceWorker(): Plugin {
  return {
    name: 'convlab:service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      const files: string[] = ['manifest.webmanifest', 'favicon.svg', 'data/index.json'];
      // A browser uses one of the two builds of the engine and caches only that one.
      const engines: Record<string, string> = {};
      for (const [name, file] of Object.entries(bundle)) {
        const content = file.type === 'chunk' ? file.code : file.source;
        hash.update(name).update(content);
        // The names of files that the workers load do not show their folder, so an engine is recognised by its bytes.
        const engine =
          name.endsWith('.wasm') && ENGINES.find(({ folder }) => wasmOf(folder).equals(Buffer.from(content)));
        if (engine) engines[engine.build] = name;
        else files.push(name);
      }
      const manifest = { version: hash.digest('hex').slice(0, 16), files: [...new Set(files)].sort(), engines };
      const source = readFileSync(SOURCE, 'utf8').replace('__MANIFEST__', JSON.stringify(manifest));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}
