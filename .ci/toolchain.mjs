// The Rust toolchains for this machine and for wasm. If rustup can download, it installs the wasm target. Otherwise Debian's rustc-web
// compiles for wasm. Debian has no wasm32 standard library for it, so that is compiled once from Debian's source package.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptInstall, hasApt } from './apt.mjs';
import { capture, root, run, SetupError, which } from './lib.mjs';

const TARGET = 'wasm32-unknown-unknown';
const DEBIAN_LIB = `/usr/lib/rustlib/${TARGET}/lib`;
const DEBIAN_STAMP = join(DEBIAN_LIB, 'built-by'); // the compiler that built this standard library
const DEBIAN_LINKER = 'wasm-ld-19';
const RUSTUP = 'Install Rust with rustup (https://rustup.rs), then try again.';

const rustcVersion = () => capture('rustc', ['--version']);
const debianRustc = () => (existsSync('/usr/bin/rustc') ? capture('/usr/bin/rustc', ['--version']) : undefined);
const linkerEnv = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: DEBIAN_LINKER };

/** The environment for compiling to wasm: empty with rustup's target, Debian's toolchain otherwise, undefined if neither is installed. */
export function wasmEnv() {
  const lib = capture('rustc', ['--print', 'target-libdir', '--target', TARGET]);
  const hasStd = lib && existsSync(lib) && readdirSync(lib).some((file) => file.startsWith('libstd-'));
  if (hasStd && lib !== DEBIAN_LIB) return {};
  const version = debianRustc();
  if (!version || !existsSync(DEBIAN_STAMP) || readFileSync(DEBIAN_STAMP, 'utf8') !== version) return undefined;
  if (!which(DEBIAN_LINKER)) return undefined;
  if (!which('rustup')) return linkerEnv;
  const isLinked = /^debian\b/m.test(capture('rustup', ['toolchain', 'list']) ?? '');
  return isLinked ? { RUSTUP_TOOLCHAIN: 'debian', ...linkerEnv } : undefined;
}

/** The minor version: "1.95.0" → 95. */
const minor = (text) => Number(/1\.(\d+)/.exec(text ?? '')?.[1] ?? 0);
/** The oldest minor version that Cargo.toml allows. */
const minimum = () => minor(/rust-version\s*=\s*"([^"]+)"/.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))?.[1]);

export const cCompiler = {
  name: 'C linker',
  why: "Rust links native programs with the system's C compiler",
  done: () => which('cc') ?? which('cl'),
  make() {
    if (!hasApt())
      throw new SetupError(
        'No C compiler (cc) found.',
        'macOS: xcode-select --install. Linux: install gcc. Windows: Visual Studio Build Tools.',
      );
    aptInstall('gcc', 'libc6-dev');
  },
};

export const rust = {
  name: 'Rust',
  why: 'the engine is written in it',
  done: () => (minor(rustcVersion()) >= minimum() ? rustcVersion() : undefined),
  make() {
    const found = rustcVersion();
    if (which('rustup')) {
      throw new SetupError(
        `Rust 1.${minimum()} or newer is needed. Received: ${found ?? 'no default toolchain'}.`,
        'Run: rustup update stable && rustup default stable',
      );
    }
    if (!hasApt())
      throw new SetupError(`Rust 1.${minimum()} or newer is needed. Received: ${found ?? 'no rustc'}.`, RUSTUP);
    aptInstall('rustc-web', 'cargo-web');
    if (minor(rustcVersion()) < minimum())
      throw new SetupError(`The distribution's Rust is too old. Received: ${rustcVersion()}.`, RUSTUP);
  },
};

export const rustLints = {
  name: 'rustfmt and clippy',
  why: 'the tests check format and lints',
  // If Debian's toolchain compiles the wasm, its clippy is needed too.
  done: () =>
    ['fmt', 'clippy'].every((tool) => capture('cargo', [tool, '--version'])) &&
    capture('cargo', ['clippy', '--version'], wasmEnv()),
  make() {
    if (wasmEnv()?.RUSTUP_TOOLCHAIN || !which('rustup')) aptInstall('rustfmt-web', 'rust-web-clippy');
    else run('rustup', ['component', 'add', 'rustfmt', 'clippy']);
  },
};

export const wasmTarget = {
  name: 'wasm target',
  why: 'the page runs the engine as WebAssembly',
  done: () => {
    const env = wasmEnv();
    return env && (env.CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER ? debianRustc() : rustcVersion());
  },
  make() {
    if (which('rustup')) {
      try {
        run('rustup', ['target', 'add', TARGET], { timeout_s: 600 });
        return;
      } catch (error) {
        if (!hasApt()) throw new SetupError(error.message, `Check the network, then run: rustup target add ${TARGET}`);
        console.log(`  rustup could not download it (${error.message}) Debian's packages are used instead.`);
      }
    } else if (!hasApt()) {
      throw new SetupError(`This Rust has no standard library for ${TARGET}.`, RUSTUP);
    }
    fromDebian();
  },
};

function fromDebian() {
  aptInstall('rustc-web', 'cargo-web', 'rust-web-src', 'lld-19', 'gcc', 'libc6-dev');
  buildStd();
  if (which('rustup')) run('rustup', ['toolchain', 'link', 'debian', '/usr']);
  // Objects compiled with another standard library cannot be linked with this one.
  rmSync(join(root, 'target', 'wasm'), { recursive: true, force: true });
}

/** Compiles std for wasm32 with Debian's compiler and copies it into that compiler's library folder. */
function buildStd() {
  console.log(`  Building the standard library for ${TARGET} (about a minute, once)`);
  const crate = mkdtempSync(join(tmpdir(), 'wasm-std-'));
  mkdirSync(join(crate, 'src'));
  writeFileSync(join(crate, 'Cargo.toml'), '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n');
  writeFileSync(join(crate, 'src', 'lib.rs'), '');
  // Bitcode is needed for link-time optimisation, and the test crate for wasm-bindgen's test runner.
  run('/usr/bin/cargo', ['build', '--release', '-Z', 'build-std=std,panic_abort,test', '--target', TARGET], {
    cwd: crate,
    env: {
      ...linkerEnv,
      RUSTC: '/usr/bin/rustc',
      RUSTC_BOOTSTRAP: '1', // build-std is an unstable option
      RUSTFLAGS: '-Cembed-bitcode=yes',
      CARGO_TARGET_DIR: join(crate, 'target'),
      RUSTUP_TOOLCHAIN: undefined,
    },
  });
  const built = join(crate, 'target', TARGET, 'release', 'deps');
  rmSync(DEBIAN_LIB, { recursive: true, force: true });
  mkdirSync(DEBIAN_LIB, { recursive: true });
  for (const file of readdirSync(built)) {
    if (file.endsWith('.rlib') && !file.startsWith('libempty')) copyFileSync(join(built, file), join(DEBIAN_LIB, file));
  }
  writeFileSync(DEBIAN_STAMP, debianRustc());
  rmSync(crate, { recursive: true, force: true });
}
