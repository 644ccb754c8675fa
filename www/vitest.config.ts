import { defineConfig } from 'vitest/config';

/** The page's pure parts; what needs a browser is tested in one (playwright.config.ts). */
export default defineConfig({ test: { include: ['tests/web/unit/**/*.test.ts'] } });
