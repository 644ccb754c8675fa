// What a visitor downloads, compressed, against a budget: everything that a browser asks for when the page is opened for the first
// time and a network trains on the built-in digits. Measured in a browser, so that nothing is left out. What is kept for later, in
// the background, is not needed and does not count: the engine's last part is refused here, and the run has to end without it. A
// browser with a graphics card loads the engine's GPU part besides.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findChrome } from './browser.mjs';
import { fail, root, SetupError } from './lib.mjs';

const BUDGET_KB = { engine: 180, 'first visit': 300, 'engine with a GPU': 250, 'first visit with a GPU': 345 };
const VISIT = 'index.html?data=synthetic&engine=auto&epochs=1&train=400&test=100';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const dist = join(root, 'www', 'dist');

async function check() {
  if (!existsSync(dist)) throw new SetupError('There is no built site in www/dist.', 'Run: npm run build');
  const builds = readdirSync(join(dist, 'assets'))
    .map((name) => join(dist, 'assets', name))
    .filter(isEngine);
  if (builds.length === 0) throw new SetupError('There is no engine in www/dist.', 'Run: npm run build');
  // Another browser may load the larger build.
  const build = largest(builds);
  const visit = Array.from(await firstVisit(), (file) => (isEngine(file) ? build : file));
  // What the workers load: the wasm, the script that names it, and their own.
  const names = (file) => builds.some((one) => readFileSync(file, 'utf8').includes(basename(one)));
  const isEngines = (file) => isEngine(file) || /^(worker|lane)/.test(basename(file)) || names(file);
  const engine = visit.filter(isEngines);
  const gpu = largest(partsNamed('gpu'));
  const sizes = new Map([...visit, gpu].map((file) => [file, kilobytes(file)]));
  let isOver = false;
  for (const [name, files] of Object.entries({
    engine,
    'first visit': visit,
    'engine with a GPU': [...engine, gpu],
    'first visit with a GPU': [...visit, gpu],
  })) {
    const total = files.reduce((sum, file) => sum + sizes.get(file), 0);
    const verdict = total <= BUDGET_KB[name] ? 'ok' : 'OVER BUDGET';
    isOver ||= total > BUDGET_KB[name];
    console.log(`${name}: ${total.toFixed(1)} KB gzip, budget ${BUDGET_KB[name]} KB: ${verdict}`);
  }
  for (const [file, kb] of [...sizes].sort((a, b) => b[1] - a[1]))
    console.log(`  ${kb.toFixed(1).padStart(7)} KB  ${basename(file)}`);
  if (isOver) process.exitCode = 1;
}

const kilobytes = (file) => gzipSync(readFileSync(file), { level: 9 }).length / 1000;

const largest = (files) => files.reduce((a, b) => (kilobytes(a) > kilobytes(b) ? a : b));

/** One part of every build. */
const partsNamed = (part) =>
  readdirSync(join(dist, 'assets'))
    .filter((name) => name.startsWith(`${part}-`) && name.endsWith('.wasm'))
    .map((name) => join(dist, 'assets', name));

/** Whether a file is one of the engine's builds, of which a browser loads one. */
const isEngine = (file) => file.endsWith('.wasm') && readFileSync(file).includes('session_create');

/** The files that a browser asks for. */
async function firstVisit() {
  const asked = new Set();
  const refused = partsNamed('later');
  if (refused.length === 0)
    throw new SetupError('There is no later part of the engine in www/dist.', 'Run: npm run build');
  const server = createServer(({ url }, response) => {
    const file = join(dist, new URL(url, 'http://localhost').pathname);
    if (!file.startsWith(dist) || !existsSync(file) || !extname(file)) return response.writeHead(404).end();
    if (refused.includes(file)) return response.writeHead(503).end();
    asked.add(file);
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { chromium } = await import('@playwright/test');
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({ executablePath: findChrome(), args: isRoot ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(`http://127.0.0.1:${server.address().port}/${VISIT}`);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('lab-run-bar .state').getByText('Finished').waitFor({ timeout: 120_000 });
  } finally {
    await browser.close();
    server.close();
  }
  return asked;
}

await check().catch(fail);
