/** The numbers that `npm test` reads from the browser tests' report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

// A script without types, so it is loaded by its address.
const script = pathToFileURL(join(process.cwd(), '.ci/results.mjs')).href;

async function read(report: unknown): Promise<unknown> {
  const { playwright } = await import(script);
  const folder = mkdtempSync(join(tmpdir(), 'convlab-results-'));
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  const result = playwright(path);
  rmSync(folder, { recursive: true });
  return result;
}

test('a test that passed when it was repeated is named, wherever it stands', async () => {
  const spec = (title: string, status: string) => ({ file: 'run.spec.ts', line: 7, title, tests: [{ status }] });
  const inner = { suites: [{ specs: [spec('inner', 'flaky')] }], specs: [spec('good', 'expected')] };
  const report = {
    stats: { expected: 1, flaky: 2, unexpected: 1, skipped: 0 },
    suites: [inner, { specs: [spec('outer', 'flaky'), spec('bad', 'unexpected')] }],
  };
  expect(await read(report)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 0,
    flaky: ['run.spec.ts:7 inner', 'run.spec.ts:7 outer'],
  });
});

test('a runner that wrote no report has passed nothing', async () => {
  expect(await read({})).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
