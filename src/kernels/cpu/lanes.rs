//! Vectors for loops of additions and multiplications that compilers do not vectorise, as wide as the processor has them. Each lane is
//! computed on its own and each operation rounds identically on every processor, so the width changes no bit of a result.
//!
//! A vector exists only where the processor has its instructions: a [`Family`] makes it, and the other operations start from one.

use crate::tensor::real::Real;
use std::ops::{Add, Mul, Sub};

/// The fewest lanes, which every processor has. Loops are written for multiples of them.
pub const LANES: usize = 4;

/// A vector.
pub trait Vector: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// The type of a lane.
    type Value: Real;
    /// A vector of the same family, all lanes `value`.
    fn like(self, value: Self::Value) -> Self;
    /// Stores the lanes from index `at` on.
    fn store(self, values: &mut [Self::Value], at: usize);
}

/// The vectors of a number type of one width.
pub trait Family: Copy {
    /// A vector.
    type V: Vector;
    /// Its lanes.
    const LANES: usize;
    /// A vector, all lanes `value`.
    fn splat(self, value: <Self::V as Vector>::Value) -> Self::V;
    /// Loads lanes from index `at` on.
    fn load(self, values: &[<Self::V as Vector>::Value], at: usize) -> Self::V;
}

/// Work that is written for vectors of any width.
pub trait Work<T> {
    /// Does the work, for as many channels at a time as a vector has lanes. An implementation is `#[inline(always)]`, so that it is
    /// compiled for the processor family of the caller.
    fn run<F: Family<V: Vector<Value = T>>>(self, family: F);
}

/// The vectors of four of the `wide` crate.
#[derive(Debug, Clone, Copy)]
pub struct Four<V>(pub std::marker::PhantomData<V>);

macro_rules! four {
    ($vector:ty, $value:ty) => {
        impl Vector for $vector {
            type Value = $value;
            #[inline(always)]
            fn like(self, value: $value) -> Self {
                Self::splat(value)
            }
            #[inline(always)]
            fn store(self, values: &mut [$value], at: usize) {
                *values[at..].first_chunk_mut::<4>().expect("channels come in fours") = self.into();
            }
        }
        impl Family for Four<$vector> {
            type V = $vector;
            const LANES: usize = 4;
            #[inline(always)]
            fn splat(self, value: $value) -> $vector {
                <$vector>::splat(value)
            }
            #[inline(always)]
            fn load(self, values: &[$value], at: usize) -> $vector {
                <$vector>::from(*values[at..].first_chunk::<4>().expect("channels come in fours"))
            }
        }
    };
}

four!(wide::f32x4, f32);
#[cfg(any(test, not(target_arch = "wasm32")))]
four!(wide::f64x4, f64);

/// Does work for so many channels, a multiple of [`LANES`], with the widest vectors of which they are a multiple.
#[cfg(not(target_arch = "x86_64"))]
pub fn run(_channels: usize, work: impl Work<f32>) {
    work.run(Four::<wide::f32x4>(std::marker::PhantomData));
}

/// Does work for so many channels, a multiple of [`LANES`], with the widest vectors of which they are a multiple.
#[cfg(target_arch = "x86_64")]
pub fn run(channels: usize, work: impl Work<f32>) {
    use super::simd::{Avx2, Avx512};

    #[target_feature(enable = "avx512f")]
    fn sixteen(family: Avx512, work: impl Work<f32>) {
        work.run(family);
    }
    #[target_feature(enable = "avx2,fma")]
    fn eight(family: Avx2, work: impl Work<f32>) {
        work.run(family);
    }
    if let Some(family) = Avx512::detected().filter(|_| channels.is_multiple_of(16)) {
        // SAFETY: the processor has AVX-512.
        return unsafe { sixteen(family, work) };
    }
    if let Some(family) = Avx2::detected().filter(|_| channels.is_multiple_of(8)) {
        // SAFETY: the processor has AVX2.
        return unsafe { eight(family, work) };
    }
    work.run(Four::<wide::f32x4>(std::marker::PhantomData));
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::simd::{Avx2, Avx512, Simd};
    use super::{Family, Vector};
    use std::arch::x86_64::*;
    use std::ops::{Add, Mul, Sub};

    macro_rules! wider {
        ($family:ident, $vector:ident, $raw:ty, $lanes:literal, $splat:ident, $store:ident, $add:ident, $sub:ident, $mul:ident) => {
            /// Lanes of a family. Private contents: a value comes from the family only.
            #[derive(Clone, Copy)]
            pub struct $vector($raw);

            impl Vector for $vector {
                type Value = f32;
                #[inline(always)]
                fn like(self, value: f32) -> Self {
                    // SAFETY: there is a value of this type only where the processor has the family.
                    Self(unsafe { $splat(value) })
                }
                #[inline(always)]
                fn store(self, values: &mut [f32], at: usize) {
                    let to = values[at..].first_chunk_mut::<$lanes>().expect("channels come in multiples of the lanes");
                    // SAFETY: as for `like`; the array has as many values.
                    unsafe { $store(to.as_mut_ptr(), self.0) }
                }
            }
            impl Add for $vector {
                type Output = Self;
                #[inline(always)]
                fn add(self, other: Self) -> Self {
                    // SAFETY: as for `like`.
                    Self(unsafe { $add(self.0, other.0) })
                }
            }
            impl Sub for $vector {
                type Output = Self;
                #[inline(always)]
                fn sub(self, other: Self) -> Self {
                    // SAFETY: as for `like`.
                    Self(unsafe { $sub(self.0, other.0) })
                }
            }
            impl Mul for $vector {
                type Output = Self;
                #[inline(always)]
                fn mul(self, other: Self) -> Self {
                    // SAFETY: as for `like`.
                    Self(unsafe { $mul(self.0, other.0) })
                }
            }
            impl Family for $family {
                type V = $vector;
                const LANES: usize = $lanes;
                #[inline(always)]
                fn splat(self, value: f32) -> $vector {
                    $vector(Simd::splat(self, value))
                }
                #[inline(always)]
                fn load(self, values: &[f32], at: usize) -> $vector {
                    let from = values[at..].first_chunk::<$lanes>().expect("channels come in multiples of the lanes");
                    // SAFETY: the array has as many values.
                    $vector(unsafe { Simd::load(self, from.as_ptr()) })
                }
            }
        };
    }

    wider!(Avx2, Eight, __m256, 8, _mm256_set1_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_sub_ps, _mm256_mul_ps);
    wider!(Avx512, Sixteen, __m512, 16, _mm512_set1_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_sub_ps, _mm512_mul_ps);
}
