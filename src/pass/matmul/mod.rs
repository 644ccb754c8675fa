//! `conv2d` and `dense` as matrix products: `y = patches(x) w + b`, `dx = dy w^T`, `dw = patches(x)^T dy`. The patches are
//! never written down; whoever needs them reads the pixels under the windows. A dense layer is the convolution of a picture
//! of one pixel.
//!
//! There are two families of kernels: [`registers`], in which each invocation works for itself, and [`blocked`], in which
//! those of a workgroup share what they read.

use super::{GpuShapes, Passes};
use crate::shape::{Axis, Window};

mod blocked;
mod registers;
mod tile;

pub use blocked::{BLOCKS, Block};
pub use tile::Tile;

/// The most values that the parts of a product may take together: 32 MiB.
const MOST_PARTS: usize = 1 << 23;

/// What a layer's passes are called: forward, input gradient, weight gradient, sum of its parts.
pub type Labels = [&'static str; 4];

/// A layer that is a matrix product, with kernel [`super::Slot::Param`] 0 and, where `bias`, bias 1.
struct Layer<'a> {
    labels: Labels,
    shapes: &'a GpuShapes<'a>,
    window: &'a Window,
    outputs: usize,
    bias: bool,
}

/// The window of a dense layer.
pub fn dense(features: usize) -> Window {
    let axis = Axis { input: 1, kernel: 1, stride: 1, before: 0, output: 1 };
    Window { y: axis, x: axis, channels: features }
}

/// The passes of a layer with kernel [`super::Slot::Param`] 0 and, where `bias`, bias 1.
pub fn passes(labels: Labels, shapes: &GpuShapes, window: &Window, outputs: usize, bias: bool) -> Passes {
    let layer = Layer { labels, shapes, window, outputs, bias };
    // A barrier costs an emulated GPU more than shared reads save it.
    if shapes.device.software { registers::passes(&layer) } else { blocked::passes(&layer) }
}

impl Layer<'_> {
    fn weights_len(&self) -> usize {
        self.window.patch() * self.outputs
    }

    /// Output pixels of a batch.
    fn pixels(&self) -> usize {
        self.shapes.batch * self.window.pixels()
    }

    /// Lengths of the gradients by the parameters.
    fn gradients(&self) -> Vec<usize> {
        if self.bias { vec![self.weights_len(), self.outputs] } else { vec![self.weights_len()] }
    }
}
