import { defineConfig } from 'vitest/config';

/** Unit tests of code that needs no browser; the other tests are in playwright.config.ts. */
export default defineConfig({ test: { include: ['tests/web/unit/**/*.test.ts'] } });
