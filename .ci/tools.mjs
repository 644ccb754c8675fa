// The programs around the wasm: wasm-bindgen (exactly the version in Cargo.lock), wasm-pack, and npm's packages, which bring wasm-opt.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ask, cacheDir, pathWith, root, run, which } from './lib.mjs';

const bindgenVersion = () =>
  /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(
    readFileSync(join(root, 'Cargo.lock'), 'utf8').replaceAll('\r', ''),
  )?.[1];
const bindgenHome = () => join(cacheDir, `wasm-bindgen-${bindgenVersion()}`);
const packHome = join(cacheDir, 'wasm-pack');

/** wasm-bindgen of the right version: the one on PATH if it fits, else the one that set-up built. */
function findBindgen() {
  const fits = (path) => path && ask(path, ['--version'])?.split(' ')[1] === bindgenVersion();
  return [which('wasm-bindgen'), which('wasm-bindgen', [join(bindgenHome(), 'bin')])].find(fits);
}
const findWasmPack = () => which('wasm-pack', [join(packHome, 'bin')]);

/** PATH for building and testing wasm. */
export const toolPath = () => pathWith(...[findBindgen(), findWasmPack()].filter(Boolean).map((path) => dirname(path)));

/** `cargo install` into its own folder, so that a person's own tools stay as they are. */
function cargoInstall(home, ...crate) {
  const build = join(tmpdir(), 'convlab-tools');
  const install = (...more) =>
    run('cargo', ['install', '--root', home, ...more, ...crate], {
      cwd: tmpdir(), // this project's cargo settings are not theirs
      env: { CARGO_TARGET_DIR: build },
      hint: 'crates.io must be reachable; run it by hand to see more.',
    });
  try {
    install('--locked');
  } catch {
    console.log('  Not with the versions its authors locked (a registry mirror may lag); trying with those at hand.');
    install();
  }
}

export const wasmBindgen = {
  name: 'wasm-bindgen',
  get why() {
    return `writes the JavaScript around the wasm; Cargo.lock asks for ${bindgenVersion()}`;
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

/** Frees the space that building the tools took. */
export const forgetBuilds = () => rmSync(join(tmpdir(), 'convlab-tools'), { recursive: true, force: true });

const npmStamp = join(root, 'node_modules', '.convlab');
const npmWanted = () => {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

function exactInstall(options) {
  try {
    run('npm', ['ci', '--no-audit'], options);
  } catch {
    console.log(
      '  Not exactly as locked (a registry mirror may lack packages for other systems); trying what is there.',
    );
    run('npm', ['install', '--no-save', '--no-audit'], options);
  }
}

export const npmPackages = {
  name: 'npm packages',
  why: "the page's tools: Vite, TypeScript, wasm-opt (binaryen), the test runners",
  done: () => existsSync(npmStamp) && readFileSync(npmStamp, 'utf8') === npmWanted() && 'as locked',
  make() {
    // `ci` is exact, and starts from nothing; `install` keeps what is there and follows an edited package.json.
    const options = { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }, hint: "npm's registry must be reachable." };
    if (existsSync(join(root, 'node_modules'))) run('npm', ['install', '--no-audit'], options);
    else exactInstall(options);
    writeFileSync(npmStamp, npmWanted());
  },
};
