// Installs what is missing: `node .ci/setup.mjs` for building, with `--test` also for the tests.
import { pathToFileURL } from 'node:url';
import { chrome, chromeDriver, firefox, vulkan, webkit } from './browser.mjs';
import { fail, SetupError } from './lib.mjs';
import { cCompiler, rust, rustLints, wasmTarget } from './toolchain.mjs';
import { npmPackages, removeToolBuilds, wasmBindgen, wasmPack } from './tools.mjs';

const FOR_BUILDING = [cCompiler, rust, wasmTarget, wasmBindgen, npmPackages];
const FOR_TESTING = [rustLints, wasmPack, chrome, chromeDriver, firefox, webkit, vulkan];

export function setUp({ test = false } = {}) {
  const [node] = process.versions.node.split('.').map(Number);
  if (node < 20)
    throw new SetupError(
      `Node 20 or newer is needed. Received: ${process.version}.`,
      'Install it from https://nodejs.org',
    );
  const started = performance.now();
  const made = (test ? [...FOR_BUILDING, ...FOR_TESTING] : FOR_BUILDING).filter(ensure);
  if (made.length > 0) removeToolBuilds();
  console.log(
    `Set-up: ready (${Math.round(performance.now() - started)} ms${made.length > 0 ? '' : ', nothing to do'})`,
  );
}

/** Executes a step if it is not done; returns whether it was executed. */
function ensure(step) {
  if (step.done()) return false;
  console.log(`\nSet-up: ${step.name} – ${step.why}`);
  const started = performance.now();
  try {
    step.make();
  } catch (error) {
    if (error instanceof SetupError) error.message = `Set-up of ${step.name} failed. ${error.message}`;
    throw error;
  }
  const found = step.done();
  if (!found)
    throw new SetupError(
      `Set-up of ${step.name} ended without an error, but ${step.name} cannot be used.`,
      'The output above may contain the reason.',
    );
  console.log(`  ✓ ${step.name}: ${found} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    setUp({ test: process.argv.includes('--test') });
  } catch (error) {
    fail(error);
  }
}
