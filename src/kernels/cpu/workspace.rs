//! The workspace: temporary memory that layers and kernels reuse between calls.

use crate::tensor::real::Real;

/// The first `len` values of `workspace`, which is enlarged if necessary. It never shrinks, so after the first step
/// training allocates nothing. The values are arbitrary.
pub fn reserve<T: Real>(workspace: &mut Vec<T>, len: usize) -> &mut [T] {
    if workspace.len() < len {
        workspace.resize(len, T::zero());
    }
    &mut workspace[..len]
}
