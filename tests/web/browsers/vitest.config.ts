import { defineConfig } from 'vitest/config';

/** Tests in every browser that can be had. They take minutes, so they are not among the unit tests. */
export default defineConfig({
  test: {
    include: ['tests/web/browsers/**/*.test.ts'],
    fileParallelism: false,
    // A test that then passes is shown with its number of retries.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
