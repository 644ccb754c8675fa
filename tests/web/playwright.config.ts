/** The built site in a real browser. Build it first (npm run build); the browser is CHROME_PATH, or Debian's Chromium. */
import { defineConfig } from '@playwright/test';
import { launchOptions, WEBGPU_FLAGS } from './browser';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  // Training needs all cores, so tests do not run in parallel.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A test that then passes is reported as flaky, with its name, by `npm test`.
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
  },
});
