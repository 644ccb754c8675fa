// The tools for wasm: wasm-bindgen (exactly the version in Cargo.lock), wasm-pack, and the npm packages, which include wasm-opt.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDir, capture, pathWith, root, run, which } from './lib.mjs';

const bindgenVersion = () =>
  /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(
    readFileSync(join(root, 'Cargo.lock'), 'utf8').replaceAll('\r', ''),
  )?.[1];
const bindgenHome = () => join(cacheDir, `wasm-bindgen-${bindgenVersion()}`);
const packHome = join(cacheDir, 'wasm-pack');

/** wasm-bindgen of the required version: the one on PATH if it matches, else the one that set-up built. */
function findBindgen() {
  const matches = (path) => path && capture(path, ['--version'])?.split(' ')[1] === bindgenVersion();
  return [which('wasm-bindgen'), which('wasm-bindgen', [join(bindgenHome(), 'bin')])].find(matches);
}
const findWasmPack = () => which('wasm-pack', [join(packHome, 'bin')]);

/** PATH for building and testing wasm. */
export const toolPath = () => pathWith(...[findBindgen(), findWasmPack()].filter(Boolean).map((path) => dirname(path)));

/** `cargo install` into a separate folder, so that the user's tools are not changed. */
function cargoInstall(home, ...crate) {
  const build = join(tmpdir(), 'convlab-tools');
  const install = (...more) =>
    run('cargo', ['install', '--root', home, ...more, ...crate], {
      cwd: tmpdir(), // outside this project, whose cargo settings do not apply
      env: { CARGO_TARGET_DIR: build },
      hint: 'crates.io must be reachable. Run the command yourself to see its full output.',
    });
  try {
    install('--locked');
  } catch {
    console.log(
      '  The locked versions cannot be installed (a registry mirror may be out of date); trying other versions.',
    );
    install();
  }
}

export const wasmBindgen = {
  name: 'wasm-bindgen',
  get why() {
    return `generates the JavaScript for the wasm; Cargo.lock requires ${bindgenVersion()}`;
  },
  done: () => findBindgen() && `${bindgenVersion()}`,
  make: () => cargoInstall(bindgenHome(), 'wasm-bindgen-cli', '--version', bindgenVersion()),
};

export const wasmPack = {
  name: 'wasm-pack',
  why: 'runs the Rust tests in a browser',
  done: () => findWasmPack(),
  make: () => cargoInstall(packHome, 'wasm-pack'),
};

/** Deletes the build folder of the tools. */
export const removeToolBuilds = () => rmSync(join(tmpdir(), 'convlab-tools'), { recursive: true, force: true });

const npmStamp = join(root, 'node_modules', '.convlab');
const npmLockHash = () => {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

function exactInstall(options) {
  try {
    run('npm', ['ci', '--no-audit'], options);
  } catch {
    console.log('  The locked packages cannot be installed (a registry mirror may lack some); trying other versions.');
    run('npm', ['install', '--no-save', '--no-audit'], options);
  }
}

export const npmPackages = {
  name: 'npm packages',
  why: "the page's tools: Vite, TypeScript, wasm-opt (binaryen), the test runners",
  done: () => existsSync(npmStamp) && readFileSync(npmStamp, 'utf8') === npmLockHash() && 'as locked',
  make() {
    // `ci` installs exactly the locked versions into an empty folder. `install` updates an existing folder to an edited package.json.
    const options = { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }, hint: "npm's registry must be reachable." };
    if (existsSync(join(root, 'node_modules'))) run('npm', ['install', '--no-audit'], options);
    else exactInstall(options);
    writeFileSync(npmStamp, npmLockHash());
  },
};
