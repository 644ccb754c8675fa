//! Vectors of `f32` for the matrix product: one small trait, one implementation a processor family. Nothing else in the crate
//! knows intrinsics: four lanes, which every processor has, are the `wide` crate's, here and in the transforms of
//! [`super::winograd`].
//!
//! `wide` alone would not do: it chooses instructions when it is compiled, and one native build has to use AVX2 and AVX-512
//! where a processor has them; and it knows no multiply-add of relaxed SIMD. `pulp` chooses at run time, but its multiply-add
//! promises one rounding, which costs a function call for each value on wasm and on processors without FMA.

#![allow(unsafe_op_in_unsafe_fn, reason = "methods are an instruction or two, under the contract of the trait")]

use wide::f32x4;

/// Lanes of the widest family.
const WIDEST: usize = 16;

/// A family of vector instructions.
///
/// # Safety
/// An implementation reads and writes [`Self::LANES`] values at a pointer, or the first `count` of them, and nothing else. Callers
/// make sure that the processor has the family and that the pointer covers these values.
#[allow(clippy::missing_safety_doc, reason = "one contract for all methods, stated above")]
pub unsafe trait Simd {
    /// A vector.
    type V: Copy;
    /// Values in it.
    const LANES: usize;
    /// All lanes `value`.
    unsafe fn splat(value: f32) -> Self::V;
    /// From memory, not aligned.
    unsafe fn load(from: *const f32) -> Self::V;
    /// To memory, not aligned.
    unsafe fn store(to: *mut f32, v: Self::V);
    /// The first `count` lanes from memory, at most all; the rest is zero.
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> Self::V {
        let mut lanes = [0.0; WIDEST];
        std::ptr::copy_nonoverlapping(from, lanes.as_mut_ptr(), count);
        Self::load(lanes.as_ptr())
    }
    /// The first `count` lanes to memory, at most all.
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, v: Self::V, count: usize) {
        let mut lanes = [0.0; WIDEST];
        Self::store(lanes.as_mut_ptr(), v);
        std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, count);
    }
    /// `a * b + c`.
    unsafe fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a * b + c`, the product rounded before the sum: the arithmetic of the `simd128` build.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "that build does it in `fma`"))]
    unsafe fn mul_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
}

/// A family whose product is always rounded before the sum.
#[cfg(not(target_arch = "wasm32"))]
pub struct Twice<S>(std::marker::PhantomData<S>);

#[cfg(not(target_arch = "wasm32"))]
// SAFETY: every method is one of `S`.
unsafe impl<S: Simd> Simd for Twice<S> {
    type V = S::V;
    const LANES: usize = S::LANES;
    #[inline(always)]
    unsafe fn splat(value: f32) -> S::V {
        S::splat(value)
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> S::V {
        S::load(from)
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: S::V) {
        S::store(to, v)
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> S::V {
        S::load_part(from, count)
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, v: S::V, count: usize) {
        S::store_part(to, v, count)
    }
    #[inline(always)]
    unsafe fn fma(a: S::V, b: S::V, c: S::V) -> S::V {
        S::mul_add(a, b, c)
    }
    #[inline(always)]
    unsafe fn mul_add(a: S::V, b: S::V, c: S::V) -> S::V {
        S::mul_add(a, b, c)
    }
}

/// The four lanes that every processor has: [`f32x4`] with SSE2, NEON or wasm's `simd128`, elsewhere in plain Rust.
pub struct Four;

// SAFETY: an `f32x4` is four `f32` and nothing else.
unsafe impl Simd for Four {
    type V = f32x4;
    const LANES: usize = 4;
    #[inline(always)]
    unsafe fn splat(value: f32) -> f32x4 {
        f32x4::splat(value)
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> f32x4 {
        from.cast::<f32x4>().read_unaligned()
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: f32x4) {
        to.cast::<f32x4>().write_unaligned(v)
    }
    /// One instruction that rounds once on most processors; `wide` has it not.
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    #[inline(always)]
    unsafe fn fma(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        std::arch::wasm32::f32x4_relaxed_madd(a.into(), b.into(), c.into()).into()
    }
    /// Rounds once where the target's every processor does it in one instruction, as on aarch64. Elsewhere a call for each
    /// value would be far slower than rounding twice.
    #[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
    #[inline(always)]
    unsafe fn fma(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        a.mul_add(b, c)
    }
    #[inline(always)]
    unsafe fn mul_add(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
        a * b + c
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Simd;
    use std::arch::x86_64::*;

    /// 16 lanes.
    pub struct Avx512;

    // SAFETY: loads and stores are of 16 values; a mask has a bit for each of the first `count`.
    unsafe impl Simd for Avx512 {
        type V = __m512;
        const LANES: usize = 16;
        #[inline(always)]
        unsafe fn splat(value: f32) -> __m512 {
            _mm512_set1_ps(value)
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m512 {
            _mm512_loadu_ps(from)
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, v: __m512) {
            _mm512_storeu_ps(to, v)
        }
        #[inline(always)]
        unsafe fn load_part(from: *const f32, count: usize) -> __m512 {
            _mm512_maskz_loadu_ps(((1_u32 << count) - 1) as u16, from)
        }
        #[inline(always)]
        unsafe fn store_part(to: *mut f32, v: __m512, count: usize) {
            _mm512_mask_storeu_ps(to, ((1_u32 << count) - 1) as u16, v)
        }
        #[inline(always)]
        unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
            _mm512_fmadd_ps(a, b, c)
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
            _mm512_add_ps(_mm512_mul_ps(a, b), c)
        }
    }

    /// 8 lanes.
    pub struct Avx2;

    // SAFETY: loads and stores are of 8 values.
    unsafe impl Simd for Avx2 {
        type V = __m256;
        const LANES: usize = 8;
        #[inline(always)]
        unsafe fn splat(value: f32) -> __m256 {
            _mm256_set1_ps(value)
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m256 {
            _mm256_loadu_ps(from)
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, v: __m256) {
            _mm256_storeu_ps(to, v)
        }
        #[inline(always)]
        unsafe fn fma(a: __m256, b: __m256, c: __m256) -> __m256 {
            _mm256_fmadd_ps(a, b, c)
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m256, b: __m256, c: __m256) -> __m256 {
            _mm256_add_ps(_mm256_mul_ps(a, b), c)
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};
