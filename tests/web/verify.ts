/** `convlab verify`, if cargo has built it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export const CONVLAB = ['debug', 'release']
  .map((profile) => join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), profile, 'convlab'))
  .find((path) => existsSync(path));

export interface Verdict {
  verdict: string;
  exact: boolean;
  student: string;
  reason: string;
}

/** The result of `convlab verify` for a file. */
export function verify(file: string, ...options: string[]): Verdict {
  try {
    return JSON.parse(
      execFileSync(CONVLAB ?? '', ['verify', file, '--json', ...options], { stdio: 'pipe' }).toString(),
    );
  } catch (error) {
    // The exit code also reports a refuted file.
    return JSON.parse(String((error as { stdout: Buffer }).stdout));
  }
}
