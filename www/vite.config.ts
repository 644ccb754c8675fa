/**
 * The site's build: a static folder with relative addresses (any sub-path of any host), no inline script or style, and the
 * content security policy written into the page itself, so that a host without headers is as strict as one with them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { serviceWorker } from './service-worker.ts';

const root = dirname(fileURLToPath(import.meta.url));

const PAGES = Object.fromEntries(
  ['index', 'embed', 'docs', 'course', 'lesson', 'lessons', 'lesson-editor', 'class', 'lab-sheet'].map((name) => [
    name,
    resolve(root, `${name}.html`),
  ]),
);

/** `connect-src` is open because a student may fetch a data set from any address. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self' https: http:",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentSecurityPolicy(): Plugin {
  return {
    name: 'convlab:content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** A site without data files still has `data/index.json`: an empty list instead of a 404 error in the console. */
function emptyDataIndex(): Plugin {
  const file = 'data/index.json';
  const missing = () => !existsSync(resolve(root, 'public', file));
  return {
    name: 'convlab:data-index',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!missing() || !request.url?.split('?')[0]?.endsWith(`/${file}`)) return next();
        response.setHeader('Content-Type', 'application/json');
        response.end('{}');
      });
    },
    generateBundle() {
      if (missing()) this.emitFile({ type: 'asset', fileName: file, source: '{}\n' });
    },
  };
}

/** Documents name the experiment's JSON Schema by this address. The page's forms have it in their own code. */
function experimentSchema(): Plugin {
  const fileName = 'experiment.schema.json';
  return {
    name: 'convlab:experiment-schema',
    apply: 'build',
    // After the service worker's list of files: the page does not fetch this one.
    enforce: 'post',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(resolve(root, fileName)) });
    },
  };
}

export default defineConfig({
  root,
  base: './',
  // Not a single-page app: an unknown address gives a 404, so that a missing data file is not answered with HTML.
  appType: 'mpa',
  plugins: [contentSecurityPolicy(), emptyDataIndex(), serviceWorker(), experimentSchema()],
  worker: {
    format: 'es',
    // In a file of its own (src/worker/worker.ts says why).
    rollupOptions: { output: { codeSplitting: { groups: [{ name: 'lab-worker', test: /\/lab-worker\.ts$/ }] } } },
  },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { ...PAGES, 'conv-lab': resolve(root, 'src/pages/conv-lab.ts') },
      // A script that other pages load keeps its name and its exports.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: ({ name }) => (name === 'conv-lab' ? 'conv-lab.js' : 'assets/[name]-[hash].js'),
        // What every first run loads is one file: it compresses better than many small ones.
        codeSplitting: {
          groups: [
            {
              name: 'run',
              test: /comlink|directives\/repeat|\/src\/(worker\/spawn|locales\/\w+\.ts|base\/(localized|text|settings|platform)|run\/(view|curves|controls|smooth)|live\/(view|next|guesses|glances|styles|text)|charts\/|model\/(network|diagram)|inside\/(mosaic|maps)|ui\/(tiles|pager|styles\/tables))|uplot/,
            },
          ],
        },
      },
    },
  },
});
