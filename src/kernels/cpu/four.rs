//! Four numbers at once, for what compilers do not make vectors of by themselves: the transforms of [`super::winograd`].
//! Only arithmetic that rounds alike everywhere.

/// Four numbers.
pub trait Four<T>: Copy {
    /// All `value`.
    fn splat(value: T) -> Self;
    /// From memory.
    fn load(from: &[T; 4]) -> Self;
    /// To memory.
    fn store(self, to: &mut [T; 4]);
    /// `self + other`
    fn add(self, other: Self) -> Self;
    /// `self - other`
    fn sub(self, other: Self) -> Self;
    /// `self * other`
    fn mul(self, other: Self) -> Self;
}

impl<T: num_traits::Float> Four<T> for [T; 4] {
    fn splat(value: T) -> Self {
        [value; 4]
    }
    fn load(from: &[T; 4]) -> Self {
        *from
    }
    fn store(self, to: &mut [T; 4]) {
        *to = self;
    }
    fn add(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] + other[i])
    }
    fn sub(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] - other[i])
    }
    fn mul(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] * other[i])
    }
}

/// Implements [`Four`] with a processor's instructions, which its every build has.
#[cfg(any(target_arch = "x86_64", target_arch = "wasm32"))]
macro_rules! four {
    ($vector:ty, $splat:ident, $load:ident, $store:ident, $add:ident, $sub:ident, $mul:ident) => {
        #[allow(unused_unsafe, reason = "which of these are unsafe differs between processors and compilers")]
        impl Four<f32> for $vector {
            #[inline(always)]
            fn splat(value: f32) -> Self {
                unsafe { $splat(value) }
            }
            #[inline(always)]
            fn load(from: &[f32; 4]) -> Self {
                unsafe { $load(from.as_ptr().cast()) }
            }
            #[inline(always)]
            fn store(self, to: &mut [f32; 4]) {
                unsafe { $store(to.as_mut_ptr().cast(), self) }
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                unsafe { $add(self, other) }
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                unsafe { $sub(self, other) }
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                unsafe { $mul(self, other) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod family {
    use super::Four;
    use std::arch::x86_64::*;
    /// Four `f32`.
    pub type FourF32 = __m128;
    four!(__m128, _mm_set1_ps, _mm_loadu_ps, _mm_storeu_ps, _mm_add_ps, _mm_sub_ps, _mm_mul_ps);
}
#[cfg(target_arch = "wasm32")]
mod family {
    use super::Four;
    use std::arch::wasm32::*;
    /// Four `f32`.
    pub type FourF32 = v128;
    four!(v128, f32x4_splat, v128_load, v128_store, f32x4_add, f32x4_sub, f32x4_mul);
}
#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
mod family {
    /// Four `f32`.
    pub type FourF32 = [f32; 4];
}
pub use family::FourF32;
