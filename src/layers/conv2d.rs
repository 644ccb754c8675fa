//! `conv2d`: a window slides over the image, and each output channel is a weighted sum of the pixels under it.
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

use crate::base::document;
#[cfg(feature = "extended")]
use crate::kernels::cpu::convolution;
use crate::kernels::cpu::matrix::{Gemm, Matrix, Offsets, Panels, Rows, Start, panels_len};
use crate::kernels::cpu::patches::{Frame, patches, scatter};
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::cpu::winograd;
use crate::kernels::cpu::workspace::reserve;
#[cfg(feature = "extended")]
use crate::kernels::gpu::convolution::{Convolving, Finish};
use crate::kernels::gpu::matmul;
#[cfg(feature = "extended")]
use crate::kernels::gpu::pass::Slot;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::convolution::Convolution;
#[cfg(feature = "extended")]
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::shape::{Padding, Pair, Shape, Window};
use crate::tensor::view::{flat, flat_mut};
use ndarray::Axis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Values in one tile of patches, where patches are made at all: small enough to stay in a core's second-level cache.
const TILE: usize = 64 * 1024;

/// Output pixels that a weight gradient sums up at a time, at least.
const RUN: usize = 512;

/// A window slides over the image; each output channel is a weighted sum of the pixels under it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"}]))]
pub struct Conv2d {
    /// Output channels, above 0.
    #[schemars(range(min = 1))]
    pub filters: usize,
    /// Height and width of the window in pixels; one number for both.
    pub kernel_size: Pair,
    /// Pixels that the window moves down and across; one number for both.
    #[serde(default = "Pair::ones")]
    pub strides: Pair,
    /// `valid`: the window stays inside the image. `same`: zeros around the image, so that with strides of 1 the output
    /// is as large as the input.
    #[serde(default)]
    pub padding: Padding,
    /// Distance of neighbouring taps of the window, down and across; one number for both. Above 1 only with strides of 1.
    #[cfg(feature = "extended")]
    #[serde(default = "Pair::ones")]
    pub dilation_rate: Pair,
    /// Groups of channels: the filters of a group see the channels of the same group only. A divisor of the channels and of the
    /// filters.
    #[cfg(feature = "extended")]
    #[serde(default = "super::one")]
    #[schemars(range(min = 1))]
    pub groups: usize,
    /// Function applied to the output; none where it is not set.
    #[schemars(extend("default" = Activation::Linear))]
    pub activation: Option<Activation>,
    /// Whether a bias is added to every output.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// How the kernel's weights start.
    #[serde(default = "Initializer::glorot")]
    pub kernel_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "Initializer::zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the size of the kernel's weights, added to the loss.
    pub kernel_regularizer: Option<Regularizer>,
    /// Bound on the norm of the kernel's weights, kept after every step.
    pub kernel_constraint: Option<MaxNorm>,
}

impl Conv2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        #[cfg(feature = "extended")]
        if let Some(shape) = self.convolution(input)? {
            return Ok(shape.window);
        }
        Window::new(input, self.kernel_size, self.strides, self.padding)
    }

    /// The geometry, where the window has gaps or the channels are in groups.
    #[cfg(feature = "extended")]
    fn convolution(&self, input: &Shape) -> Rule<Option<Convolution>> {
        if self.dilation_rate == Pair::ones() && self.groups == 1 {
            return Ok(None);
        }
        let window = (self.kernel_size, self.strides, self.padding);
        Convolution::new(input, window, self.dilation_rate, self.groups, self.filters).map(Some)
    }

    /// The same of an input that `output_shape` has accepted.
    #[cfg(feature = "extended")]
    fn spread(&self, inputs: &[Shape]) -> Option<Convolution> {
        self.convolution(&inputs[0]).expect("the graph checked this shape")
    }

    /// The small engine has neither.
    #[cfg(not(feature = "extended"))]
    fn spread(&self, _inputs: &[Shape]) -> Option<Convolution> {
        None
    }

    /// Channels that a filter sees.
    fn seen(&self, input: &Shape) -> usize {
        #[cfg(feature = "extended")]
        let groups = self.groups.max(1);
        #[cfg(not(feature = "extended"))]
        let groups = 1;
        input.channels() / groups
    }

    /// The window over an input that `output_shape` has accepted.
    fn placed(&self, inputs: &[Shape]) -> Window {
        self.window(&inputs[0]).expect("the graph checked this shape")
    }
}

/// True where the window moves by single pixels.
fn is_dense(window: &Window) -> bool {
    window.y.stride == 1 && window.x.stride == 1
}

/// Output lines that share a tile of patches.
fn lines_per_tile(window: &Window) -> usize {
    (TILE / (window.x.output * window.patch())).clamp(1, window.y.output)
}

/// `dw = patches^T dy`, a few images at a time.
fn weight_gradient<T: Gemm>(window: &Window, x: &[T], dy: &[T], dw: &mut [T], c_out: usize, memory: &mut Vec<T>) {
    let (frame, pixels) = (Frame::around(window), window.pixels());
    let images = dy.len() / (pixels * c_out);
    let step = RUN.div_ceil(pixels).min(images);
    let packed = panels_len::<T>(step * pixels, c_out);
    let (panels, framed) = reserve(memory, packed + frame.copy_len(images)).split_at_mut(packed);
    let framed = frame.put(x, framed);
    for (group, dy) in dy.chunks(step * pixels * c_out).enumerate() {
        let terms = dy.len() / c_out;
        let a = Matrix { start: group * step * frame.image(), ..patches(window, &frame, framed).t() };
        let start = if group == 0 { Start::Zero } else { Start::Add };
        let panels = if window.patch() < 64 {
            Panels::in_place(dy, terms, c_out, panels)
        } else {
            Panels::pack(Matrix::dense(dy, c_out), terms, c_out, panels)
        };
        panels.multiply(a, window.patch(), 0..terms, start, Rows::dense(dw, c_out));
    }
}

/// `dx` for windows that move by single pixels: a convolution of the framed `dy` with the kernel rotated by 180°.
fn input_gradient_gemm<T: Gemm>(window: &Window, w: &[T], dy: &[T], dx: &mut [T], c_out: usize, memory: &mut Vec<T>) {
    let (frame, c, x) = (Frame::full(window, c_out), window.channels, window.x);
    let images = dy.len() / (window.pixels() * c_out);
    let (taps, line) = (window.y.kernel * x.kernel, x.input * c);
    let packed = panels_len::<T>(taps * c_out, c);
    let (panels, framed) = reserve(memory, packed + frame.copy_len(images)).split_at_mut(packed);
    let b = Matrix {
        data: w,
        start: (taps - 1) * c * c_out,
        rows: Offsets::nested((c_out, 1), (taps, -((c * c_out) as isize)), 0),
        cols: Offsets::line(c_out),
    };
    let panels = Panels::pack(b, taps * c_out, c, panels);
    let framed = frame.put(dy, framed);
    // Near the edge some lines of the kernel meet the frame alone: neighbours that meet the same lines go together.
    let above = window.y.kernel - 1 - window.y.before;
    let meets = |y: usize| {
        let end = (window.y.output + above).saturating_sub(y).min(window.y.kernel);
        above.saturating_sub(y).min(end)..end
    };
    let mut y = 0;
    while y < window.y.input {
        let lines = (y..window.y.input).take_while(|&other| meets(other) == meets(y)).count();
        let a = Matrix {
            data: framed,
            start: y * frame.line(),
            rows: frame.places(x.input, lines, [1, 1]),
            cols: frame.taps([window.y.kernel, x.kernel]),
        };
        let rows = Offsets::nested((x.input, c as isize), (lines, line as isize), (window.y.input * line) as isize);
        let out = Rows { data: &mut *dx, start: y * line, rows };
        let depth = meets(y).start * x.kernel * c_out..meets(y).end * x.kernel * c_out;
        panels.multiply(a, images * lines * x.input, depth, Start::Zero, out);
        y += lines;
    }
}

/// `dx` for windows that move further: patches of gradients, added onto the pixels that they belong to.
fn input_gradient_col2im<T: Gemm>(window: &Window, w: &[T], dy: &[T], dx: &mut [T], c_out: usize, memory: &mut Vec<T>) {
    let (patch, lines) = (window.patch(), lines_per_tile(window));
    let packed = panels_len::<T>(c_out, patch);
    let (panels, tile) = reserve(memory, packed + lines * window.x.output * patch).split_at_mut(packed);
    let panels = Panels::pack(Matrix::dense(w, c_out).t(), c_out, patch, panels);
    dx.fill(T::zero());
    let values = window.y.input * window.x.input * window.channels;
    for (dy, dx) in dy.chunks_exact(window.pixels() * c_out).zip(dx.chunks_exact_mut(values)) {
        for from in (0..window.y.output).step_by(lines) {
            let to = (from + lines).min(window.y.output);
            let (first, m) = (from * window.x.output * c_out, (to - from) * window.x.output);
            let a = Matrix::dense(&dy[first..first + m * c_out], c_out);
            panels.multiply(a, m, 0..c_out, Start::Zero, Rows::dense(&mut *tile, patch));
            scatter(window, &tile[..m * patch], (from, to), dx);
        }
    }
}

/// The passes where the window has gaps or the channels are in groups.
#[cfg(feature = "extended")]
fn spread_passes(labels: [&'static str; 4], shapes: &GpuShapes, shape: Convolution, use_bias: bool) -> Passes {
    let passes = Convolving { shapes, shape, kernel: Slot::Param(0) };
    let bias = use_bias.then_some(Slot::Param(1));
    let forward = vec![passes.gather(labels[0], [Slot::X(0), Slot::Y], Finish::Output(bias))];
    let sums = [labels[2], labels[3]];
    let (weights, mut temporary) = passes.weights(sums, [Slot::X(0), Slot::Dy], 0);
    let mut backward = weights.to_vec();
    if use_bias {
        let (bias, values) = passes.bias(sums, 1);
        backward.extend(bias);
        temporary = temporary.max(values);
    }
    if shapes.dx[0] != GradientMode::None {
        backward.push(passes.scatter(labels[1], [Slot::Dy, Slot::Dx(0)], Finish::Gradient));
    }
    Passes { forward, backward, temporary: vec![temporary], ..Passes::default() }
}

impl LayerSpec for Conv2d {
    fn kind(&self) -> &'static str {
        "conv2d"
    }

    fn options(&self) -> serde_json::Value {
        document::write(self)
    }

    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if self.filters == 0 {
            return Err("filters must be above zero. Received: 0".into());
        }
        let window = self.window(&inputs[0])?;
        #[cfg(not(feature = "extended"))]
        if winograd::is_extended(&window, self.filters) {
            return Err("this window is computed by the extended engine".into());
        }
        Ok([window.y.output, window.x.output, self.filters].into())
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let Pair(kh, kw) = self.kernel_size;
        let c_in = self.seen(&inputs[0]);
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
        output.len() as u64 * (kh * kw * self.seen(&inputs[0])) as u64
    }

    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let labels =
            ["conv2d forward", "conv2d input gradient", "conv2d weight gradient", "conv2d weight gradient sum"];
        #[cfg(feature = "extended")]
        if let Some(shape) = self.spread(shapes.inputs) {
            return spread_passes(labels, shapes, shape, self.use_bias);
        }
        matmul::passes(labels, shapes, &self.placed(shapes.inputs), self.filters, self.use_bias)
    }
}

impl LayerExport for Conv2d {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("filters"),
            Argument::Positional("kernel_size"),
            Argument::Keyword("strides"),
            Argument::Keyword("padding"),
            Argument::Keyword("dilation_rate"),
            Argument::Keyword("groups"),
            Argument::Activation("activation"),
            Argument::Switch("use_bias"),
            Argument::Initializer("kernel_initializer"),
            Argument::Initializer("bias_initializer"),
            Argument::Regularizer("kernel_regularizer"),
            Argument::Constraint("kernel_constraint"),
        ];
        KerasLayer::new("Conv2D", ARGUMENTS)
    }

    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let call = Call::new("nn.Conv2d").with(inputs[0].channels()).with(self.filters);
        let call = call.with(self.kernel_size).with(self.strides);
        let (call, extent) = match self.spread(inputs) {
            None => (call, self.kernel_size),
            Some(Convolution { window, dilation, groups, .. }) => {
                let extent = Pair(window.y.kernel, window.x.kernel);
                (call.named("dilation", dilation).named("groups", groups), extent)
            }
        };
        let module = call.with_bias(self.use_bias);
        // Kernels are (height, width, in, out) in Keras, (out, in, height, width) in PyTorch.
        let parameters = const { &[TorchParameter::kernel(&[3, 2, 0, 1]), TorchParameter::BIAS] };
        let is_same = self.padding == Padding::Same;
        let pad = is_same.then(|| Step::pad_same(extent, self.strides, None));
        TorchLayer::module(module, parameters).after(pad)
    }

    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let operator = Operator::new("Conv").with_kernel("kernel", &[3, 2, 0, 1], self.use_bias);
        let operator = operator.over(&self.placed(inputs));
        match self.spread(inputs) {
            None => [operator].into(),
            Some(Convolution { taps, dilation, groups, .. }) => {
                [operator.set("kernel_shape", taps).set("dilations", dilation).set("group", groups)].into()
            }
        }
    }
}

impl<T: Gemm> LayerCompute<T> for Conv2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (window, rows) = (self.placed(cx.context.inputs), cx.x[0].len_of(Axis(0)));
        let (x, w, bias) = (flat(&cx.x[0]), flat(&cx.params[0]), cx.params.get(1).map(flat));
        let y = flat_mut(&mut cx.y);
        #[cfg(feature = "extended")]
        if let Some(shape) = self.spread(cx.context.inputs) {
            return convolution::forward(&shape, [x, w], bias, y, cx.workspace);
        }
        if winograd::suits(&window, self.filters) {
            return winograd::forward(&window, [x, w], bias, y, self.filters, cx.workspace);
        }
        let (frame, patch) = (Frame::around(&window), window.patch());
        let packed = panels_len::<T>(patch, self.filters);
        let (panels, framed) = reserve(cx.workspace, packed + frame.copy_len(rows)).split_at_mut(packed);
        let panels = Panels::pack(Matrix::dense(w, self.filters), patch, self.filters, panels);
        let a = patches(&window, &frame, frame.put(x, framed));
        let start = bias.map_or(Start::Zero, Start::Bias);
        panels.multiply(a, rows * window.pixels(), 0..patch, start, Rows::dense(y, self.filters));
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let window = self.placed(cx.context.inputs);
        let (x, w, dy) = (flat(&cx.x[0]), flat(&cx.params[0]), flat(&cx.dy));
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(dy, flat_mut(db));
        }
        let (dw, dx) = (flat_mut(&mut cx.grads[0]), cx.dx[0].as_mut().map(flat_mut));
        #[cfg(feature = "extended")]
        if let Some(shape) = self.spread(cx.context.inputs) {
            convolution::weight_gradient(&shape, [x, dy], dw, cx.workspace);
            if let Some(dx) = dx {
                convolution::input_gradient(&shape, [w, dy], dx, cx.workspace);
            }
            return;
        }
        if winograd::suits(&window, self.filters) {
            return winograd::backward(&window, [x, w, dy], dw, dx, self.filters, cx.workspace);
        }
        weight_gradient(&window, x, dy, dw, self.filters, cx.workspace);
        if let Some(dx) = dx {
            let input_gradient = if is_dense(&window) { input_gradient_gemm } else { input_gradient_col2im };
            input_gradient(&window, w, dy, dx, self.filters, cx.workspace);
        }
    }
}

impl Samples for Conv2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"filters": 4, "kernel_size": 3}"#, &[5, 7, 1]),
        Case::new(r#"{"filters": 16, "kernel_size": 7}"#, &[9, 8, 1]),
        Case::new(r#"{"filters": 32, "kernel_size": 3}"#, &[6, 9, 3]),
        Case::new(r#"{"filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[7, 5, 4]),
        Case::new(r#"{"filters": 12, "kernel_size": [2, 4], "padding": "same", "activation": "tanh"}"#, &[5, 6, 8]),
        Case::new(r#"{"filters": 5, "kernel_size": [3, 2], "strides": [2, 1], "use_bias": false}"#, &[8, 5, 3]),
        Case::new(
            r#"{"filters": 7, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "sigmoid"}"#,
            &[9, 6, 5],
        ),
        Case::new(r#"{"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same"}"#, &[8, 7, 12]),
        Case::new(r#"{"filters": 4, "kernel_size": 2, "strides": 3}"#, &[8, 9, 4]),
        Case::new(r#"{"filters": 3, "kernel_size": 1, "strides": 3, "padding": "same"}"#, &[7, 8, 2]),
        Case::new(r#"{"filters": 20, "kernel_size": 1, "use_bias": false}"#, &[4, 3, 12]),
        Case::new(r#"{"filters": 6, "kernel_size": 1, "strides": 2}"#, &[5, 4, 8]),
        Case::new(r#"{"filters": 4, "kernel_size": [1, 5], "strides": [1, 2], "padding": "same"}"#, &[3, 11, 4]),
        Case::new(r#"{"filters": 8, "kernel_size": 7, "padding": "same"}"#, &[4, 5, 4]),
        Case::new(r#"{"filters": 36, "kernel_size": 5, "padding": "same", "activation": "relu"}"#, &[6, 7, 24]),
        Case::new(r#"{"filters": 1, "kernel_size": [5, 7]}"#, &[5, 7, 2]),
        Case::new(r#"{"filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[7, 4, 20]),
        Case::new(r#"{"filters": 24, "kernel_size": 3, "use_bias": false}"#, &[6, 9, 16]),
        Case::new(r#"{"filters": 16, "kernel_size": 5}"#, &[8, 7, 20]),
        Case::new(r#"{"filters": 5, "kernel_size": 3, "dilation_rate": 2}"#, &[7, 6, 3]),
        Case::new(r#"{"filters": 8, "kernel_size": [3, 2], "dilation_rate": [1, 3], "padding": "same"}"#, &[5, 7, 4]),
        Case::new(
            r#"{"filters": 6, "kernel_size": 3, "groups": 2, "padding": "same", "activation": "relu"}"#,
            &[5, 4, 4],
        ),
        Case::new(r#"{"filters": 9, "kernel_size": 2, "groups": 3, "strides": 2, "use_bias": false}"#, &[6, 7, 3]),
        Case::new(
            r#"{"filters": 8, "kernel_size": 3, "groups": 4, "dilation_rate": 2, "padding": "same"}"#,
            &[6, 5, 8],
        ),
        Case::new(r#"{"filters": 8, "kernel_size": 3, "padding": "same", "activation": "gelu"}"#, &[5, 6, 4]),
        Case::new(
            r#"{"filters": 6, "kernel_size": 2, "activation": {"type": "leaky_relu", "negative_slope": 0.1}}"#,
            &[6, 5, 3],
        ),
    ];
}
