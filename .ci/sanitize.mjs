// `npm test -- sanitize`: the CPU kernels under the address sanitizer, and under Miri where the nightly compiler has it. The sanitizer runs
// the instructions that this processor has, and finds accesses outside of memory that was allocated. Miri runs the four-lane kernels in
// an interpreter, and also finds addresses that no pointer may have, unaligned access and values that were never written.
import { join } from 'node:path';
import { capture, fail, run, targetDir } from './lib.mjs';

/** Tests whose sums run through the kernels: the kernels themselves, gradients of all layers, and whole runs compared with Keras. */
const SANITIZED = ['--lib', '--test', 'gradients', '--test', 'golden'];

/** What the kernels are compiled with: all layers and optimizers, and no GPU. */
const FEATURES = ['--no-default-features', '--features', 'extended'];

function addressSanitizer() {
  const host = /host: (\S+)/.exec(capture('rustc', ['-vV']) ?? '')?.[1] ?? '';
  if (!/^(x86_64|aarch64)-(unknown-linux-gnu|apple-darwin)$/.test(host)) {
    console.log(`SKIPPED: the address sanitizer: there is none for ${host}`);
    return;
  }
  // The option is unstable, and stable compilers have it. With a target named, programs that build others are not sanitized.
  const env = {
    RUSTC_BOOTSTRAP: '1',
    RUSTFLAGS: '-Zsanitizer=address',
    CARGO_TARGET_DIR: join(targetDir(), 'sanitize'),
    CARGO_PROFILE_DEV_LTO: 'off',
  };
  run('cargo', ['test', '--locked', ...FEATURES, '--target', host, ...SANITIZED], { env });
}

function miri() {
  if (!capture('cargo', ['+nightly', 'miri', '--version'])) {
    console.log('SKIPPED: Miri. Install it with: rustup component add miri rust-src --toolchain nightly');
    return;
  }
  const env = { CARGO_TARGET_DIR: join(targetDir(), 'miri'), MIRIFLAGS: '-Zmiri-strict-provenance' };
  run('cargo', ['+nightly', 'miri', 'test', '--locked', ...FEATURES, '--lib', 'kernels::cpu'], { env });
}

try {
  addressSanitizer();
  miri();
} catch (error) {
  fail(error);
}
