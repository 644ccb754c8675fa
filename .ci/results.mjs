// Reads the numbers of tests from each runner's report: {passed, failed, skipped}, and which browser tests failed or were flaky.
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
  const named = (status) => json.suites.flatMap((suite) => testsThat(status, suite));
  return { passed: expected + flaky, failed: unexpected, skipped, flaky: named('flaky'), broken: named('unexpected') };
}

/** The tests of a file, or of a group in it, that ended so: their names, and what each said when it failed first. */
function testsThat(ended, { specs = [], suites = [] }) {
  const own = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === ended)
      .map(({ results }) => ({
        name: `${file}:${line} ${title}`,
        message: results.find(({ error }) => error)?.error.message,
      })),
  );
  return [...own, ...suites.flatMap((suite) => testsThat(ended, suite))];
}
