// Builds the WebAssembly modules: the engine, once for each SIMD instruction set, of which the page loads the best one that the browser
// supports; each also with the extended vocabulary, which the page loads for an experiment that needs it; the tools, which do not train; the reader of data files; and that of other programs' files. The last three are loaded when they are needed. Also writes
// the presets as JSON files. A module is rebuilt only if its inputs have changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capture, cargoHome, fail, root, runQuietly, SetupError, targetDir } from './lib.mjs';
import { wasmEnv } from './toolchain.mjs';
import { toolPath } from './tools.mjs';

export const TARGET = 'wasm32-unknown-unknown';
const BUILDS = [
  { out: 'www/pkg', features: ['simd128'], crate: 'engine' },
  { out: 'www/pkg-relaxed', features: ['simd128', 'relaxed-simd'], crate: 'engine' },
  { out: 'www/pkg-extended', features: ['simd128'], crate: 'engine,extended' },
  { out: 'www/pkg-extended-relaxed', features: ['simd128', 'relaxed-simd'], crate: 'engine,extended' },
  // Modules that do not train are optimised for size, because their speed does not matter.
  { out: 'www/pkg-tools', features: ['simd128'], crate: 'tools', small: true },
  { out: 'www/pkg-files', features: ['simd128'], crate: 'files', small: true },
  { out: 'www/pkg-import', features: ['simd128'], crate: 'import', small: true },
];
/** wasm-opt's names of CPU features where they differ from rustc's, and the features that rustc enables by default. */
const OPT_NAMES = { simd128: 'simd' };
const OPT_ALWAYS = ['bulk-memory', 'bulk-memory-opt', 'call-indirect-overlong', 'multivalue', 'mutable-globals'];
OPT_ALWAYS.push('nontrapping-float-to-int', 'reference-types', 'sign-ext');
/**
 * A second round finds what the first has made possible; further ones (`--converge`) take three times as long for no byte.
 * `--low-memory-unused`: the first kilobyte is the end of the stack, so no valid access reaches it.
 */
const OPT = ['-Oz', '-Oz', '--low-memory-unused', '--strip-producers', '--strip-target-features'];

/** A hash of everything that the modules depend on: sources, manifest, lock file, these scripts and the compiler. */
function inputs(env) {
  const hash = createHash('sha256').update(capture('rustc', ['-vV'], env) ?? '');
  const files = ['Cargo.toml', 'Cargo.lock', '.cargo/config.toml', '.ci/build-wasm.mjs', '.ci/toolchain.mjs'];
  for (const name of readdirSync(join(root, 'src'), { recursive: true }).sort()) files.push(join('src', name));
  for (const file of files.map((name) => join(root, name)).filter((path) => statSync(path).isFile())) {
    hash.update(`\n${relative(root, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Cargo's folder of a build. Builds with other flags in the same folder would invalidate its cache; builds in different folders can run at the same time. */
const folder = ({ features, small }) => join(targetDir(), 'wasm', small ? 'small' : features.at(-1));

/** Builds a module in `dir`. */
async function build({ out, features, crate, small }, dir, env) {
  const started = performance.now();
  const flags = features.map((feature) => `+${feature}`).join(',');
  console.log(`${crate} → ${out} (${flags}) …`);
  // Panic messages contain the paths of source files. The mapping removes this machine's folders from them.
  const sources = `--remap-path-prefix=${join(cargoHome, 'registry', 'src')}=crates`;
  const rustflags = {
    CARGO_ENCODED_RUSTFLAGS: [`-Ctarget-feature=${flags}`, sources].join('\x1f'),
    CARGO_TARGET_DIR: dir,
  };
  const choice = ['--profile', 'wasm', '--lib', '--target', TARGET, '--no-default-features', '--features', crate];
  if (small) choice.push('--config', 'profile.wasm.opt-level="z"');
  // The kernels request inlining themselves. Less inlining and no runtime unrolling elsewhere make the engine 18 % smaller;
  // measured in Node, it is 0 to 4 % slower.
  const less = ['-inline-threshold=0', '-inlinehint-threshold=40', '-unroll-runtime=0'];
  const smaller = small ? [] : less.map((arg) => `-Cllvm-args=${arg}`);
  await runQuietly('cargo', ['rustc', ...choice, '--crate-type', 'cdylib', '--', ...smaller], {
    env: { ...env, ...rustflags },
  });
  const to = join(root, out);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const wasm = join(to, 'convlab_bg.wasm');
  await runQuietly(
    'wasm-bindgen',
    ['--target', 'web', '--out-dir', to, '--out-name', 'convlab', join(dir, TARGET, 'wasm', 'convlab.wasm')],
    { env },
  );
  const enable = [...OPT_ALWAYS, ...features.map((feature) => OPT_NAMES[feature] ?? feature)].map(
    (name) => `--enable-${name}`,
  );
  await runQuietly('wasm-opt', [...OPT, ...enable, '-o', wasm, wasm], { env });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`  ✓ ${out}: ${kb(statSync(wasm).size)} (${seconds} s)`);
}

/** Writes the built-in experiments in the order of `src/experiment/presets.rs`: what their list shows with the first of them, which a first visit loads, and all of them. */
function presets() {
  const order = readFileSync(join(root, 'src/experiment/presets.rs'), 'utf8').matchAll(
    /include_str!\("(presets\/[\w-]+\.json)"\)/g,
  );
  const documents = Array.from(order, ([, path]) =>
    JSON.parse(readFileSync(join(root, 'src/experiment', path), 'utf8')),
  );
  if (documents.length === 0) throw new SetupError('src/experiment/presets.rs includes no experiments.');
  const to = join(root, 'www/pkg-presets');
  mkdirSync(to, { recursive: true });
  const heads = documents.map(({ name, title, dataset }) => ({
    id: name,
    title,
    dataset: dataset.name,
    ...(dataset.merge_classes && { merge_classes: dataset.merge_classes }),
  }));
  writeFileSync(join(to, 'first.json'), JSON.stringify({ heads, first: documents[0] }));
  writeFileSync(join(to, 'presets.json'), JSON.stringify(documents));
}

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

export async function buildWasm() {
  const toolchain = wasmEnv();
  if (!toolchain) throw new SetupError('The wasm toolchain is not set up.', 'Run: npm run setup');
  const env = { ...toolchain, PATH: toolPath() };
  presets();
  const wanted = inputs(env);
  const stampOf = ({ out }) => join(root, out, '.inputs');
  const outdated = BUILDS.filter((one) => !existsSync(stampOf(one)) || readFileSync(stampOf(one), 'utf8') !== wanted);
  // The largest part of a build, the optimisation of the linked module, uses one core.
  const together = [...new Set(outdated.map(folder))].map(async (dir) => {
    for (const one of outdated.filter((build) => folder(build) === dir)) {
      await build(one, dir, env);
      writeFileSync(stampOf(one), wanted);
    }
  });
  const failed = (await Promise.allSettled(together)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await buildWasm();
  } catch (error) {
    fail(error);
  }
}
