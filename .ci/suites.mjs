// Everything that `npm test` runs, in order. A test suite counts tests; a check (format, lints, types, build) only passes or fails.
import { join } from 'node:path';
import { TARGET } from './build-wasm.mjs';
import { exists, targetDir } from './lib.mjs';
import { libtest, playwright, vitest } from './results.mjs';
import { wasmEnv } from './toolchain.mjs';

const ENGINE = ['--no-default-features', '--features', 'gpu'];

const vitestConfig = ['www/vitest.config.ts', 'www/vite.config.ts'].find((path) => exists(path));

/** `reports` is a folder for the runners' machine-readable results. */
export function suites(reports) {
  // A folder of its own: this may be another compiler than the native one.
  const wasm = { ...wasmEnv(), CARGO_TARGET_DIR: join(targetDir(), 'wasm', 'test') };
  const vitestJson = join(reports, 'vitest.json');
  const playwrightJson = join(reports, 'playwright.json');
  return [
    { name: 'rustfmt', run: ['cargo', 'fmt', '--check'] },
    { name: 'clippy', run: ['cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings'] },
    {
      name: 'clippy-wasm',
      run: ['cargo', 'clippy', '--locked', '--lib', '--target', TARGET, ...ENGINE, '--', '-D', 'warnings'],
      env: wasm,
    },
    { name: 'rust', run: ['cargo', 'test', '--locked', '--no-fail-fast'], count: libtest },
    // The exported scripts, where there is a Python that can run them; without one, cargo reports these tests as ignored.
    {
      name: 'export',
      when: process.env.CONVLAB_PYTHON,
      run: ['cargo', 'test', '--locked', '--test', 'export', '--', '--ignored'],
      count: libtest,
    },
    {
      name: 'rust-browser',
      needs: 'tests/wasm.rs',
      run: ['wasm-pack', 'test', '--headless', '--chrome', ...ENGINE, '--test', 'wasm'],
      env: { ...wasm, WASM_BINDGEN_TEST_TIMEOUT: '600' },
      count: libtest,
    },
    { name: 'engine', run: ['node', '.ci/build-wasm.mjs'] },
    { name: 'types', needs: 'www/tsconfig.json', run: ['tsc', '--noEmit', '-p', 'www'] },
    { name: 'types-node', needs: 'www/tsconfig.node.json', run: ['tsc', '--noEmit', '-p', 'www/tsconfig.node.json'] },
    { name: 'biome', run: ['biome', 'ci', '--error-on-warnings'] },
    {
      name: 'vitest',
      needs: 'www/index.html',
      run: [
        'vitest',
        'run',
        '--config',
        vitestConfig,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${vitestJson}`,
      ],
      count: () => vitest(vitestJson),
    },
    { name: 'page', needs: 'www/index.html', run: ['vite', 'build', 'www', '--logLevel', 'warn'] },
    { name: 'size', needs: 'www/index.html', run: ['node', '.ci/size.mjs'] },
    {
      name: 'playwright',
      needs: 'tests/web/playwright.config.ts',
      run: ['playwright', 'test', '--config', 'tests/web/playwright.config.ts', '--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightJson },
      count: () => playwright(playwrightJson),
    },
  ].filter(({ needs, when = true }) => when && (!needs || exists(needs)));
}
