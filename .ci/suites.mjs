// The suites that `npm test` runs, in order. A suite with `count` counts tests; a check (format, lints, types, build) passes or fails.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TARGET } from './build-wasm.mjs';
import { targetDir } from './lib.mjs';
import { KERAS, PYTORCH, python } from './python.mjs';
import { libtest, playwright, vitest } from './results.mjs';
import { wasmEnv } from './toolchain.mjs';

const clippyWasm = (...what) => ['clippy', '--locked', '--target', TARGET, ...what, '--', '-D', 'warnings'];

const layers = () => readdirSync('src/layers').flatMap((file) => (file.endsWith('.rs') ? [`src/layers/${file}`] : []));

/** `reports` is a folder for the runners' machine-readable results. */
export function suites(reports) {
  // A separate folder, because the compiler may be different from the native one.
  const wasm = { ...wasmEnv(), CARGO_TARGET_DIR: join(targetDir(), 'wasm', 'test') };
  const vitestJson = join(reports, 'vitest.json');
  const playwrightJson = join(reports, 'playwright.json');
  return [
    // The layers' modules are named in a macro (src/layers/mod.rs), where rustfmt does not look for files.
    { name: 'rustfmt', run: ['cargo', 'fmt', '--check', '--', ...layers()] },
    { name: 'clippy', run: ['cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings'] },
    { name: 'clippy-wasm', run: ['cargo', ...clippyWasm('--tests')], env: wasm },
    // The modules that the page loads.
    ...['engine', 'tools', 'files'].map((feature) => ({
      name: `clippy-${feature}`,
      run: ['cargo', ...clippyWasm('--lib', '--no-default-features', '--features', feature)],
      env: wasm,
    })),
    { name: 'rust', run: ['cargo', 'test', '--locked', '--no-fail-fast'], count: libtest },
    // The exported scripts need Keras and PyTorch, several GB. The suite runs if CONVLAB_PYTHON is set or if it is named. Otherwise
    // cargo reports these tests as ignored.
    {
      name: 'export',
      isOptional: !process.env.CONVLAB_PYTHON,
      run: ['cargo', 'test', '--locked', '--test', 'export', '--', '--ignored'],
      env: () => ({ CONVLAB_PYTHON: python('python', [...KERAS, ...PYTORCH]) }),
      count: libtest,
    },
    {
      name: 'rust-browser',
      run: ['wasm-pack', 'test', '--headless', '--chrome'],
      env: wasm,
      count: libtest,
    },
    { name: 'engine', run: ['node', '.ci/build-wasm.mjs'] },
    { name: 'types', run: ['tsc', '--noEmit', '-p', 'www'] },
    { name: 'types-node', run: ['tsc', '--noEmit', '-p', 'www/tsconfig.node.json'] },
    { name: 'biome', run: ['biome', 'ci', '--error-on-warnings'] },
    {
      name: 'vitest',
      run: [
        'vitest',
        'run',
        '--config',
        'www/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${vitestJson}`,
      ],
      count: () => vitest(vitestJson),
    },
    { name: 'page', run: ['vite', 'build', 'www', '--logLevel', 'warn'] },
    { name: 'size', run: ['node', '.ci/size.mjs'] },
    { name: 'package', run: ['node', '.ci/try-package.mjs'] },
    {
      name: 'playwright',
      run: ['playwright', 'test', '--config', 'tests/web/playwright.config.ts', '--reporter=list,json'],
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightJson },
      count: () => playwright(playwrightJson),
    },
  ];
}
