//! The geometry of convolutions whose windows have gaps, or whose channels are in groups.

use crate::tensor::shape::{MAX_WINDOW, Padding, Pair, Shape, Window};

/// A window with gaps between its taps that slides over an image, whose channels are in groups: the outputs of a group see the
/// channels of the same group only.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    /// The window with its gaps.
    pub window: Window,
    /// Its taps, down and across.
    pub taps: [usize; 2],
    /// Distance of neighbouring taps, down and across.
    pub dilation: [usize; 2],
    /// The groups.
    pub groups: usize,
    /// Channels of the result, of all groups.
    pub outputs: usize,
}

impl Convolution {
    /// The convolution of an image.
    ///
    /// # Errors
    /// A message if a size is out of range, the window does not fit into the image, or the groups do not divide the channels.
    pub fn new(
        input: &Shape,
        (kernel, strides, padding): (Pair, Pair, Padding),
        dilation: Pair,
        groups: usize,
        outputs: usize,
    ) -> Result<Self, String> {
        let Pair(dy, dx) = dilation;
        if ![dy, dx].iter().all(|d| (1..=MAX_WINDOW).contains(d)) {
            return Err(format!("dilation_rate must be between 1 and {MAX_WINDOW}. Received: ({dy}, {dx})"));
        }
        if strides != Pair::ones() && dilation != Pair::ones() {
            return Err(format!(
                "of strides and dilation_rate only one may be above 1. Received: strides ({}, {}), dilation_rate ({dy}, {dx})",
                strides.0, strides.1
            ));
        }
        let channels = input.channels();
        if groups == 0 || !channels.is_multiple_of(groups) || !outputs.is_multiple_of(groups) {
            return Err(format!(
                "groups must divide the {channels} channels and the {outputs} filters. Received: {groups}"
            ));
        }
        // A kernel of 0 is an error of the window's.
        let extent = |kernel: usize, d: usize| if kernel == 0 { 0 } else { (kernel - 1).saturating_mul(d) + 1 };
        let window = Window::new(input, Pair(extent(kernel.0, dy), extent(kernel.1, dx)), strides, padding)?;
        Ok(Self { window, taps: [kernel.0, kernel.1], dilation: [dy, dx], groups, outputs })
    }

    /// The convolution of which a transposed one is the gradient: from an image of `output` to one of `input`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn transposed(output: &Shape, window: (Pair, Pair, Padding), channels: usize) -> Result<Self, String> {
        Self::new(output, window, Pair::ones(), 1, channels)
    }

    /// Channels of the image in a group.
    pub fn group_channels(&self) -> usize {
        self.window.channels / self.groups
    }

    /// Channels of the result in a group.
    pub fn group_outputs(&self) -> usize {
        self.outputs / self.groups
    }

    /// Terms of the sum that an output is.
    pub fn depth(&self) -> usize {
        self.taps[0] * self.taps[1] * self.group_channels()
    }

    /// Values of the kernel.
    pub fn weights(&self) -> usize {
        self.depth() * self.outputs
    }

    /// Values of the image.
    pub fn image(&self) -> usize {
        self.window.y.input * self.window.x.input * self.window.channels
    }

    /// Values of the result.
    pub fn result(&self) -> usize {
        self.window.pixels() * self.outputs
    }
}
