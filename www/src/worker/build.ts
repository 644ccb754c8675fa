/**
 * Detects which of the two engine builds this browser can run, by validating two tiny modules. The function of the first returns a
 * vector of zeros, which needs SIMD. That of the second is `f32x4.relaxed_madd` of three such vectors, which needs relaxed SIMD, as
 * the faster build does.
 */
const SPLAT_ZERO = [0x41, 0x00, 0xfd, 0x0f]; // i32.const 0, i8x16.splat

const HEAD = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // function 0 has type 0
];

const SIMD_MODULE = new Uint8Array([
  ...HEAD,
  ...[0x0a, 0x08, 0x01, 0x06, 0x00], // code: one body of 6 bytes, no locals
  ...SPLAT_ZERO,
  0x0b, // end
]);

const RELAXED_SIMD_MODULE = new Uint8Array([
  ...HEAD,
  ...[0x0a, 0x13, 0x01, 0x11, 0x00], // code: one body of 17 bytes, no locals
  ...SPLAT_ZERO,
  ...SPLAT_ZERO,
  ...SPLAT_ZERO,
  ...[0xfd, 0x85, 0x02, 0x0b], // f32x4.relaxed_madd, end
]);

export const hasSimd = (): boolean => WebAssembly.validate(SIMD_MODULE);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED_SIMD_MODULE);
