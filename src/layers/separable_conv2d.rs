//! `separable_conv2d`: each channel is convolved with a window of its own, then a 1×1 convolution mixes the channels.
//!
//! # Formula
//! `z[n, oy, ox, c] = sum over ky, kx of x[n, oy*s - p + ky*d, ox*s - p + kx*d, c] * depthwise_kernel[ky, kx, c, 0]`,
//! `y[n, oy, ox, co] = b[co] + sum over c of z[n, oy, ox, c] * pointwise_kernel[0, 0, c, co]`
//!
//! # Shapes
//! x `(n, h, w, c)`, depthwise_kernel `(kh, kw, c, 1)`, pointwise_kernel `(1, 1, c, c_out)`, b `(c_out)`, y `(n, oh, ow, c_out)`.
//!
//! # Source
//! Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017.

use crate::base::document;
use crate::kernels::cpu::convolution::depthwise;
use crate::kernels::cpu::matrix::{Gemm, Matrix, Panels, Rows, Start, panels_len};
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::convolution::{Convolving, Finish};
use crate::kernels::gpu::pass::{GpuShapes, Passes, Slot};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::convolution::Convolution;
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::shape::{Padding, Pair, Shape};
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A convolution of each channel on its own, then a 1×1 convolution that mixes the channels.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"}]))]
pub struct SeparableConv2d {
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
    #[serde(default = "Pair::ones")]
    pub dilation_rate: Pair,
    /// Channels between the two convolutions for each input channel; only 1 is possible.
    #[serde(default = "super::one")]
    #[schemars(range(min = 1, max = 1))]
    pub depth_multiplier: usize,
    /// Function applied to the output; none where it is not set.
    #[schemars(extend("default" = Activation::Linear))]
    pub activation: Option<Activation>,
    /// Whether a bias is added to every output.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// How the windows' weights start.
    #[serde(default = "Initializer::glorot")]
    pub depthwise_initializer: Initializer,
    /// How the weights of the 1×1 convolution start.
    #[serde(default = "Initializer::glorot")]
    pub pointwise_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "Initializer::zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the size of the windows' weights, added to the loss.
    pub depthwise_regularizer: Option<Regularizer>,
    /// Penalty on the size of the weights of the 1×1 convolution, added to the loss.
    pub pointwise_regularizer: Option<Regularizer>,
    /// Bound on the norm of the windows' weights, kept after every step.
    pub depthwise_constraint: Option<MaxNorm>,
    /// Bound on the norm of the weights of the 1×1 convolution, kept after every step.
    pub pointwise_constraint: Option<MaxNorm>,
}

impl SeparableConv2d {
    /// The convolution of each channel on its own.
    fn depthwise(&self, input: &Shape) -> Rule<Convolution> {
        let window = (self.kernel_size, self.strides, self.padding);
        let (_, _, channels) = input.hwc()?;
        Convolution::new(input, window, self.dilation_rate, channels, channels)
    }

    /// The same of an input that `output_shape` has accepted.
    fn placed(&self, inputs: &[Shape]) -> Convolution {
        self.depthwise(&inputs[0]).expect("the graph checked this shape")
    }
}

impl LayerSpec for SeparableConv2d {
    fn kind(&self) -> &'static str {
        "separable_conv2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if self.filters == 0 {
            return Err("filters must be above zero. Received: 0".into());
        }
        if self.depth_multiplier != 1 {
            return Err(format!("depth_multiplier must be 1. Received: {}", self.depth_multiplier));
        }
        let window = self.depthwise(&inputs[0])?.window;
        Ok([window.y.output, window.x.output, self.filters].into())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (Pair(kh, kw), c) = (self.kernel_size, inputs[0].channels());
        let mut params = vec![
            ParamSpec::new("depthwise_kernel", &[kh, kw, c, 1], self.depthwise_initializer)
                .torch_fan_in(kh * kw)
                .bounded(self.depthwise_regularizer, &self.depthwise_constraint),
            ParamSpec::new("pointwise_kernel", &[1, 1, c, self.filters], self.pointwise_initializer)
                .bounded(self.pointwise_regularizer, &self.pointwise_constraint),
        ];
        if self.use_bias {
            params.push(ParamSpec::new("bias", &[self.filters], self.bias_initializer).torch_fan_in(c));
        }
        params
    }
    fn activation(&self) -> Activation {
        self.activation.unwrap_or_default()
    }
    fn macs(&self, inputs: &[Shape], output: &Shape) -> u64 {
        let (Pair(kh, kw), c) = (self.kernel_size, inputs[0].channels());
        (output.len() / self.filters) as u64 * (c * (kh * kw + self.filters)) as u64
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let shape = self.placed(shapes.inputs);
        let between = Shape::from([shape.window.y.output, shape.window.x.output, shape.outputs]);
        let one = (Pair::ones(), Pair::ones(), Padding::Valid);
        let mixing =
            Convolution::new(&between, one, Pair::ones(), 1, self.filters).expect("a window of one pixel fits");
        let depthwise = Convolving { shapes, shape, kernel: Slot::Param(0) };
        let pointwise = Convolving { shapes, shape: mixing, kernel: Slot::Param(1) };
        // What lies between the two convolutions, and its gradient.
        let (z, dz) = (Slot::Scratch(0), Slot::Temporary(1));
        let bias = self.use_bias.then_some(Slot::Param(2));
        let forward = vec![
            depthwise.gather("separable_conv2d depthwise", [Slot::X(0), z], Finish::Store),
            pointwise.gather("separable_conv2d pointwise", [z, Slot::Y], Finish::Output(bias)),
        ];
        let sums = ["separable_conv2d weight gradient", "separable_conv2d weight gradient sum"];
        let (weights, mut temporary) = pointwise.weights(sums, [z, Slot::Dy], 1);
        let mut backward = weights.to_vec();
        if self.use_bias {
            let (bias, values) = pointwise.bias(sums, 2);
            backward.extend(bias);
            temporary = temporary.max(values);
        }
        backward.push(pointwise.scatter("separable_conv2d pointwise gradient", [Slot::Dy, dz], Finish::Store));
        let (weights, values) = depthwise.weights(sums, [Slot::X(0), dz], 0);
        backward.extend(weights);
        if shapes.dx[0] != GradientMode::None {
            let slots = [dz, Slot::Dx(0)];
            backward.push(depthwise.scatter("separable_conv2d input gradient", slots, Finish::Gradient));
        }
        let between = shapes.batch * between.len();
        let temporary = vec![temporary.max(values), between];
        Passes { forward, backward, scratch: vec![between], temporary, ..Passes::default() }
    }
}

/// The module in Python.
const SEPARABLE: &str = r"
class SeparableConv2d(nn.Module):
    def __init__(self, channels, filters, kernel_size, stride, dilation, bias=True):
        super().__init__()
        self.options = {'stride': stride, 'dilation': dilation, 'groups': channels}
        self.depthwise = nn.Parameter(torch.zeros(channels, 1, *kernel_size))
        self.pointwise = nn.Parameter(torch.zeros(filters, channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(filters)) if bias else None

    def forward(self, x):
        return F.conv2d(F.conv2d(x, self.depthwise, **self.options), self.pointwise, self.bias)

";

impl LayerExport for SeparableConv2d {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("filters"),
            Argument::Positional("kernel_size"),
            Argument::Keyword("strides"),
            Argument::Keyword("padding"),
            Argument::Keyword("dilation_rate"),
            Argument::Activation("activation"),
            Argument::Switch("use_bias"),
            Argument::Initializer("depthwise_initializer"),
            Argument::Initializer("pointwise_initializer"),
            Argument::Initializer("bias_initializer"),
            Argument::Regularizer("depthwise_regularizer"),
            Argument::Regularizer("pointwise_regularizer"),
            Argument::Constraint("depthwise_constraint"),
            Argument::Constraint("pointwise_constraint"),
        ];
        KerasLayer::new("SeparableConv2D", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        const fn parameter(name: &'static str, tensor: &'static str, axes: &'static [usize]) -> TorchParameter {
            TorchParameter { name, tensor, axes, initializer: Initializer::ZEROS }
        }
        let call = Call::new("SeparableConv2d").defined(&[SEPARABLE]).with(inputs[0].channels()).with(self.filters);
        let call = call.with(self.kernel_size).with(self.strides).with(self.dilation_rate);
        // Kernels are (height, width, channels, 1) and (1, 1, in, out) in Keras.
        let parameters = const {
            &[
                parameter("depthwise_kernel", "depthwise", &[2, 3, 0, 1]),
                parameter("pointwise_kernel", "pointwise", &[3, 2, 0, 1]),
                parameter("bias", "bias", &[]),
            ]
        };
        let window = self.placed(inputs).window;
        let is_same = self.padding == Padding::Same;
        let pad = is_same.then(|| Step::pad_same(Pair(window.y.kernel, window.x.kernel), self.strides, None));
        TorchLayer::module(call.with_bias(self.use_bias), parameters).after(pad)
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let shape = self.placed(inputs);
        let depthwise = Operator::new("Conv").with(Operand::Param("depthwise_kernel", &[2, 3, 0, 1]));
        let depthwise = depthwise.over(&shape.window).set("kernel_shape", shape.taps);
        let depthwise = depthwise.set("dilations", shape.dilation).set("group", shape.groups);
        let pointwise = Operator::new("Conv").with_kernel("pointwise_kernel", &[3, 2, 0, 1], self.use_bias);
        [depthwise, pointwise].into()
    }
}

/// The convolution of each channel on its own.
fn convolve<T: Gemm>(shape: &Convolution, x: &[T], w: &[T], z: &mut [T]) {
    let c = shape.window.channels;
    z.fill(T::zero());
    for (image, z) in x.chunks_exact(shape.image()).zip(z.chunks_exact_mut(shape.result())) {
        depthwise(shape, |pixel, tap, output| {
            let terms = image[pixel..pixel + c].iter().zip(&w[tap..tap + c]);
            z[output..output + c].iter_mut().zip(terms).for_each(|(z, (&x, &w))| *z += x * w);
        });
    }
}

impl<T: Gemm> LayerCompute<T> for SeparableConv2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (shape, filters) = (self.placed(cx.context.inputs), self.filters);
        let (x, w, mix) = (flat(&cx.x[0]), flat(&cx.params[0]), flat(&cx.params[1]));
        let (c, pixels) = (shape.outputs, x.len() / shape.image() * shape.window.pixels());
        let packed = panels_len::<T>(c, filters);
        let (panels, z) = reserve(cx.workspace, packed + pixels * c).split_at_mut(packed);
        convolve(&shape, x, w, z);
        let panels = Panels::pack(Matrix::dense(mix, filters), c, filters, panels);
        let start = cx.params.get(2).map_or(Start::Zero, |bias| Start::Bias(flat(bias)));
        panels.multiply(Matrix::dense(z, c), pixels, 0..c, start, Rows::dense(flat_mut(&mut cx.y), filters));
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let (shape, filters) = (self.placed(cx.context.inputs), self.filters);
        let (x, w, mix, dy) = (flat(&cx.x[0]), flat(&cx.params[0]), flat(&cx.params[1]), flat(&cx.dy));
        let (c, pixels) = (shape.outputs, x.len() / shape.image() * shape.window.pixels());
        if let Some(db) = cx.grads.get_mut(2) {
            sum_rows(dy, flat_mut(db));
        }
        let packed = panels_len::<T>(pixels, filters).max(panels_len::<T>(filters, c));
        let (packed, z) = reserve(cx.workspace, packed + pixels * c).split_at_mut(packed);
        convolve(&shape, x, w, z);
        let panels = Panels::pack(Matrix::dense(dy, filters), pixels, filters, packed);
        let dmix = Rows::dense(flat_mut(&mut cx.grads[1]), filters);
        panels.multiply(Matrix::dense(z, c).t(), c, 0..pixels, Start::Zero, dmix);
        // From here on z holds its gradient.
        let panels = Panels::pack(Matrix::dense(mix, filters).t(), filters, c, packed);
        panels.multiply(Matrix::dense(dy, filters), pixels, 0..filters, Start::Zero, Rows::dense(&mut *z, c));
        let dw = flat_mut(&mut cx.grads[0]);
        dw.fill(T::zero());
        for (image, dz) in x.chunks_exact(shape.image()).zip(z.chunks_exact(shape.result())) {
            depthwise(&shape, |pixel, tap, output| {
                let terms = image[pixel..pixel + c].iter().zip(&dz[output..output + c]);
                dw[tap..tap + c].iter_mut().zip(terms).for_each(|(dw, (&x, &dz))| *dw += x * dz);
            });
        }
        let Some(dx) = cx.dx[0].as_mut().map(flat_mut) else { return };
        dx.fill(T::zero());
        for (dx, dz) in dx.chunks_exact_mut(shape.image()).zip(z.chunks_exact(shape.result())) {
            depthwise(&shape, |pixel, tap, output| {
                let terms = w[tap..tap + c].iter().zip(&dz[output..output + c]);
                dx[pixel..pixel + c].iter_mut().zip(terms).for_each(|(dx, (&w, &dz))| *dx += w * dz);
            });
        }
    }
}

impl Samples for SeparableConv2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"filters": 6, "kernel_size": 3}"#, &[5, 7, 1]),
        Case::new(r#"{"filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[6, 5, 4]),
        Case::new(
            r#"{"filters": 5, "kernel_size": [2, 3], "strides": 2, "padding": "same", "use_bias": false}"#,
            &[7, 8, 3],
        ),
        Case::new(r#"{"filters": 4, "kernel_size": 3, "dilation_rate": 2, "activation": "gelu"}"#, &[7, 6, 8]),
        Case::new(r#"{"filters": 12, "kernel_size": [1, 4], "padding": "same"}"#, &[3, 6, 12]),
    ];
}
