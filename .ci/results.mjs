// Reads the numbers of tests from each runner's report: {passed, failed, skipped}, and the names of flaky ones.
import { existsSync, readFileSync } from 'node:fs';

/**
 * Rust's runners (cargo test, wasm-pack test) print a "test result:" line for each file. A Rust test cannot be skipped at run time. A
 * test that cannot run (no GPU, no data) returns early and prints "SKIPPED: reason" to standard error, uncaptured. The runner counts
 * it as passed, so it is subtracted here.
 */
export function libtest(output) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/g,
  )) {
    total.passed += Number(passed);
    total.failed += Number(failed);
    total.skipped += Number(ignored);
  }
  const skips = Math.min([...output.matchAll(/SKIPPED: /g)].length, total.passed);
  total.passed -= skips;
  total.skipped += skips;
  return total;
}

const report = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);
const NONE = { passed: 0, failed: 0, skipped: 0 };

export function vitest(path) {
  const json = report(path);
  if (!json) return NONE;
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + (json.numTodoTests ?? 0),
  };
}

/** A test that failed and passed when it was repeated is flaky: it counts as passed, and the summary names it. */
export function playwright(path) {
  const json = report(path);
  if (!json?.stats) return NONE;
  const { expected, flaky, unexpected, skipped } = json.stats;
  return { passed: expected + flaky, failed: unexpected, skipped, flaky: json.suites.flatMap(flakyTests) };
}

/** The names of the flaky tests of a file or a group in it. */
function flakyTests({ specs = [], suites = [] }) {
  const flaky = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'));
  return [...flaky.map(({ file, line, title }) => `${file}:${line} ${title}`), ...suites.flatMap(flakyTests)];
}
