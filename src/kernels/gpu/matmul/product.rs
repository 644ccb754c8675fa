//! A layer's matrix product, the input of both families of kernels.

use crate::kernels::gpu::pass::GpuShapes;
use crate::tensor::shape::{Axis, Window};

/// The most values in all parts of a product together: 32 MiB.
pub const MOST_PARTS: usize = 1 << 23;

/// The labels of a layer's passes: forward, input gradient, weight gradient, sum of its parts.
pub type Labels = [&'static str; 4];

/// A layer that is a matrix product, with kernel [`Slot::Param`](crate::kernels::gpu::pass::Slot::Param) 0 and, where
/// `bias`, bias 1.
pub struct Layer<'a> {
    /// What its passes are called.
    pub labels: Labels,
    /// Its inputs and outputs.
    pub shapes: &'a GpuShapes<'a>,
    /// The window that moves over its input; of a dense layer [`dense`].
    pub window: &'a Window,
    /// Output channels, or units.
    pub outputs: usize,
    /// Whether it has a bias.
    pub bias: bool,
}

/// The window of a dense layer: one pixel with `features` channels.
pub fn dense(features: usize) -> Window {
    let axis = Axis { input: 1, kernel: 1, stride: 1, before: 0, output: 1 };
    Window { y: axis, x: axis, channels: features }
}

impl Layer<'_> {
    /// Values of the kernel.
    pub fn weights_len(&self) -> usize {
        self.window.patch() * self.outputs
    }

    /// The number of output pixels of a batch.
    pub fn pixels(&self) -> usize {
        self.shapes.batch * self.window.pixels()
    }

    /// The lengths of the gradients with respect to the parameters.
    pub fn gradients(&self) -> Vec<usize> {
        if self.bias { vec![self.weights_len(), self.outputs] } else { vec![self.weights_len()] }
    }
}
