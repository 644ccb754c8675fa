// What a visitor downloads, compressed, against a budget: everything that a browser asks for when the page is opened for the first
// time and a network trains on the built-in digits to the end, on the CPU and on a graphics card. Measured in a browser, so that
// nothing is left out.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findChrome } from './browser.mjs';
import { fail, root, SetupError } from './lib.mjs';

const BUDGET_KB = { engine: 450, 'first visit': 550 };
const VISIT = 'index.html?data=synthetic&engine=auto&epochs=1&train=400&test=100';
const { webgpu } = JSON.parse(readFileSync(join(root, 'tests/web/chromium.json'), 'utf8'));
const VISITS = {
  'on the CPU': { runs: /CPU, \d+ threads?/ },
  // Of a graphics card only the name is pretended: the kernels are those of one, on an adapter in software.
  'on a graphics card': {
    runs: /WebGPU/,
    flags: webgpu,
    before: readFileSync(join(root, 'tests/web/graphics-card.js'), 'utf8'),
  },
};
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const dist = join(root, 'www', 'dist');

/** A function of a name that is worked out once for each. */
function once(work) {
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, work(name));
    return known.get(name);
  };
}

async function check() {
  const engines = builtEngines();
  if (engines.length === 0) throw new SetupError('There is no engine in www/dist.', 'Run: npm run build');
  for (const [name, visit] of Object.entries(VISITS)) {
    const asked = await firstVisit(visit);
    if (!asked) {
      if (process.env.REQUIRE_GPU) throw new SetupError('REQUIRE_GPU is set, but this browser has no WebGPU adapter.');
      console.log(`SKIPPED: first visit, ${name}: this browser has no WebGPU adapter`);
      continue;
    }
    // Another browser may load the larger build.
    const files = Array.from(asked, (file) => (engines.includes(file) ? largest(engines) : file));
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

/** The engine's two builds. */
function builtEngines() {
  const assets = join(dist, 'assets');
  if (!existsSync(assets)) throw new SetupError('There is no built site in www/dist.', 'Run: npm run build');
  const files = readdirSync(assets).map((name) => join(assets, name));
  return files.filter((file) => file.endsWith('.wasm') && readFileSync(file).includes('session_create'));
}

/** What the workers load: the wasm, the script that names it, and their own. */
const isEngines = (engines) => (file) =>
  engines.includes(file) ||
  /^(worker|lane)/.test(basename(file)) ||
  engines.some((engine) => readFileSync(file, 'utf8').includes(basename(engine)));

const kilobytes = once((file) => gzipSync(readFileSync(file), { level: 9 }).length / 1000);

const largest = (files) => files.reduce((a, b) => (kilobytes(a) > kilobytes(b) ? a : b));

/** The files that a browser asks for; null where it lacks the GPU that they are asked for. */
async function firstVisit({ runs, flags = [], before = '' }) {
  const asked = new Set();
  const server = createServer(({ url }, response) => {
    const file = join(dist, new URL(url, 'http://localhost').pathname);
    if (!file.startsWith(dist) || !existsSync(file) || !extname(file)) return response.writeHead(404).end();
    asked.add(file);
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
    return [...asked];
  } finally {
    await browser.close();
    server.close();
  }
}

await check().catch(fail);
