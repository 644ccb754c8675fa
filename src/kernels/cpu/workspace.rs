//! Memory that layers and kernels share between calls.

use crate::tensor::real::Real;

/// `workspace` grown to at least `len` values; it never shrinks, so a training step allocates nothing.
pub fn reserve<T: Real>(workspace: &mut Vec<T>, len: usize) -> &mut [T] {
    if workspace.len() < len {
        workspace.resize(len, T::zero());
    }
    &mut workspace[..len]
}
