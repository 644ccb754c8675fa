//! Vectors of `f32` for the matrix product: one small trait, one implementation a processor family. Besides [`super::four`]
//! nothing else in the crate knows intrinsics.

/// Lanes of the widest family.
const WIDEST: usize = 16;

/// A family of vector instructions.
///
/// # Safety
/// Every method needs the processor to have the family; pointers must cover [`Self::LANES`] values.
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
        unsafe {
            std::ptr::copy_nonoverlapping(from, lanes.as_mut_ptr(), count);
            Self::load(lanes.as_ptr())
        }
    }
    /// The first `count` lanes to memory, at most all.
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, v: Self::V, count: usize) {
        let mut lanes = [0.0; WIDEST];
        unsafe {
            Self::store(lanes.as_mut_ptr(), v);
            std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, count);
        }
    }
    /// `a * b + c`.
    unsafe fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a * b + c`, the product rounded before the sum: the arithmetic of the `simd128` build.
    #[cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "that build's own family does it in `fma`"))]
    unsafe fn mul_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
}

/// A family whose product is always rounded before the sum.
#[cfg(not(target_arch = "wasm32"))]
pub struct Twice<S>(std::marker::PhantomData<S>);

#[cfg(not(target_arch = "wasm32"))]
unsafe impl<S: Simd> Simd for Twice<S> {
    type V = S::V;
    const LANES: usize = S::LANES;
    #[inline(always)]
    unsafe fn splat(value: f32) -> S::V {
        unsafe { S::splat(value) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> S::V {
        unsafe { S::load(from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: S::V) {
        unsafe { S::store(to, v) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, count: usize) -> S::V {
        unsafe { S::load_part(from, count) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, v: S::V, count: usize) {
        unsafe { S::store_part(to, v, count) }
    }
    #[inline(always)]
    unsafe fn fma(a: S::V, b: S::V, c: S::V) -> S::V {
        unsafe { S::mul_add(a, b, c) }
    }
    #[inline(always)]
    unsafe fn mul_add(a: S::V, b: S::V, c: S::V) -> S::V {
        unsafe { S::mul_add(a, b, c) }
    }
}

/// Four lanes in plain Rust, for processors without a family of their own here; compilers make vectors of it.
#[allow(dead_code, reason = "unused where every processor has a family")]
pub struct Portable;

unsafe impl Simd for Portable {
    type V = [f32; 4];
    const LANES: usize = 4;
    #[inline(always)]
    unsafe fn splat(value: f32) -> [f32; 4] {
        [value; 4]
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 4] {
        unsafe { from.cast::<[f32; 4]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: [f32; 4]) {
        unsafe { to.cast::<[f32; 4]>().write_unaligned(v) }
    }
    #[inline(always)]
    unsafe fn fma(a: [f32; 4], b: [f32; 4], c: [f32; 4]) -> [f32; 4] {
        // Where the processor fuses, so does this; elsewhere a call for each value would be far slower than rounding twice.
        let fused = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
        std::array::from_fn(|i| if fused { a[i].mul_add(b[i], c[i]) } else { a[i] * b[i] + c[i] })
    }
    #[inline(always)]
    unsafe fn mul_add(a: [f32; 4], b: [f32; 4], c: [f32; 4]) -> [f32; 4] {
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Simd;
    use std::arch::x86_64::*;

    /// 16 lanes.
    pub struct Avx512;

    unsafe impl Simd for Avx512 {
        type V = __m512;
        const LANES: usize = 16;
        #[inline(always)]
        unsafe fn splat(value: f32) -> __m512 {
            unsafe { _mm512_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m512 {
            unsafe { _mm512_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, v: __m512) {
            unsafe { _mm512_storeu_ps(to, v) }
        }
        #[inline(always)]
        unsafe fn load_part(from: *const f32, count: usize) -> __m512 {
            unsafe { _mm512_maskz_loadu_ps(((1_u32 << count) - 1) as u16, from) }
        }
        #[inline(always)]
        unsafe fn store_part(to: *mut f32, v: __m512, count: usize) {
            unsafe { _mm512_mask_storeu_ps(to, ((1_u32 << count) - 1) as u16, v) }
        }
        #[inline(always)]
        unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
            unsafe { _mm512_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
            unsafe { _mm512_add_ps(_mm512_mul_ps(a, b), c) }
        }
    }

    /// 8 lanes.
    pub struct Avx2;

    unsafe impl Simd for Avx2 {
        type V = __m256;
        const LANES: usize = 8;
        #[inline(always)]
        unsafe fn splat(value: f32) -> __m256 {
            unsafe { _mm256_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m256 {
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, v: __m256) {
            unsafe { _mm256_storeu_ps(to, v) }
        }
        #[inline(always)]
        unsafe fn fma(a: __m256, b: __m256, c: __m256) -> __m256 {
            unsafe { _mm256_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m256, b: __m256, c: __m256) -> __m256 {
            unsafe { _mm256_add_ps(_mm256_mul_ps(a, b), c) }
        }
    }
}
#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "wasm32")]
mod wasm {
    use super::Simd;
    use std::arch::wasm32::*;

    /// 4 lanes; with relaxed SIMD the multiply-add is one instruction that rounds once on most processors.
    pub struct Wasm128;

    unsafe impl Simd for Wasm128 {
        type V = v128;
        const LANES: usize = 4;
        #[inline(always)]
        unsafe fn splat(value: f32) -> v128 {
            f32x4_splat(value)
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> v128 {
            unsafe { v128_load(from.cast()) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, v: v128) {
            unsafe { v128_store(to.cast(), v) }
        }
        #[cfg(target_feature = "relaxed-simd")]
        #[inline(always)]
        unsafe fn fma(a: v128, b: v128, c: v128) -> v128 {
            f32x4_relaxed_madd(a, b, c)
        }
        #[cfg(not(target_feature = "relaxed-simd"))]
        #[inline(always)]
        unsafe fn fma(a: v128, b: v128, c: v128) -> v128 {
            unsafe { Self::mul_add(a, b, c) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: v128, b: v128, c: v128) -> v128 {
            f32x4_add(f32x4_mul(a, b), c)
        }
    }
}
#[cfg(target_arch = "wasm32")]
pub use wasm::Wasm128;
