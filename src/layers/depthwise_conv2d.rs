//! `depthwise_conv2d`: each channel is convolved with a window of its own; a 1×1 convolution after it mixes channels.
//!
//! # Formula
//! `y[n, oy, ox, c] = b[c] + sum over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c] * w[ky, kx, c]`
//!
//! # Shapes
//! x `(n, h, w_in, c)`, w `(kh, kw, c, 1)`, b `(c)`, y `(n, oh, ow, c)`.
//!
//! # Source
//! Howard et al., "MobileNets", 2017.

use crate::engine::cpu::real::{Real, sum_rows};
use crate::init::Initializer;
use crate::layer::{Activation, Backward, Describe, Forward, Math, MaxNorm, ParamSpec, Regularizer, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::shape::{Padding, Pair, Shape, Window};
use serde::{Deserialize, Serialize};

/// Options of `depthwise_conv2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthwiseConv2d {
    /// Window height and width.
    pub kernel_size: Pair,
    /// Steps of the window.
    #[serde(default = "one")]
    pub strides: Pair,
    /// Zeros around the picture.
    #[serde(default)]
    pub padding: Padding,
    /// Outputs a channel; only 1.
    #[serde(default = "single")]
    pub depth_multiplier: usize,
    /// Applied to the output.
    #[serde(default)]
    pub activation: Option<Activation>,
    /// Whether there is a bias.
    #[serde(default = "yes")]
    pub use_bias: bool,
    /// How the kernel starts.
    #[serde(default = "glorot", alias = "kernel_initializer")]
    pub depthwise_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the kernel.
    #[serde(default, alias = "kernel_regularizer")]
    pub depthwise_regularizer: Option<Regularizer>,
    /// Bound on the kernel.
    #[serde(default, alias = "kernel_constraint")]
    pub depthwise_constraint: Option<MaxNorm>,
}

fn one() -> Pair {
    Pair(1, 1)
}
fn single() -> usize {
    1
}
fn yes() -> bool {
    true
}
fn glorot() -> Initializer {
    Initializer::GLOROT
}
fn zeros() -> Initializer {
    Initializer::ZEROS
}

impl DepthwiseConv2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.kernel_size, self.strides, self.padding)
    }
}

impl Describe for DepthwiseConv2d {
    fn kind(&self) -> &'static str {
        "depthwise_conv2d"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if self.depth_multiplier != 1 {
            return Err(format!("depth_multiplier must be 1. Received: {}", self.depth_multiplier));
        }
        let window = self.window(&inputs[0])?;
        Ok([window.y.output, window.x.output, window.channels].into())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (Pair(kh, kw), c) = (self.kernel_size, inputs[0].channels());
        let mut params = vec![
            ParamSpec::new("kernel", &[kh, kw, c, 1], self.depthwise_initializer)
                .torch_fan_in(kh * kw)
                .bounded(self.depthwise_regularizer, &self.depthwise_constraint),
        ];
        if self.use_bias {
            params.push(ParamSpec::new("bias", &[c], self.bias_initializer).torch_fan_in(kh * kw));
        }
        params
    }
    fn activation(&self) -> Activation {
        self.activation.unwrap_or_default()
    }
    fn macs(&self, _inputs: &[Shape], output: &Shape) -> u64 {
        (output.len() * self.kernel_size.0 * self.kernel_size.1) as u64
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

/// Calls `visit(pixel, tap, output)` for every window position: offsets (of channel 0) of the input pixel, of the
/// kernel tap and of the output pixel, for one picture.
fn taps(window: &Window, mut visit: impl FnMut(usize, usize, usize)) {
    let (c, line) = (window.channels, window.x.input * window.channels);
    for (output, (oy, ox)) in window.positions().enumerate() {
        let ((top, bottom), (left, right)) = (window.y.span(oy), window.x.span(ox));
        for y in top..bottom {
            for x in left..right {
                let (ky, kx) = (y + window.y.before - oy * window.y.stride, x + window.x.before - ox * window.x.stride);
                visit(y * line + x * c, (ky * window.x.kernel + kx) * c, output * c);
            }
        }
    }
}

impl<T: Real> Math<T> for DepthwiseConv2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let (c, w) = (window.channels, cx.params[0]);
        match cx.params.get(1) {
            Some(bias) => cx.y.chunks_exact_mut(c).for_each(|pixel| pixel.copy_from_slice(bias)),
            None => cx.y.fill(T::zero()),
        }
        let pictures = cx.x[0].chunks_exact(cx.place.inputs[0].len()).zip(cx.y.chunks_exact_mut(cx.place.output.len()));
        for (picture, y) in pictures {
            taps(&window, |pixel, tap, output| {
                let terms = picture[pixel..pixel + c].iter().zip(&w[tap..tap + c]);
                y[output..output + c].iter_mut().zip(terms).for_each(|(y, (&x, &w))| *y += x * w);
            });
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let (c, w) = (window.channels, cx.params[0]);
        let (small, large) = (cx.place.inputs[0].len(), cx.place.output.len());
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(cx.dy, db);
        }
        let dw = &mut *cx.grads[0];
        dw.fill(T::zero());
        for (picture, dy) in cx.x[0].chunks_exact(small).zip(cx.dy.chunks_exact(large)) {
            taps(&window, |pixel, tap, output| {
                let terms = picture[pixel..pixel + c].iter().zip(&dy[output..output + c]);
                dw[tap..tap + c].iter_mut().zip(terms).for_each(|(dw, (&x, &dy))| *dw += x * dy);
            });
        }
        let Some(dx) = cx.dx[0].take() else { return };
        dx.fill(T::zero());
        for (dx, dy) in dx.chunks_exact_mut(small).zip(cx.dy.chunks_exact(large)) {
            taps(&window, |pixel, tap, output| {
                let terms = w[tap..tap + c].iter().zip(&dy[output..output + c]);
                dx[pixel..pixel + c].iter_mut().zip(terms).for_each(|(dx, (&w, &dy))| *dx += w * dy);
            });
        }
    }
}
