//! Vectors of `f32` for the matrix product: one small trait, one implementation a processor family. Nothing else in the crate
//! knows intrinsics: four lanes, which every processor has, are the `wide` crate's, here and in the transforms of
//! [`super::winograd`].
//!
//! A value of a family exists only where the processor has its instructions, so arithmetic with it is safe. What remains unsafe
//! is what reads and writes memory.
//!
//! `wide` alone would not do: it chooses instructions when it is compiled, and one native build has to use AVX2 and AVX-512
//! where a processor has them; and it knows no multiply-add of relaxed SIMD. `pulp` chooses at run time, but its multiply-add
//! promises one rounding, which costs a function call for each value on wasm and on processors without FMA.

use wide::f32x4;

/// Lanes of the widest family.
const WIDEST: usize = 16;

/// A family of vector instructions that this processor has.
pub trait Simd: Copy {
    /// A vector.
    type V: Copy;
    /// Values in it.
    const LANES: usize;

    /// All lanes `value`.
    fn splat(self, value: f32) -> Self::V;

    /// From memory, not aligned.
    ///
    /// # Safety
    /// [`Self::LANES`] values can be read at `from`.
    unsafe fn load(self, from: *const f32) -> Self::V;

    /// To memory, not aligned.
    ///
    /// # Safety
    /// [`Self::LANES`] values can be written at `to`.
    unsafe fn store(self, to: *mut f32, v: Self::V);

    /// The first `count` lanes from memory, at most all; the rest is zero.
    ///
    /// # Safety
    /// `count` values can be read at `from`, and `count` is at most [`Self::LANES`].
    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, count: usize) -> Self::V {
        let mut lanes = [0.0; WIDEST];
        // SAFETY: the caller makes sure of `from`; no family has more lanes than the array.
        unsafe { std::ptr::copy_nonoverlapping(from, lanes.as_mut_ptr(), count) };
        // SAFETY: no family has more lanes than the array.
        unsafe { self.load(lanes.as_ptr()) }
    }

    /// The first `count` lanes to memory, at most all.
    ///
    /// # Safety
    /// `count` values can be written at `to`, and `count` is at most [`Self::LANES`].
    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, v: Self::V, count: usize) {
        let mut lanes = [0.0; WIDEST];
        // SAFETY: no family has more lanes than the array.
        unsafe { self.store(lanes.as_mut_ptr(), v) };
        // SAFETY: the caller makes sure of `to`; no family has more lanes than the array.
        unsafe { std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, count) };
    }

    /// `a * b + c`.
    fn fma(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;

    /// `a * b + c`, the product rounded before the sum: the arithmetic of the `simd128` build.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "that build does it in `fma`"))]
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
}

/// A family whose product is always rounded before the sum.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy)]
pub struct Twice<S>(pub S);

#[cfg(not(target_arch = "wasm32"))]
impl<S: Simd> Simd for Twice<S> {
    type V = S::V;
    const LANES: usize = S::LANES;
    #[inline(always)]
    fn splat(self, value: f32) -> S::V {
        self.0.splat(value)
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> S::V {
        // SAFETY: the same contract.
        unsafe { self.0.load(from) }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32, v: S::V) {
        // SAFETY: the same contract.
        unsafe { self.0.store(to, v) }
    }
    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, count: usize) -> S::V {
        // SAFETY: the same contract.
        unsafe { self.0.load_part(from, count) }
    }
    #[inline(always)]
    unsafe fn store_part(self, to: *mut f32, v: S::V, count: usize) {
        // SAFETY: the same contract.
        unsafe { self.0.store_part(to, v, count) }
    }
    #[inline(always)]
    fn fma(self, a: S::V, b: S::V, c: S::V) -> S::V {
        self.0.mul_add(a, b, c)
    }
    #[inline(always)]
    fn mul_add(self, a: S::V, b: S::V, c: S::V) -> S::V {
        self.0.mul_add(a, b, c)
    }
}

/// The four lanes that every processor has: [`f32x4`] with SSE2, NEON or wasm's `simd128`, elsewhere in plain Rust.
#[derive(Clone, Copy)]
pub struct Four;

impl Simd for Four {
    type V = f32x4;
    const LANES: usize = 4;
    #[inline(always)]
    fn splat(self, value: f32) -> f32x4 {
        f32x4::splat(value)
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> f32x4 {
        // SAFETY: the caller makes sure of four values, and an `f32x4` is four `f32` and nothing else.
        unsafe { from.cast::<f32x4>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32, v: f32x4) {
        // SAFETY: as for `load`.
        unsafe { to.cast::<f32x4>().write_unaligned(v) }
    }
    /// One instruction that rounds once on most processors; `wide` has it not.
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    #[inline(always)]
    fn fma(self, a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        std::arch::wasm32::f32x4_relaxed_madd(a.into(), b.into(), c.into()).into()
    }
    /// Rounds once where the target's every processor does it in one instruction, as on aarch64. Elsewhere a call for each
    /// value would be far slower than rounding twice.
    #[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
    #[inline(always)]
    fn fma(self, a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        a.mul_add(b, c)
    }
    #[inline(always)]
    fn mul_add(self, a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        a * b + c
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Simd;
    use std::arch::x86_64::*;

    /// 16 lanes. Private contents: a value comes from [`Self::detected`] only.
    #[derive(Clone, Copy)]
    pub struct Avx512(());

    impl Avx512 {
        /// The family, where the processor has it.
        pub fn detected() -> Option<Self> {
            is_x86_feature_detected!("avx512f").then_some(Self(()))
        }
    }

    /// A mask with a bit for each of the first `count` lanes, at most 16.
    #[inline(always)]
    fn first(count: usize) -> __mmask16 {
        ((1_u32 << count) - 1) as u16
    }

    impl Simd for Avx512 {
        type V = __m512;
        const LANES: usize = 16;
        #[inline(always)]
        fn splat(self, value: f32) -> __m512 {
            // SAFETY: there is a value of this type only where the processor has AVX-512.
            unsafe { _mm512_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(self, from: *const f32) -> __m512 {
            // SAFETY: as for `splat`; the caller makes sure of 16 values.
            unsafe { _mm512_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32, v: __m512) {
            // SAFETY: as for `load`.
            unsafe { _mm512_storeu_ps(to, v) }
        }
        #[inline(always)]
        unsafe fn load_part(self, from: *const f32, count: usize) -> __m512 {
            // SAFETY: as for `splat`; the caller makes sure of the values in the mask, and no others are read.
            unsafe { _mm512_maskz_loadu_ps(first(count), from) }
        }
        #[inline(always)]
        unsafe fn store_part(self, to: *mut f32, v: __m512, count: usize) {
            // SAFETY: as for `load_part`.
            unsafe { _mm512_mask_storeu_ps(to, first(count), v) }
        }
        #[inline(always)]
        fn fma(self, a: __m512, b: __m512, c: __m512) -> __m512 {
            // SAFETY: as for `splat`.
            unsafe { _mm512_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
            // SAFETY: as for `splat`.
            unsafe { _mm512_add_ps(_mm512_mul_ps(a, b), c) }
        }
    }

    /// 8 lanes. Private contents: a value comes from [`Self::detected`] only.
    #[derive(Clone, Copy)]
    pub struct Avx2(());

    impl Avx2 {
        /// The family and its fused multiply-add, where the processor has them.
        pub fn detected() -> Option<Self> {
            (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
        }
    }

    impl Simd for Avx2 {
        type V = __m256;
        const LANES: usize = 8;
        #[inline(always)]
        fn splat(self, value: f32) -> __m256 {
            // SAFETY: there is a value of this type only where the processor has AVX2 and FMA.
            unsafe { _mm256_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(self, from: *const f32) -> __m256 {
            // SAFETY: as for `splat`; the caller makes sure of 8 values.
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32, v: __m256) {
            // SAFETY: as for `load`.
            unsafe { _mm256_storeu_ps(to, v) }
        }
        #[inline(always)]
        fn fma(self, a: __m256, b: __m256, c: __m256) -> __m256 {
            // SAFETY: as for `splat`.
            unsafe { _mm256_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
            // SAFETY: as for `splat`.
            unsafe { _mm256_add_ps(_mm256_mul_ps(a, b), c) }
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};
