// Checks the compressed download size of a first visit against a budget. A browser opens the page for the first time and trains a
// network on the built-in digits to the end, on the CPU and on a graphics card. All files that it requests are counted.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { findChrome } from './browser.mjs';
import { fail, root, SetupError } from './lib.mjs';

/** The aims are 450 and 550; another compiler may name, order and inline functions otherwise. */
const BUDGET_KB = { engine: 451, 'first visit': 551 };
const VISIT = 'index.html?data=synthetic&engine=auto&epochs=1&train=400&test=100';
const { webgpu } = JSON.parse(readFileSync(join(root, 'tests/web/chromium.json'), 'utf8'));
const VISITS = {
  'on the CPU': { runs: /CPU, \d+ threads?/ },
  // A software adapter that is renamed, so that the engine uses its kernels for graphics cards.
  'on a graphics card': {
    runs: /WebGPU/,
    flags: webgpu,
    before: readFileSync(join(root, 'tests/web/graphics-card.js'), 'utf8'),
  },
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const dist = join(root, 'www', 'dist');

/** Computes a function once for each argument. */
function memoize(compute) {
  const results = new Map();
  return (key) => {
    if (!results.has(key)) results.set(key, compute(key));
    return results.get(key);
  };
}

async function check() {
  const engines = builtEngines();
  if (engines.length === 0) throw new SetupError('www/dist contains no engine.', 'Run: npm run build');
  for (const [name, visit] of Object.entries(VISITS)) {
    const requested = await firstVisit(visit);
    if (!requested) {
      if (process.env.REQUIRE_GPU) throw new SetupError('REQUIRE_GPU is set, but this browser has no WebGPU adapter.');
      console.log(`SKIPPED: first visit, ${name}: this browser has no WebGPU adapter`);
      continue;
    }
    // Other browsers may load the larger build.
    const files = Array.from(requested, (file) => (engines.includes(file) ? largest(engines) : file));
    report(`engine, ${name}`, files.filter(isEngines(engines)), BUDGET_KB.engine);
    report(`first visit, ${name}`, files, BUDGET_KB['first visit']);
    for (const [file, kb] of files.map((one) => [one, kilobytes(one)]).sort((a, b) => b[1] - a[1]))
      console.log(`  ${kb.toFixed(1).padStart(7)} KB  ${basename(file)}`);
  }
}

function report(name, files, budget) {
  const total = files.reduce((sum, file) => sum + kilobytes(file), 0);
  const isOver = total > budget;
  if (isOver) process.exitCode = 1;
  console.log(`${name}: ${total.toFixed(1)} KB gzip, budget ${budget} KB: ${isOver ? 'OVER BUDGET' : 'ok'}`);
}

/** The two builds of the small engine. The extended engine is not part of a first visit. */
function builtEngines() {
  const small = ['pkg', 'pkg-relaxed'].map((folder) => readFileSync(join(root, 'www', folder, 'convlab_bg.wasm')));
  const assets = join(dist, 'assets');
  if (!existsSync(assets)) throw new SetupError('www/dist contains no built site.', 'Run: npm run build');
  const files = readdirSync(assets).map((name) => join(assets, name));
  return files.filter((file) => file.endsWith('.wasm') && small.some((bytes) => readFileSync(file).equals(bytes)));
}

/** Whether a file belongs to the engine: the wasm, its JavaScript, and the workers. */
const isEngines = (engines) => (file) =>
  engines.includes(file) ||
  /^(worker|lab-worker|lane)/.test(basename(file)) ||
  engines.some((engine) => readFileSync(file, 'utf8').includes(basename(engine)));

/** By the program that servers' files are compressed with; zlib in Node is made for speed, and its files are one per cent larger. */
const kilobytes = memoize((file) => {
  const { status, stdout, error } = spawnSync('gzip', ['-9', '-n', '-c', file], { maxBuffer: 1e8 });
  if (status !== 0) throw new SetupError(`gzip cannot be run: ${error?.message ?? `exit code ${status}`}.`);
  return stdout.length / 1000;
});

const largest = (files) => files.reduce((a, b) => (kilobytes(a) > kilobytes(b) ? a : b));

/** The files that a browser requests; null if it lacks the GPU that the visit needs. */
async function firstVisit({ runs, flags = [], before = '' }) {
  const requested = new Set();
  const server = createServer(({ url }, response) => {
    const file = join(dist, new URL(url, 'http://localhost').pathname);
    if (!file.startsWith(dist) || !existsSync(file) || !extname(file)) return response.writeHead(404).end();
    requested.add(file);
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end((basename(file).startsWith('worker-') ? before : '') + readFileSync(file, 'latin1'), 'latin1');
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { chromium } = await import('@playwright/test');
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: isRoot ? ['--no-sandbox', ...flags] : flags,
  });
  try {
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(`http://127.0.0.1:${server.address().port}/${VISIT}`);
    if (before && !(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter())))) return null;
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('lab-run-view .facts').getByText(runs).first().waitFor({ timeout: 30_000 });
    await page.locator('lab-run-bar .state').getByText('Finished').waitFor({ timeout: 120_000 });
    return [...requested];
  } finally {
    await browser.close();
    server.close();
  }
}

await check().catch(fail);
