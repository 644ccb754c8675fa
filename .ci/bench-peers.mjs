// `npm run bench:peers`: compares Convlab with other libraries that train in a browser, and with Keras: the same networks on the same
// machine in one run. The libraries are installed into the cache. `-- --experiments mnist-10,net-1 --seconds 5 --only keras,ours-cpu`
// selects; `--save true` adds the table to tests/bench/results.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { machine, openBench, options } from './bench.mjs';
import { count, document, presetPath, save, table } from './bench-table.mjs';
import { cacheDir, fail, root, run, SetupError, targetDir } from './lib.mjs';
import { KERAS, python } from './python.mjs';

const SCRATCH = join(cacheDir, 'peers');
const PACKAGES = [
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-webgpu@4.22.0',
  '@jax-js/jax@0.1.25',
  'convnetjs@0.3.0',
];
const PAGES = join(root, 'tests/bench/peers');
const USAGE =
  'npm run bench:peers [-- --experiments mnist-10,net-1] [--seconds N] [--only ours,keras,jax-js,tfjs,convnetjs] [--save true]';

const TFJS = { name: 'TF.js 4.22', module: 'tfjs.js', make: 'tfjs' };
const JAXJS = { name: 'jax-js 0.1.25', module: 'jaxjs.js', make: 'jaxjs' };
const BROWSER_PEERS = [
  { id: 'jax-js', ...JAXJS, backend: 'wasm' },
  { id: 'jax-js', ...JAXJS, backend: 'webgpu' },
  { id: 'tfjs', ...TFJS, backend: 'cpu' },
  { id: 'tfjs', ...TFJS, backend: 'webgl' },
  { id: 'tfjs', ...TFJS, backend: 'webgpu' },
  { id: 'convnetjs', name: 'ConvNetJS 0.3', module: 'convnetjs.js', make: 'convnetjs', backend: '' },
];

function installPeers() {
  mkdirSync(SCRATCH, { recursive: true });
  const manifest = join(SCRATCH, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const isInstalled = PACKAGES.every((name) =>
    existsSync(join(SCRATCH, 'node_modules', name.slice(0, name.lastIndexOf('@')))),
  );
  if (!isInstalled) run('npm', ['install', '--no-audit', '--no-fund', ...PACKAGES], { cwd: SCRATCH });
}

function keras(id, seconds) {
  const file = presetPath(id);
  const env = { ...process.env, CUDA_VISIBLE_DEVICES: '' };
  try {
    const text = execFileSync(python('peers-python', KERAS), [join(PAGES, 'keras_peer.py'), String(seconds), file], {
      encoding: 'utf8',
      env,
    });
    return JSON.parse(text.trim().split('\n').at(-1));
  } catch (error) {
    if (error instanceof SetupError) throw error;
    return { error: error.message.trim().split('\n').at(-1) };
  }
}

/** The CPU engine without a browser. */
function native(id, seconds) {
  const program = join(targetDir(), 'release', 'convlab');
  const args = ['bench', id, '--engine', 'cpu', '--seconds', String(seconds), '--json'];
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}

/** Serves the peers' scripts and packages with cross-origin isolation, so that libraries can use shared memory. */
async function servePeers() {
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.json': 'application/json',
    '.wasm': 'application/wasm',
  };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    const file = path.startsWith('/node_modules/') ? join(SCRATCH, path) : join(PAGES, path);
    const headers = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Content-Type': types[extname(path)] ?? 'text/plain',
    };
    if (path === '/') response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end('<!doctype html>');
    else if (path.includes('..') || !existsSync(file)) response.writeHead(404).end();
    else response.writeHead(200, headers).end(readFileSync(file));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function measurePeer(browser, url, peer, experiment, seconds) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(url);
    const work = page.evaluate(
      async ([file, make, backend, spec, length]) => (await import(file))[make](spec, backend, length),
      [`/${peer.module}`, peer.make, peer.backend, experiment, seconds],
    );
    const limit = new Promise((_, reject) =>
      setTimeout(() => reject(new Error('took longer than five minutes')), 300_000).unref(),
    );
    return await Promise.race([work, limit]);
  } finally {
    await context.close();
  }
}

/** One row per library, one column per network. */
function comparison(rows, ids) {
  const head = ['images/s', ...ids.map((id) => `${id} (batch ${document(id).batch_size})`)];
  return table([head, ...rows.map((row) => [row.name, ...ids.map((id) => count(row.rates[id]))])]);
}

try {
  const defaults = { experiments: 'mnist-10,net-1', seconds: 5, only: 'ours,keras,jax-js,tfjs,convnetjs', save: '' };
  const chosen = options(process.argv.slice(2), defaults, USAGE);
  const ids = chosen.experiments.split(',');
  const only = chosen.only.split(',');
  const seconds = Number(chosen.seconds);
  const figures = [];
  const rows = new Map();
  const record = (name, id, found) => {
    if (!rows.has(name)) rows.set(name, { name, rates: {} });
    rows.get(name).rates[id] = found.images_per_s;
    figures.push({ name, experiment: id, ...found });
    console.log(`${name}, ${id}: ${found.error ?? `${found.images_per_s.toFixed(1)} images/s`}`);
  };
  const isNative = only.includes('ours') || only.includes('ours-native');
  if (isNative) run('cargo', ['build', '--release', '--locked', '--bin', 'convlab']);
  installPeers();
  const bench = await openBench();
  const site = await servePeers();
  try {
    for (const id of ids) {
      for (const [engine, name] of [
        ['cpu', 'Convlab, CPU engine, in the page'],
        ['webgpu', 'Convlab, GPU engine, in the page'],
      ]) {
        if (only.includes('ours') || only.includes(`ours-${engine}`)) {
          record(
            name,
            id,
            await bench.measure({ engine, experiment: id, seconds }).catch((error) => ({ error: error.message })),
          );
        }
      }
      if (isNative) record('Convlab, CPU engine, native', id, native(id, seconds));
      if (only.includes('keras')) {
        record('Keras 3, TensorFlow CPU, native', id, keras(id, seconds));
      }
      for (const peer of BROWSER_PEERS.filter((peer) => only.includes(peer.id))) {
        const work = measurePeer(bench.chromium, site.url, peer, document(id), seconds);
        const found = await work.catch((error) => ({ error: error.message.split('\n')[0] }));
        record(`${peer.name} ${peer.backend}`.trim(), id, found);
      }
    }
  } finally {
    site.close();
    await bench.close();
  }
  const markdown = comparison([...rows.values()], ids);
  const adapter = figures.find((one) => one.adapter)?.adapter ?? 'no WebGPU';
  const browser = `headless ${bench.browser}, WebGPU on ${adapter}`;
  console.log(`\n${new Date().toISOString()}, ${machine()}; ${browser}\n\n${markdown}`);
  const date = new Date().toISOString();
  if (chosen.save) save({ date, about: `${machine()}; ${browser}`, figures }, markdown);
} catch (error) {
  fail(error);
}
