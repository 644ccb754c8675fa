//! `conv2d` and `dense` as matrix products: `y = patches(x) w + b`, `dx = dy w^T`, `dw = patches(x)^T dy`. The patches
//! are never written down; whoever needs them reads the pixels under the windows. A dense layer is the convolution of
//! an image of one pixel.
//!
//! There are two families of kernels: [`registers`], in which each invocation works for itself, and [`blocked`], in
//! which those of a workgroup share what they read.

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
    // A barrier costs an emulated GPU more than shared reads save it.
    if shapes.device.software { registers::passes(&layer) } else { blocked::passes(&layer) }
}
