//! A layer's matrix product as both families of kernels see it.

use crate::kernels::gpu::pass::GpuShapes;
use crate::tensor::shape::{Axis, Window};

/// The most values that the parts of a product may take together: 32 MiB.
pub const MOST_PARTS: usize = 1 << 23;

/// What a layer's passes are called: forward, input gradient, weight gradient, sum of its parts.
pub type Labels = [&'static str; 4];

/// A layer that is a matrix product, with kernel [`Slot::Param`](crate::kernels::gpu::pass::Slot::Param) 0 and, where `bias`, bias 1.
pub struct Layer<'a> {
    pub labels: Labels,
    pub shapes: &'a GpuShapes<'a>,
    pub window: &'a Window,
    pub outputs: usize,
    pub bias: bool,
}

/// The window of a dense layer.
pub fn dense(features: usize) -> Window {
    let axis = Axis { input: 1, kernel: 1, stride: 1, before: 0, output: 1 };
    Window { y: axis, x: axis, channels: features }
}

impl Layer<'_> {
    pub fn weights_len(&self) -> usize {
        self.window.patch() * self.outputs
    }

    /// Output pixels of a batch.
    pub fn pixels(&self) -> usize {
        self.shapes.batch * self.window.pixels()
    }

    /// Lengths of the gradients by the parameters.
    pub fn gradients(&self) -> Vec<usize> {
        if self.bias { vec![self.weights_len(), self.outputs] } else { vec![self.weights_len()] }
    }
}
