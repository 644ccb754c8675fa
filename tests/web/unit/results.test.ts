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

test('tests that failed, once or each time, are named, wherever they stand, with what they said first', async () => {
  const spec = (title: string, status: string, ...messages: string[]) => {
    const results = [...messages.map((message) => ({ error: { message } })), ...(status === 'unexpected' ? [] : [{}])];
    return { file: 'run.spec.ts', line: 7, title, tests: [{ status, results }] };
  };
  const inner = { suites: [{ specs: [spec('inner', 'flaky', 'late')] }], specs: [spec('good', 'expected')] };
  const report = {
    stats: { expected: 1, flaky: 2, unexpected: 1, skipped: 0 },
    suites: [inner, { specs: [spec('outer', 'flaky', 'lost'), spec('bad', 'unexpected', 'first', 'second')] }],
  };
  expect(await read(report)).toEqual({
    passed: 3,
    failed: 1,
    skipped: 0,
    flaky: [
      { name: 'run.spec.ts:7 inner', message: 'late' },
      { name: 'run.spec.ts:7 outer', message: 'lost' },
    ],
    broken: [{ name: 'run.spec.ts:7 bad', message: 'first' }],
  });
});

test('a runner that wrote no report has passed nothing', async () => {
  expect(await read({})).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
