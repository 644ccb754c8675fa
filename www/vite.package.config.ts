/** The npm package: the same sources as two modules with their worker and engine beside them, under names that stay the same. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));

/** A bundler finds a worker by `new Worker(new URL('./name.js', import.meta.url))` and by nothing else. */
function plainWorkers(): Plugin[] {
  return [
    {
      name: 'convlab:start-workers-plainly',
      enforce: 'pre',
      transform: (code, id) =>
        /\/(client|lanes)\.ts$/.test(id)
          ? code
              .replace(/spawn\(\s*\(Worker\) =>\s*(new Worker\([^;]*?\}\)),?\s*\)/, '$1')
              .replace(/import \{ spawn \}.*\n/, '')
          : null,
    },
    {
      name: 'convlab:name-workers-plainly',
      enforce: 'post',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = plain(file.code);
      },
    },
  ];
}

const plain = (code: string): string =>
  code.replace(
    /new URL\(\s*(?:\/\*[^*]*\*\/)?\s*""\s*\+\s*new URL\("([^"]+)", import\.meta\.url\)\.href,\s*import\.meta\.url\)/g,
    'new URL("./$1", import.meta.url)',
  );

const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' };

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  plugins: plainWorkers(),
  worker: {
    format: 'es',
    plugins: plainWorkers,
    rollupOptions: { output: { ...names, assetFileNames: wasmName } },
  },
  build: {
    target: 'es2023',
    outDir: '../dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    minify: false,
    modulePreload: false,
    rollupOptions: {
      input: { index: resolve(root, 'src/package/index.ts'), element: resolve(root, 'src/package/element.ts') },
      preserveEntrySignatures: 'strict',
      output: { ...names, assetFileNames: wasmName },
    },
  },
});

/** Both engines are called convlab_bg.wasm; the faster one says so. */
function wasmName({ originalFileNames }: { originalFileNames: string[] }): string {
  return originalFileNames.some((name) => name.includes('pkg-relaxed')) ? '[name]-relaxed[extname]' : '[name][extname]';
}
