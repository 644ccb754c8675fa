//! Passes of convolutions with gaps or groups, and of transposed ones.

use crate::kernels::gpu::pass::{Binding, GpuShapes, Lanes, Pass, Slot, line, read, write};
use crate::kernels::gpu::reduce;
use crate::tensor::convolution::Convolution;
use crate::wgsl;

const SHADER: &[&str] = &[wgsl!(include_str!("convolution.wgsl"))];

/// What becomes of a sum.
#[derive(Debug, Clone, Copy)]
pub enum Finish {
    /// It is stored.
    Store,
    /// It is a layer's output: the bias is added, where there is one, and the activation applied.
    Output(Option<Slot>),
    /// It is the gradient with respect to the layer's input.
    Gradient,
}

/// The passes of one convolution for a batch.
#[derive(Debug, Clone, Copy)]
pub struct Convolving<'a> {
    /// The layer's shapes.
    pub shapes: &'a GpuShapes<'a>,
    /// The geometry.
    pub shape: Convolution,
    /// The kernel.
    pub kernel: Slot,
}

impl Convolving<'_> {
    fn pass(&self, label: &'static str, entry: &'static str, items: usize, bindings: Vec<Binding>) -> Pass {
        let Convolution { window, taps, dilation, outputs, .. } = self.shape;
        let n = |value: usize| value as f64;
        let pass = Pass {
            label,
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: Vec::new(),
            bindings,
            grid: line(items),
            in_bounds: false,
        };
        pass.over(&window).with(&[
            ("KH", n(taps[0])),
            ("KW", n(taps[1])),
            ("DY", n(dilation[0])),
            ("DX", n(dilation[1])),
            ("N", n(outputs)),
            ("CG", n(self.shape.group_channels())),
            ("NG", n(self.shape.group_outputs())),
        ])
    }

    fn product(
        &self,
        label: &'static str,
        entry: &'static str,
        values: usize,
        [from, to]: [Slot; 2],
        finish: Finish,
    ) -> Pass {
        // Bindings that are not used hold the kernel.
        let bias = match finish {
            Finish::Output(Some(bias)) => bias,
            _ => self.kernel,
        };
        let at = if matches!(finish, Finish::Gradient) { Slot::X(0) } else { self.kernel };
        let bindings = vec![read(0, from), read(1, self.kernel), read(2, bias), write(3, to), read(4, at)];
        let pass = self.pass(label, entry, self.shapes.batch * values, bindings);
        match finish {
            Finish::Store => pass,
            Finish::Output(bias) => pass.with(&[("BIAS", f64::from(bias.is_some()))]).activate(self.shapes.activation),
            Finish::Gradient => pass.with(&[("BACKWARD", 1.0)]).into_dx(self.shapes, 0),
        }
    }

    /// From the image to the result.
    pub fn gather(&self, label: &'static str, slots: [Slot; 2], finish: Finish) -> Pass {
        self.product(label, "gather", self.shape.result(), slots, finish)
    }

    /// From the result to the image, as in the backward pass.
    pub fn scatter(&self, label: &'static str, slots: [Slot; 2], finish: Finish) -> Pass {
        self.product(label, "scatter", self.shape.image(), slots, finish)
    }

    /// The parts that a sum over `pixels` is cut into, of which there are `values`.
    fn splits(&self, values: usize, pixels: usize) -> usize {
        let wanted = self.shapes.device.invocations.div_ceil(values);
        wanted.min(pixels / 64).min((1 << 24) / values).max(1)
    }

    /// The gradient with respect to the kernel, which is parameter `grad`, from the image and the result; and the size of
    /// temporary buffer 0 for it.
    pub fn weights(&self, labels: [&'static str; 2], [image, result]: [Slot; 2], grad: usize) -> ([Pass; 2], usize) {
        let values = self.shape.weights();
        let splits = self.splits(values, self.shapes.batch * self.shape.window.pixels());
        let bindings = vec![read(0, image), write(3, Slot::Temporary(0)), read(5, result)];
        let pass = self.pass(labels[0], "weights", splits * values, bindings).with(&[("SPLITS", splits as f64)]);
        ([pass, self.sum(labels[1], values, splits, grad)], splits * values)
    }

    /// The gradient with respect to the bias, which is parameter `grad`: the sum of each channel of the gradient with respect to
    /// the output; and the size of temporary buffer 0 for it.
    pub fn bias(&self, labels: [&'static str; 2], grad: usize) -> ([Pass; 2], usize) {
        let channels = self.shapes.output.channels();
        let pixels = self.shapes.output.len() / channels;
        let splits = self.splits(channels, self.shapes.batch * pixels);
        let bindings = vec![read(0, Slot::Dy), write(3, Slot::Temporary(0))];
        let pass = self.pass(labels[0], "channel_sums", splits * channels, bindings);
        let pass = pass.with(&[("SPLITS", splits as f64), ("CHANNELS", channels as f64), ("PIXELS", pixels as f64)]);
        ([pass, self.sum(labels[1], channels, splits, grad)], splits * channels)
    }

    fn sum(&self, label: &'static str, values: usize, splits: usize, grad: usize) -> Pass {
        let mut pass = reduce::sum(label, self.shapes.device, &[values], splits);
        for binding in pass.bindings.iter_mut().filter(|binding| binding.slot == Slot::Grad(0)) {
            binding.slot = Slot::Grad(grad);
        }
        pass
    }
}
