/**
 * Which of the two engine builds this browser can run. The faster one uses relaxed SIMD; a browser that lacks it refuses this tiny
 * module, whose one function is `f32x4.relaxed_madd` of three vectors of zeros.
 */
const SPLAT_ZERO = [0x41, 0x00, 0xfd, 0x0f]; // i32.const 0, i8x16.splat

const RELAXED_SIMD_MODULE = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // function 0 has type 0
  ...[0x0a, 0x13, 0x01, 0x11, 0x00], // code: one body of 17 bytes, no locals
  ...SPLAT_ZERO,
  ...SPLAT_ZERO,
  ...SPLAT_ZERO,
  ...[0xfd, 0x85, 0x02, 0x0b], // f32x4.relaxed_madd, end
]);

export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED_SIMD_MODULE);
