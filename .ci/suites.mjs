// The suites that `npm test` runs, in order. A suite with `count` counts tests; a check (format, lints, types, build) passes or fails.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TARGET } from './build-wasm.mjs';
import { targetDir } from './lib.mjs';
import { KERAS, NOTEBOOK, ONNX, PYTORCH, python } from './python.mjs';
import { libtest, playwright, vitest } from './results.mjs';
import { wasmEnv } from './toolchain.mjs';

const clippyWasm = (...what) => ['clippy', '--locked', '--target', TARGET, ...what, '--', '-D', 'warnings'];

const layers = () => readdirSync('src/layers').flatMap((file) => (file.endsWith('.rs') ? [`src/layers/${file}`] : []));

/** `reports` is a folder for the runners' machine-readable results. */
export function suites(reports) {
  // A separate folder, because the compiler may be different from the native one.
  const wasm = { ...wasmEnv(), CARGO_TARGET_DIR: join(targetDir(), 'wasm', 'test') };
  const vitestJson = join(reports, 'vitest.json');
  const browsersJson = join(reports, 'browsers.json');
  return [
    // The layers' modules are named in a macro (src/layers/mod.rs), where rustfmt does not look for files.
    { name: 'rustfmt', run: ['cargo', 'fmt', '--check', '--', ...layers()] },
    { name: 'clippy', run: ['cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings'] },
    { name: 'clippy-wasm', run: ['cargo', ...clippyWasm('--tests')], env: wasm },
    // The modules that the page loads.
    ...['engine', 'tools', 'files', 'import'].map((feature) => ({
      name: `clippy-${feature}`,
      run: ['cargo', ...clippyWasm('--lib', '--no-default-features', '--features', feature)],
      env: wasm,
    })),
    { name: 'rust', run: ['cargo', 'test', '--locked', '--no-fail-fast'], count: libtest },
    // The exported scripts and files need Keras, PyTorch and ONNX Runtime, several GB. The suite runs if CONVLAB_PYTHON is set or if it is named. Otherwise
    // cargo reports these tests as ignored.
    {
      name: 'export',
      isOptional: !process.env.CONVLAB_PYTHON,
      run: ['cargo', 'test', '--locked', '--test', 'export', '--', '--ignored'],
      env: () => ({ CONVLAB_PYTHON: python('python-export', [...KERAS, ...PYTORCH, ...ONNX, ...NOTEBOOK]) }),
      count: libtest,
    },
    // Builds everything a second time and, for Miri, a third: some minutes. The suite runs if it is named.
    { name: 'sanitize', isOptional: true, run: ['node', '.ci/sanitize.mjs'], count: libtest },
    // Needs the advisory databases, which change from day to day.
    { name: 'audit', isOptional: true, run: ['node', '.ci/audit.mjs'] },
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
    // JupyterLab has some hundred packages. The suite runs if it is named, after `package`, whose files it uses.
    {
      name: 'jupyter',
      isOptional: !process.env.CONVLAB_JUPYTER,
      run: ['node', '.ci/try-widget.mjs'],
      env: () => ({
        CONVLAB_JUPYTER: process.env.CONVLAB_JUPYTER ?? python('python-jupyter', ['jupyterlab', 'anywidget']),
      }),
    },
    ...['together', 'alone'].map((project) => {
      const json = join(reports, `${project}.json`);
      return {
        name: `playwright-${project}`,
        run: [
          ...'playwright test --config tests/web/playwright.config.ts --reporter=list,json --project'.split(' '),
          project,
        ],
        env: { PLAYWRIGHT_JSON_OUTPUT_NAME: json },
        count: () => playwright(json),
      };
    }),
    // The same steps in Chromium, Firefox and WebKit, with and without WebGPU. A browser that is not installed is skipped.
    {
      name: 'browsers',
      run: [
        'vitest',
        'run',
        '--config',
        'tests/web/browsers/vitest.config.ts',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${browsersJson}`,
      ],
      count: () => vitest(browsersJson),
    },
  ];
}
