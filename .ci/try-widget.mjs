// Tries the widget in a real JupyterLab, in a headless browser: the card trains, and Python has its history and its weights.
// CONVLAB_JUPYTER is a Python with jupyterlab and anywidget.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChrome } from './browser.mjs';
import { fail, root, SetupError } from './lib.mjs';

const widget = join(root, 'dist/anywidget.js');
const python = process.env.CONVLAB_JUPYTER;

/** As www/README.md has it. */
const CARD = `
import pathlib, anywidget, traitlets

class ConvLab(anywidget.AnyWidget):
    _esm = pathlib.Path("anywidget.js")
    experiment = traitlets.Any("mnist-10").tag(sync=True)
    attributes = traitlets.Dict().tag(sync=True)
    base_url = traitlets.Unicode("").tag(sync=True)
    state = traitlets.Unicode("idle").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    history = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    weights = traitlets.Bytes(b"").tag(sync=True, from_json=lambda value, _: bytes(value))

lab = ConvLab(attributes={"data": "synthetic", "engine": "cpu", "epochs": "2", "train": "200", "test": "50"})
lab`;

/** The header of a safetensors file is JSON after its length in eight bytes. */
const RESULT = `
import json
size = int.from_bytes(lab.weights[:8], "little")
names = json.loads(lab.weights[8:8 + size])
print("RESULT", json.dumps([lab.state, len(lab.history["epochs"]), round(lab.result["accuracy"], 3) >= 0, "conv2d.kernel" in names,
    type(lab.weights).__name__, lab.error]))`;

/** Without it JupyterLab asks which kernel to use. */
const KERNEL = { name: 'python3', display_name: 'Python 3 (ipykernel)', language: 'python' };

const EXPECTED = ['done', 2, true, true, 'bytes', ''];

const cell = (id, source) => ({ cell_type: 'code', id, metadata: {}, execution_count: null, outputs: [], source });

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts JupyterLab in a folder and waits until it answers. */
async function startJupyter(folder, port) {
  const options = [`--ServerApp.port=${port}`, `--ServerApp.root_dir=${folder}`, '--IdentityProvider.token='];
  const settings = ['--no-browser', '--allow-root', '--ServerApp.ip=127.0.0.1', '--ServerApp.password='];
  const env = { ...process.env, HOME: folder, JUPYTER_CONFIG_DIR: folder, JUPYTER_DATA_DIR: join(folder, 'data') };
  const server = spawn(python, ['-m', 'jupyterlab', ...settings, ...options], { cwd: folder, env, stdio: 'pipe' });
  let log = '';
  server.stderr.on('data', (text) => {
    log += text;
  });
  for (let tries = 0; tries < 240; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => null);
    if (answer?.ok) return server;
    if (server.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 500));
  }
  server.kill();
  throw new SetupError(`JupyterLab did not start:\n${log.slice(-2000)}`);
}

async function tryCard(address) {
  const browser = await chromium.launch({ executablePath: findChrome(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(address);
    const cells = page.locator('.jp-CodeCell .cm-content');
    // A cell that is run before the kernel is there does nothing.
    await page.getByText('| Idle').waitFor({ timeout: 120_000 });
    await cells.first().click({ timeout: 120_000 });
    await page.keyboard.press('Shift+Enter');
    const card = page.locator('conv-lab');
    await card
      .getByRole('button', { name: 'Start' })
      .click({ timeout: 180_000 })
      .catch(async (error) => {
        if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
        const shown = await page.locator('.jp-OutputArea').allInnerTexts();
        throw new Error([error.message, ...shown, ...complaints].join('\n'));
      });
    await card.locator('.state', { hasText: 'Finished' }).waitFor({ timeout: 180_000 });
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
    await cells.nth(1).click();
    await page.keyboard.press('Shift+Enter');
    const output = page.locator('.jp-OutputArea-output', { hasText: 'RESULT' });
    await output.waitFor({ timeout: 60_000 });
    return JSON.parse((await output.innerText()).replace('RESULT', ''));
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'convlab-jupyter-'));
let server;
try {
  if (!python) throw new SetupError('CONVLAB_JUPYTER is not set.', 'It names a Python with jupyterlab and anywidget.');
  if (!existsSync(widget)) throw new SetupError('dist/anywidget.js is missing.', 'Run: npm test -- package');
  copyFileSync(widget, join(folder, 'anywidget.js'));
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: KERNEL },
    cells: [cell('card', CARD.trim()), cell('result', RESULT.trim())],
  };
  writeFileSync(join(folder, 'card.ipynb'), JSON.stringify(notebook));
  const port = await freePort();
  server = await startJupyter(folder, port);
  const result = await tryCard(`http://127.0.0.1:${port}/lab/tree/card.ipynb`);
  if (JSON.stringify(result) !== JSON.stringify(EXPECTED)) throw new Error(`Python has ${JSON.stringify(result)}`);
  console.log('  ✓ JupyterLab: the card trains, and Python has its history and its weights');
} catch (error) {
  fail(error);
} finally {
  server?.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
