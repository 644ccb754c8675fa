// `npm run bench -- --engine cpu|webgpu --experiment ID [--seconds N] [--json]`: measures how fast the page trains in headless
// Chromium, including its worker, data path and curves. Installs what is missing. `--experiment` may be the path of a JSON document.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measureInPage } from './bench-page.mjs';
import { findChrome } from './browser.mjs';
import { buildWasm } from './build-wasm.mjs';
import { fail, logToStderr, root, SetupError } from './lib.mjs';
import { setUp } from './setup.mjs';

/** The measured time is divided into this many windows. The result is their median. */
const WINDOWS = 5;
const USAGE = 'npm run bench -- --engine cpu|webgpu --experiment ID [--seconds N] [--json]';

/** Builds the page, serves it and starts a browser. `measure` can be called repeatedly. */
export async function openBench() {
  setUp({ test: true });
  await buildWasm();
  // Imported after set-up, which installs the npm packages.
  const [vite, { chromium }] = await Promise.all([import('vite'), import('@playwright/test')]);
  const config = { root: join(root, 'www'), logLevel: 'error' };
  await vite.build(config);
  const server = await vite.preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
  const flags = JSON.parse(readFileSync(join(root, 'tests/web/chromium.json'), 'utf8'));
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: findChrome(),
    args: [...flags.quiet, ...flags.webgpu, ...(isRoot ? ['--no-sandbox'] : [])],
  });
  return {
    browser: `${browser.browserType().name()} ${browser.version()}`,
    chromium: browser,
    url: server.resolvedUrls.local[0],
    measure: (task) => measure(browser, server.resolvedUrls.local[0], task),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Each measurement has a new browser context, so that it does not reuse memory or compiled code of another. */
async function measure(browser, url, { experiment, engine, seconds }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(url);
    const task = { experiment, engine: engine === 'webgpu' ? 'gpu' : engine, seconds, windows: WINDOWS };
    // In the first second the browser runs code of its baseline compiler.
    return await page.evaluate(measureInPage, { ...task, warmUp_s: Math.max(2, Math.min(4, seconds / 2)) });
  } catch (error) {
    throw new SetupError(`${experiment.name ?? experiment} on ${engine}: ${firstLine(error)}`);
  } finally {
    await context.close();
  }
}

const firstLine = (error) => error.message.split('\n')[0].replace(/^page\.\w+: (Error: )?/, '');

export const machine = () => `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? process.arch}`;

function describe(figures) {
  const { experiment, images_per_s, ms_per_step, ms_per_step_error, batch_size, gflops, steps, seconds } = figures;
  const speed = `${images_per_s.toFixed(0)} images/s, ${ms_per_step.toFixed(2)} ± ${ms_per_step_error.toFixed(2)} ms per step`;
  const work = `of ${batch_size} images, ${gflops.toFixed(1)} GFLOP/s (${steps} steps in ${seconds.toFixed(1)} s; ${figures.device})`;
  // Browsers report tasks of 50 ms or more only.
  const longest = figures.longest_task_ms;
  const tasks = longest > 0 ? `longest task ${longest.toFixed(0)} ms` : 'no task of 50 ms or more';
  const response = `first step after ${figures.first_step_ms.toFixed(0)} ms, pause after ${figures.pause_ms.toFixed(0)} ms, ${tasks}`;
  return `${experiment}: ${speed} ${work}; ${response}`;
}

/** Parses `--name value` for each name in `defaults`, and the flag `--json`. */
export function options(args, defaults, usage) {
  const chosen = { ...defaults };
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/^--/, '');
    if (name === 'json') chosen.json = true;
    else if (name in defaults && args[i].startsWith('--') && i + 1 < args.length) chosen[name] = args[++i];
    else throw new SetupError(`Unknown or incomplete option. Received: ${args[i]}`, usage);
  }
  chosen.seconds = Number(chosen.seconds);
  if (!(chosen.seconds > 0 && chosen.seconds <= 3600))
    throw new SetupError(`--seconds must be above 0 and at most 3600. Received: ${chosen.seconds}`, usage);
  return chosen;
}

function task(args) {
  const chosen = options(args, { engine: 'cpu', experiment: '', seconds: 10 }, USAGE);
  if (!chosen.experiment) throw new SetupError('--experiment is missing.', USAGE);
  if (!['cpu', 'webgpu', 'gpu'].includes(chosen.engine))
    throw new SetupError(`--engine must be cpu or webgpu. Received: ${chosen.engine}`, USAGE);
  if (existsSync(chosen.experiment)) chosen.experiment = JSON.parse(readFileSync(chosen.experiment, 'utf8'));
  return chosen;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const wanted = task(process.argv.slice(2));
    if (wanted.json) logToStderr();
    const bench = await openBench();
    try {
      const figures = { ...(await bench.measure(wanted)), browser: bench.browser, machine: machine() };
      process.stdout.write(`${wanted.json ? JSON.stringify(figures) : describe(figures)}\n`);
    } finally {
      await bench.close();
    }
  } catch (error) {
    fail(error);
  }
}
