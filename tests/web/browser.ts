/** How the tests start their browser; `chromium.json` holds the flags, which `npm run bench` uses too. */
import { readFileSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

const flags: { webgpu: string[]; quiet: string[] } = JSON.parse(
  readFileSync(new URL('chromium.json', import.meta.url), 'utf8'),
);

/** Flags for WebGPU without a GPU; if there is a GPU, Chromium uses it with these flags. */
export const WEBGPU_FLAGS = flags.webgpu;

export function launchOptions(more: string[]): LaunchOptions {
  const isRoot = process.getuid?.() === 0;
  return {
    executablePath: process.env.CHROME_PATH || '/usr/bin/chromium',
    args: [...flags.quiet, ...(isRoot ? ['--no-sandbox'] : []), ...more],
  };
}
