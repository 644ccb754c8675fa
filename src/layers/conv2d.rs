//! `conv2d`: a window slides over the picture, and each output channel is a weighted sum of the pixels under it.
//!
//! # Formula
//! `y[n, oy, ox, co] = b[co] + sum over ky, kx, ci of x[n, oy*s - p + ky, ox*s - p + kx, ci] * w[ky, kx, ci, co]`
//!
//! # Shapes
//! x `(n, h, w_in, c_in)`, w `(kh, kw, c_in, c_out)`, b `(c_out)`, y `(n, oh, ow, c_out)`.
//!
//! # Source
//! Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document Processing", 2006, for
//! convolution as a matrix product.

use crate::engine::cpu::patches::{gather, gather_planes, scatter};
use crate::engine::cpu::real::{Real, matrix, matrix_mut, sum_rows};
use crate::init::Initializer;
use crate::layer::{Activation, Backward, Describe, Forward, Math, MaxNorm, ParamSpec, Regularizer, Rule, reserve};
use crate::pass::{GpuShapes, Passes, matmul};
use crate::shape::{Padding, Pair, Shape, Window};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Values in one tile of patches: small enough to stay in a core's second-level cache.
const TILE: usize = 64 * 1024;

/// Options of `conv2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv2d {
    /// Output channels.
    pub filters: usize,
    /// Window height and width.
    pub kernel_size: Pair,
    /// Steps of the window.
    #[serde(default = "one")]
    pub strides: Pair,
    /// Zeros around the picture.
    #[serde(default)]
    pub padding: Padding,
    /// Applied to the output.
    #[serde(default)]
    pub activation: Option<Activation>,
    /// Whether there is a bias.
    #[serde(default = "yes")]
    pub use_bias: bool,
    /// How the kernel starts.
    #[serde(default = "glorot")]
    pub kernel_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the kernel.
    #[serde(default)]
    pub kernel_regularizer: Option<Regularizer>,
    /// Bound on the kernel.
    #[serde(default)]
    pub kernel_constraint: Option<MaxNorm>,
}

fn one() -> Pair {
    Pair(1, 1)
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

impl Conv2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.kernel_size, self.strides, self.padding)
    }

    /// The window over an input that `output_shape` has accepted.
    fn placed(&self, inputs: &[Shape]) -> Window {
        self.window(&inputs[0]).expect("the graph checked this shape")
    }
}

/// True where each patch is one pixel, so that the input itself is the patch matrix.
fn is_pointwise(window: &Window) -> bool {
    [window.y, window.x].iter().all(|axis| axis.kernel == 1 && axis.stride == 1)
}

/// The matrix of patches `(m, patch)` of a tile of output rows, in `cols`, laid out as suits the number of channels.
fn patches<'a, T: Real>(window: &Window, picture: &[T], rows: (usize, usize), cols: &'a mut [T]) -> ArrayView2<'a, T> {
    let (m, patch) = ((rows.1 - rows.0) * window.x.output, window.patch());
    let cols = &mut cols[..m * patch];
    if window.channels <= 4 {
        gather_planes(window, picture, rows, cols);
        matrix(cols, patch, m).reversed_axes()
    } else {
        gather(window, picture, rows, cols);
        matrix(cols, m, patch)
    }
}

/// Output rows that share a tile.
fn rows_per_tile(window: &Window) -> usize {
    (TILE / (window.x.output * window.patch())).clamp(1, window.y.output)
}

/// Ranges of output rows, a tile each.
fn tiles(window: &Window) -> impl Iterator<Item = (usize, usize)> {
    let (step, rows) = (rows_per_tile(window), window.y.output);
    (0..rows).step_by(step).map(move |from| (from, (from + step).min(rows)))
}

impl Describe for Conv2d {
    fn kind(&self) -> &'static str {
        "conv2d"
    }

    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if self.filters == 0 {
            return Err("filters must be above zero. Received: 0".into());
        }
        let window = self.window(&inputs[0])?;
        Ok([window.y.output, window.x.output, self.filters].into())
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let Pair(kh, kw) = self.kernel_size;
        let c_in = inputs[0].channels();
        let mut params = vec![
            ParamSpec::new("kernel", &[kh, kw, c_in, self.filters], self.kernel_initializer)
                .bounded(self.kernel_regularizer, &self.kernel_constraint),
        ];
        if self.use_bias {
            params.push(ParamSpec::new("bias", &[self.filters], self.bias_initializer).torch_fan_in(kh * kw * c_in));
        }
        params
    }

    fn activation(&self) -> Activation {
        self.activation.unwrap_or_default()
    }

    fn macs(&self, inputs: &[Shape], output: &Shape) -> u64 {
        let Pair(kh, kw) = self.kernel_size;
        (output.len() * kh * kw * inputs[0].channels()) as u64
    }

    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let labels =
            ["conv2d forward", "conv2d input gradient", "conv2d weight gradient", "conv2d weight gradient sum"];
        matmul::passes(labels, shapes, &self.placed(shapes.inputs), self.filters, self.use_bias)
    }
}

impl<T: Real> Math<T> for Conv2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.placed(cx.place.inputs);
        let (patch, pixels, c_out) = (window.patch(), window.pixels(), self.filters);
        let (x, w) = (cx.x[0], matrix(cx.params[0], patch, c_out));
        let beta = if let Some(bias) = cx.params.get(1) {
            cx.y.chunks_exact_mut(c_out).for_each(|pixel| pixel.copy_from_slice(bias));
            T::one()
        } else {
            T::zero()
        };
        if is_pointwise(&window) {
            let m = cx.place.rows * pixels;
            return T::product(matrix(x, m, patch), w, beta, matrix_mut(cx.y, m, c_out));
        }
        let cols = reserve(cx.workspace, rows_per_tile(&window) * window.x.output * patch);
        let pictures = x.chunks_exact(cx.place.inputs[0].len()).zip(cx.y.chunks_exact_mut(pixels * c_out));
        for (picture, y) in pictures {
            for (from, to) in tiles(&window) {
                let (start, m) = (from * window.x.output, (to - from) * window.x.output);
                let a = patches(&window, picture, (from, to), cols);
                T::product(a, w, beta, matrix_mut(&mut y[start * c_out..], m, c_out));
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let window = self.placed(cx.place.inputs);
        let (patch, pixels, c_out) = (window.patch(), window.pixels(), self.filters);
        let (x, w) = (cx.x[0], matrix(cx.params[0], patch, c_out));
        let mut dx = cx.dx[0].take();
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(cx.dy, db);
        }
        if is_pointwise(&window) {
            let m = cx.place.rows * pixels;
            let dy = matrix(cx.dy, m, c_out);
            T::product(matrix(x, m, patch).reversed_axes(), dy, T::zero(), matrix_mut(cx.grads[0], patch, c_out));
            if let Some(dx) = dx {
                T::product(dy, w.t(), T::zero(), matrix_mut(dx, m, patch));
            }
            return;
        }
        cx.grads[0].fill(T::zero());
        if let Some(dx) = &mut dx {
            dx.fill(T::zero());
        }
        let values = cx.place.inputs[0].len();
        let cols = reserve(cx.workspace, rows_per_tile(&window) * window.x.output * patch);
        for (n, dy) in cx.dy.chunks_exact(pixels * c_out).enumerate() {
            for (from, to) in tiles(&window) {
                let (start, m) = (from * window.x.output, (to - from) * window.x.output);
                let dy = matrix(&dy[start * c_out..], m, c_out);
                let a = patches(&window, &x[n * values..][..values], (from, to), cols);
                T::product(a.reversed_axes(), dy, T::one(), matrix_mut(cx.grads[0], patch, c_out));
                if let Some(dx) = &mut dx {
                    T::product(dy, w.t(), T::zero(), matrix_mut(cols, m, patch));
                    scatter(&window, cols, (from, to), &mut dx[n * values..][..values]);
                }
            }
        }
    }
}
