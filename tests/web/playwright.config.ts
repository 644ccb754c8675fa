/** The built site in a real browser. Build it first (npm run build); the browser is CHROME_PATH, or Debian's Chromium. */
import { defineConfig } from '@playwright/test';
import { launchOptions, WEBGPU_FLAGS } from './browser';

/** These measure times or memory, end processes of the browser, or need all cores for long: nothing else may run beside them. */
const ALONE = /\/(faults|kept-runs|lanes|large|leaving|live|memory|nets|pages|run|search|stories)\.spec\.ts$/;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // Two suites of `npm test`, one after the other, because a project's limit of workers does not hold the other project back.
  projects: [
    { name: 'together', testMatch: '*.spec.ts', testIgnore: ALONE },
    { name: 'alone', testMatch: ALONE, workers: 1 },
  ],
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // In continuous integration a test that fails is run once more. If it then passes, `npm test` reports it as flaky, with its name and
  // its first error.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    launchOptions: launchOptions(WEBGPU_FLAGS),
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    locale: 'en-US',
    acceptDownloads: true,
    // What never comes fails by itself, rather than by the limit of the whole test.
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
  },
});
