// `npm test`: set-up, then all suites, even after a failure, then a summary whose last line is "N passed, N failed, N skipped".
// `npm test -- rust vitest` runs only the named suites.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gpuTestEnv } from './browser.mjs';
import { fail, isWindows, root, SetupError } from './lib.mjs';
import { setUp } from './setup.mjs';
import { suites } from './suites.mjs';
import { toolPath } from './tools.mjs';

/** The runners write into a pipe, so these variables tell them whether the output is a terminal. */
const colours = process.stdout.isTTY ? { FORCE_COLOR: '1', CARGO_TERM_COLOR: 'always' } : { NO_COLOR: '1' };

try {
  setUp({ test: true });
  const reports = mkdtempSync(join(tmpdir(), 'convlab-test-'));
  const results = [];
  for (const suite of chosen(suites(reports))) results.push(await runSuite(suite));
  rmSync(reports, { recursive: true, force: true });
  summarise(results);
} catch (error) {
  fail(error);
}

function chosen(all) {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown)
    throw new SetupError(`There is no suite ${unknown}.`, `Available: ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name, isOptional }) => (names.length > 0 ? names.includes(name) : !isOptional));
}

/** Runs a suite, shows its output, and counts its tests. */
async function runSuite({ name, run, env, count }) {
  console.log(`\n━━ ${name}: ${run.join(' ')}`);
  const started = performance.now();
  const { code, output } = await stream(run, {
    ...colours,
    ...gpuTestEnv(),
    PATH: toolPath(),
    ...(typeof env === 'function' ? env() : env),
  });
  const result = { name, passed: 0, failed: 0, skipped: 0, ...count?.(output), isCheck: !count };
  result.seconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    // A failed check, or a runner that ended before it counted, is one failure.
    result.failed ||= 1;
    result.note = `exit code ${code}`;
  } else if (count && result.passed + result.failed === 0) {
    result.failed = 1;
    result.note = 'no test ran';
  }
  console.log(`━━ ${name}: ${result.failed > 0 ? 'FAILED' : 'ok'} in ${result.seconds.toFixed(1)} s`);
  return result;
}

/** Runs a program, shows its output while it runs, and returns it for counting. */
function stream([command, ...args], env) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  const keep = (to) => (chunk) => {
    chunks.push(chunk);
    to.write(chunk);
  };
  child.stdout.on('data', keep(process.stdout));
  child.stderr.on('data', keep(process.stderr));
  return new Promise((resolve) => {
    const end = (code) => resolve({ code, output: stripVTControlCharacters(Buffer.concat(chunks).toString()) });
    child.on('close', (code, signal) => end(code ?? signal));
    child.on('error', (error) => {
      console.error(error.message);
      end(error.code);
    });
  });
}

/** Names tests at the end of the output, where a reader looks first, with the first lines of what each said. */
function list(results, kind, title) {
  const tests = results.flatMap((result) => result[kind] ?? []);
  if (tests.length > 0) console.log(`\n${tests.length} ${title}:`);
  for (const { name, message = 'no message' } of tests) {
    const lines = stripVTControlCharacters(message).split('\n').filter(Boolean).slice(0, 12);
    console.log([name, ...lines.map((line) => `  ${line}`)].map((line) => `  ${line}`).join('\n'));
  }
}

function summarise(results) {
  console.log('\nSummary');
  for (const { name, passed, failed, skipped, seconds, isCheck, note } of results) {
    const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(', ');
    const what = isCheck ? (failed > 0 ? 'check failed' : 'check passed') : counts;
    const line = `${failed > 0 ? '✗' : '✓'} ${name.padEnd(14)} ${what}${note ? ` (${note})` : ''}`;
    console.log(`  ${line.padEnd(64)} ${seconds.toFixed(1).padStart(7)} s`);
  }
  list(results, 'flaky', 'flaky (failed, then passed when repeated; such a test is to be mended)');
  list(results, 'broken', 'failed, each time it was repeated');
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  // A check is not a test: it is not counted as passed, but a failed check counts as a failure.
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
