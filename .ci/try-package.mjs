// Tests the npm package as a user would use it: packs it, installs it into an empty project, checks the types, and runs a sample in a
// browser: bundled by Vite with its defaults, by a bundler without support for workers, and without a bundler.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChrome } from './browser.mjs';
import { fail, run, SetupError } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'convlab-package-'));

/** A program that uses the functions documented in the README. */
const SAMPLE = `
import {
  evaluate, exportModel, exportScript, importModel, list, predict, summary, train, type EpochEvent, type ModelKind,
} from 'convlab';
import { ConvLab, type ConvLabElement } from 'convlab/element';

const report = (value: unknown) => Object.assign(window, { result: value });
try {
  const presets = await list();
  const net = presets.find((one) => one.id === 'mnist-10');
  if (!net) throw new Error('no mnist-10');
  const { totals } = await summary(net.experiment);
  const run = await train('mnist-10', { engine: 'cpu', epochs: 2, trainLimit: 200, testLimit: 50, seed: 4 });
  const epochs: EpochEvent[] = [];
  for await (const event of run) if (event.event === 'epoch') epochs.push(event);
  const done = await run.done;
  const weights = await run.weights();
  const submission = await run.submission();
  run.close();
  const portable = await train('mnist-10', {
    engine: 'cpu', portable: true, epochs: 1, trainLimit: 200, testLimit: 50, seed: 4,
  });
  await portable.done;
  const { build } = await portable.history();
  portable.close();
  const options = { weights, engine: 'cpu', trainLimit: 200, testLimit: 50 } as const;
  const again = await evaluate('mnist-10', options);
  const prediction = await predict('mnist-10', { ...options, index: 3 });
  const script = await exportScript('mnist-10', 'pytorch');
  // What leaves comes back with the same figures.
  const back: string[] = [];
  for (const [to, ending] of [['keras-model', 'keras'], ['onnx', 'onnx'], ['pytorch-weights', 'safetensors']] as const) {
    const kind: ModelKind = to;
    const bytes = await exportModel('mnist-10', { weights, to: kind });
    const file = new File([bytes as Uint8Array<ArrayBuffer>], 'net.' + ending);
    const model = await importModel(file, 'mnist-10');
    if (model.unsupported.length > 0 || !model.weights) throw new Error(kind + ' did not come back whole');
    const { accuracy } = await evaluate('mnist-10', { ...options, weights: model.weights });
    back.push(kind + ' ' + (accuracy === again.accuracy));
  }
  const notebook = await exportModel('mnist-10', { to: 'notebook' });
  const understood = await importModel(new File([notebook as Uint8Array<ArrayBuffer>], 'net.ipynb'));
  const unread = await importModel(new File(['no model'], 'net.keras')).then(() => '', (error: Error) => error.message);
  const rejected = await train('mnist-11').then(() => '', (error: Error) => error.message);
  const lab: ConvLabElement = new ConvLab();
  lab.compact = true;
  lab.experiment = 'mnist-10';
  lab.data = 'synthetic';
  lab.epochs = '1';
  lab.train = '200';
  lab.test = '50';
  lab.engine = 'cpu';
  document.body.append(lab);
  const finished = new Promise<number>((resolve) =>
    lab.addEventListener('convlab-done', ({ detail }) => resolve(detail.accuracy)),
  );
  await lab.start();
  report({
    presets: presets.length, params: totals.params, epochs: epochs.length, same: again.accuracy === done.test_accuracy,
    label: prediction.label, probabilities: prediction.probabilities.length, script,
    back, notebook: new TextDecoder().decode(notebook), layers: understood.experiment.layers.length, unread,
    build, sha: submission.weights_sha256.length, rejected, element: await finished,
  });
} catch (error) {
  report({ error: String(error) });
}
`;

const EXPECTED = {
  presets: (n) => n > 10,
  params: (n) => n === 6270,
  epochs: (n) => n === 2,
  same: (yes) => yes === true,
  label: (n) => n >= 0 && n < 10,
  probabilities: (n) => n === 10,
  script: (text) => /import torch/.test(text),
  back: (list) => list.join() === 'keras-model true,onnx true,pytorch-weights true',
  notebook: (text) => JSON.parse(text).nbformat === 4,
  layers: (n) => n === 8,
  unread: (text) => text !== '',
  build: (text) => text === 'simd128',
  sha: (n) => n === 64,
  rejected: (text) => /no experiment/.test(text),
  element: (share) => share >= 0 && share <= 1,
};

/** The ways to load the sample in a browser. Each returns a folder to serve. */
const VARIANTS = { 'bundled by Vite': withVite, 'bundled without workers': withoutWorkers, 'not bundled': unbundled };

try {
  pack();
  checkTypes();
  for (const [name, make] of Object.entries(VARIANTS)) {
    await check(await make(), name);
    console.log(`  ✓ ${name}: trains, predicts, exports, imports, shows its element`);
  }
} catch (error) {
  fail(error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  run('npm', ['pack', '--silent', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'scratch', private: true, type: 'module' }));
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--offline', join(folder, tarball)], { cwd: folder });
  const installed = join(folder, 'node_modules/convlab');
  const unexpected = readdirSync(installed).filter(
    (name) => !['dist', 'package.json', 'README.md', 'LICENSE'].includes(name),
  );
  if (unexpected.length > 0) throw new SetupError(`The package contains unexpected files: ${unexpected.join(', ')}.`);
  const bytes = statSync(join(folder, tarball)).size;
  console.log(`  ${tarball}: ${(bytes / 1000).toFixed(0)} KB`);
}

/** Checks the types in strict mode with both kinds of module resolution. */
function checkTypes() {
  writeFileSync(join(folder, 'sample.ts'), SAMPLE);
  for (const [module, resolution] of [
    ['esnext', 'bundler'],
    ['nodenext', 'nodenext'],
  ]) {
    const options = ['--strict', '--noEmit', '--target', 'es2023', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
    run('tsc', [...options, '--module', module, '--moduleResolution', resolution, 'sample.ts'], { cwd: folder });
  }
}

function page(script, head = '') {
  const body = `<script type="module" src="${script}"></script>`;
  return `<!doctype html><html lang="en"><title>Sample</title>${head}<body>${body}`;
}

/** Vite without any configuration. */
async function withVite() {
  const vite = await import('vite');
  writeFileSync(join(folder, 'index.html'), page('./sample.ts'));
  await vite.build({ root: folder, configFile: false, logLevel: 'warn', build: { target: 'es2023', outDir: 'vite' } });
  return join(folder, 'vite');
}

/** Bundlers such as esbuild do not change the addresses of workers, so the files are copied into the bundle's folder. */
async function withoutWorkers() {
  const { rolldown } = await import('rolldown');
  const dir = join(folder, 'plain');
  const build = await rolldown({ cwd: folder, input: 'sample.ts', platform: 'browser' });
  await build.write({ dir });
  const installed = join(folder, 'node_modules/convlab/dist');
  for (const file of readdirSync(installed)) {
    if (/^(worker|lane|decoder)\.js$|\.wasm$/.test(file)) cpSync(join(installed, file), join(dir, file));
  }
  writeFileSync(join(dir, 'index.html'), page('./sample.js'));
  return dir;
}

/** An import map instead of a bundler. */
async function unbundled() {
  const dir = join(folder, 'unbundled');
  mkdirSync(dir);
  cpSync(join(folder, 'node_modules/convlab/dist'), join(dir, 'convlab'), { recursive: true });
  run(
    'tsc',
    ['--target', 'es2023', '--module', 'esnext', '--moduleResolution', 'bundler', '--outDir', dir, 'sample.ts'],
    {
      cwd: folder,
    },
  );
  const imports = { convlab: './convlab/index.js', 'convlab/element': './convlab/element.js' };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  writeFileSync(join(dir, 'index.html'), page('./sample.js', map));
  return dir;
}

async function check(dir, name) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(dir, pathname === '/' ? 'index.html' : pathname);
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  try {
    const page = await browser.newPage();
    const consoleErrors = [];
    page.on('console', (message) => message.type() === 'error' && consoleErrors.push(message.text()));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => 'result' in window, null, { timeout: 120_000 });
    const result = await page.evaluate(() => window.result);
    const wrong = Object.entries(EXPECTED).filter(([name, holds]) => !holds(result[name]));
    if (wrong.length > 0 || consoleErrors.length > 0) {
      throw new SetupError(`The sample failed, ${name}: ${JSON.stringify(result)} ${consoleErrors.join(' ')}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
}
