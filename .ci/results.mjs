// How many tests ran, from what each runner reports: {passed, failed, skipped}.
import { existsSync, readFileSync } from 'node:fs';

/**
 * Rust's runners (cargo test, wasm-pack test) end every file with a "test result:" line. A Rust test cannot skip itself
 * while it runs, so one that has to (no GPU, no data) returns early and writes "SKIPPED: why" past the capture to standard
 * error; it was counted as passed, which is put right here.
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

/** A test that passed only on a second try counts as failed: it does not hold. */
export function playwright(path) {
  const stats = report(path)?.stats;
  if (!stats) return NONE;
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}
