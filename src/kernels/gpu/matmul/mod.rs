//! `conv2d` and `dense` as matrix products: `y = patches(x) w + b`, `dx = dy w^T`, `dw = patches(x)^T dy`. The patches
//! are not stored (implicit im2col): the kernels read the pixels under the windows in place. A dense layer is the
//! convolution of an image of one pixel.
//!
//! There are two families of kernels: in [`registers`] each invocation works independently; in [`blocked`] those of a
//! workgroup share the values that they read.

pub mod blocked;
pub mod product;
mod registers;
mod tile;

use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::tensor::shape::Window;
use product::{Labels, Layer};

/// The passes of a layer with kernel [`Slot::Param`](crate::kernels::gpu::pass::Slot::Param) 0 and, where `bias`, bias
/// 1.
pub fn passes(labels: Labels, shapes: &GpuShapes, window: &Window, outputs: usize, bias: bool) -> Passes {
    let layer = Layer { labels, shapes, window, outputs, bias };
    // On an emulated GPU a barrier costs more than shared reads save.
    if shapes.device.software { registers::passes(&layer) } else { blocked::passes(&layer) }
}
