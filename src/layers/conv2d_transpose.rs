//! `conv2d_transpose`: the way back of a convolution, from its result to a larger image: each pixel adds the kernel, times its
//! value, to the pixels around its place.
//!
//! # Formula
//! `y[n, iy, ix, co] = b[co] + sum over ky, kx, ci of x[n, oy, ox, ci] * w[ky, kx, co, ci]` over the places with
//! `oy * s - p + ky = iy` and `ox * s - p + kx = ix`
//!
//! # Shapes
//! x `(n, h, w_in, c_in)`, w `(kh, kw, c_out, c_in)`, b `(c_out)`, y `(n, h s, w_in s, c_out)` with padding `same`,
//! `(n, (h - 1) s + max(kh, s), …)` with `valid`.
//!
//! # Source
//! Zeiler et al., "Deconvolutional Networks", 2010; Dumoulin and Visin, "A guide to convolution arithmetic", 2016.

use crate::base::document;
use crate::kernels::cpu::convolution;
use crate::kernels::cpu::matrix::Gemm;
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::gpu::convolution::{Convolving, Finish};
use crate::kernels::gpu::pass::{GpuShapes, Passes, Slot};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::convolution::Convolution;
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::shape::{Axis, MAX_WINDOW, Padding, Pair, Shape};
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The way back of a convolution: each pixel adds the kernel, times its value, to the pixels around its place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"}]))]
pub struct Conv2dTranspose {
    /// Output channels, above 0.
    #[schemars(range(min = 1))]
    pub filters: usize,
    /// Height and width of the window in pixels; one number for both.
    pub kernel_size: Pair,
    /// How many times as high and as wide the output is; one number for both.
    #[serde(default = "Pair::ones")]
    pub strides: Pair,
    /// `same`: the output is `strides` times as large as the input. `valid`: the whole of every window.
    #[serde(default)]
    pub padding: Padding,
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

impl Conv2dTranspose {
    /// The convolution of which this is the way back, from the output to the input.
    fn convolution(&self, input: &Shape) -> Rule<Convolution> {
        let (h, w, c_in) = input.hwc()?;
        for (what, Pair(a, b)) in [("kernel_size", self.kernel_size), ("strides", self.strides)] {
            if ![a, b].iter().all(|size| (1..=MAX_WINDOW).contains(size)) {
                return Err(format!("{what} must be between 1 and {MAX_WINDOW}. Received: ({a}, {b})"));
            }
        }
        let size = |input: usize, kernel: usize, stride: usize| match self.padding {
            Padding::Same => input.saturating_mul(stride),
            Padding::Valid => (input - 1).saturating_mul(stride).saturating_add(kernel.max(stride)),
        };
        let Pair(kh, kw) = self.kernel_size;
        let output = Shape::from([size(h, kh, self.strides.0), size(w, kw, self.strides.1), self.filters]);
        output.checked_len().map_err(|message| format!("its output {message}"))?;
        Convolution::transposed(&output, (self.kernel_size, self.strides, self.padding), c_in)
    }

    fn placed(&self, inputs: &[Shape]) -> Convolution {
        self.convolution(&inputs[0]).expect("the graph checked this shape")
    }
}

impl LayerSpec for Conv2dTranspose {
    fn kind(&self) -> &'static str {
        "conv2d_transpose"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if self.filters == 0 {
            return Err("filters must be above zero. Received: 0".into());
        }
        let window = self.convolution(&inputs[0])?.window;
        Ok([window.y.input, window.x.input, self.filters].into())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (Pair(kh, kw), c_in) = (self.kernel_size, inputs[0].channels());
        // PyTorch's kernels are (in, out, height, width) here, and it takes the second axis for the inputs.
        let fan_in = kh * kw * self.filters;
        let mut params = vec![
            ParamSpec::new("kernel", &[kh, kw, self.filters, c_in], self.kernel_initializer)
                .torch_fan_in(fan_in)
                .bounded(self.kernel_regularizer, &self.kernel_constraint),
        ];
        if self.use_bias {
            params.push(ParamSpec::new("bias", &[self.filters], self.bias_initializer).torch_fan_in(fan_in));
        }
        params
    }
    fn activation(&self) -> Activation {
        self.activation.unwrap_or_default()
    }
    fn macs(&self, inputs: &[Shape], _output: &Shape) -> u64 {
        let Pair(kh, kw) = self.kernel_size;
        inputs[0].len() as u64 * (kh * kw * self.filters) as u64
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let passes = Convolving { shapes, shape: self.placed(shapes.inputs), kernel: Slot::Param(0) };
        let bias = self.use_bias.then_some(Slot::Param(1));
        let forward = passes.scatter("conv2d_transpose forward", [Slot::X(0), Slot::Y], Finish::Output(bias));
        let sums = ["conv2d_transpose weight gradient", "conv2d_transpose weight gradient sum"];
        let (weights, mut temporary) = passes.weights(sums, [Slot::Dy, Slot::X(0)], 0);
        let mut backward = weights.to_vec();
        if self.use_bias {
            let (bias, values) = passes.bias(sums, 1);
            backward.extend(bias);
            temporary = temporary.max(values);
        }
        if shapes.dx[0] != GradientMode::None {
            let slots = [Slot::Dy, Slot::Dx(0)];
            backward.push(passes.gather("conv2d_transpose input gradient", slots, Finish::Gradient));
        }
        Passes { forward: vec![forward], backward, temporary: vec![temporary], ..Passes::default() }
    }
}

impl LayerExport for Conv2dTranspose {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("filters"),
            Argument::Positional("kernel_size"),
            Argument::Keyword("strides"),
            Argument::Keyword("padding"),
            Argument::Activation("activation"),
            Argument::Switch("use_bias"),
            Argument::Initializer("kernel_initializer"),
            Argument::Initializer("bias_initializer"),
            Argument::Regularizer("kernel_regularizer"),
            Argument::Constraint("kernel_constraint"),
        ];
        KerasLayer::new("Conv2DTranspose", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let call = Call::new("nn.ConvTranspose2d").with(inputs[0].channels()).with(self.filters);
        // Where windows leave pixels between them, Keras has as many after the last one.
        let Pair(kh, kw) = self.kernel_size;
        let rest = Pair(self.strides.0.saturating_sub(kh), self.strides.1.saturating_sub(kw));
        let call = call.with(self.kernel_size).with(self.strides);
        let module = call.named("output_padding", rest).with_bias(self.use_bias);
        // Kernels are (height, width, out, in) in Keras, (in, out, height, width) in PyTorch.
        let parameters = const { &[TorchParameter::kernel(&[3, 2, 0, 1]), TorchParameter::BIAS] };
        // PyTorch gives the whole of every window, from which Keras cuts the output.
        let window = self.placed(inputs).window;
        let cut = [window.y.before, window.x.before, window.y.input, window.x.input];
        let fit = Call::new("fit").with(Literal::Tuple(cut.map(Literal::Int).to_vec())).defined(&[FIT]);
        TorchLayer { steps: vec![Step::Module, Step::Function(fit)], ..TorchLayer::module(module, parameters) }
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let Convolution { window, taps, .. } = self.placed(inputs);
        let (y, x) = (window.y, window.x);
        let operator = Operator::new("ConvTranspose").with_kernel("kernel", &[3, 2, 0, 1], self.use_bias);
        // ONNX cuts the whole of every window, and fills up where windows leave pixels between them.
        let whole = |axis: Axis| (axis.output - 1) * axis.stride + axis.kernel;
        let cut = |axis: Axis| whole(axis).saturating_sub(axis.before + axis.input);
        let fill = |axis: Axis| (axis.before + axis.input).saturating_sub(whole(axis));
        let operator = operator.set("kernel_shape", taps).set("strides", [y.stride, x.stride]);
        let operator = operator.set("pads", [y.before, x.before, cut(y), cut(x)]);
        [operator.set("output_padding", [fill(y), fill(x)])].into()
    }
}

/// Cuts the output of a transposed convolution.
const FIT: &str = r"
def fit(x, cut):
    top, left, height, width = cut
    return x[:, :, top : top + height, left : left + width]

";

impl<T: Gemm> LayerCompute<T> for Conv2dTranspose {
    fn forward(&self, cx: &mut Forward<T>) {
        let shape = self.placed(cx.context.inputs);
        let (x, w, y) = (flat(&cx.x[0]), flat(&cx.params[0]), flat_mut(&mut cx.y));
        convolution::input_gradient(&shape, [w, x], y, cx.workspace);
        if let Some(bias) = cx.params.get(1).map(flat) {
            for pixel in y.chunks_exact_mut(bias.len()) {
                pixel.iter_mut().zip(bias).for_each(|(y, &b)| *y += b);
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let shape = self.placed(cx.context.inputs);
        let (x, w, dy) = (flat(&cx.x[0]), flat(&cx.params[0]), flat(&cx.dy));
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(dy, flat_mut(db));
        }
        convolution::weight_gradient(&shape, [dy, x], flat_mut(&mut cx.grads[0]), cx.workspace);
        if let Some(dx) = &mut cx.dx[0] {
            convolution::forward(&shape, [dy, w], None, flat_mut(dx), cx.workspace);
        }
    }
}

impl Samples for Conv2dTranspose {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"filters": 4, "kernel_size": 3}"#, &[4, 3, 2]),
        Case::new(
            r#"{"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"}"#,
            &[3, 4, 4],
        ),
        Case::new(r#"{"filters": 5, "kernel_size": [2, 4], "strides": [2, 1], "padding": "same"}"#, &[4, 3, 3]),
        Case::new(r#"{"filters": 2, "kernel_size": 2, "strides": 3, "use_bias": false}"#, &[3, 2, 5]),
        Case::new(r#"{"filters": 3, "kernel_size": 5, "strides": 2}"#, &[3, 4, 2]),
        Case::new(
            r#"{"filters": 4, "kernel_size": 1, "strides": 2, "padding": "same", "activation": "silu"}"#,
            &[2, 3, 8],
        ),
    ];
}
