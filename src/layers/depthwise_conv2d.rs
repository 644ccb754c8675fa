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

use crate::base::document;
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, WINDOW, line, read, write};
use crate::kernels::gpu::reduce;
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::real::Real;
use crate::tensor::shape::{Padding, Pair, Shape, Window};
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[
    WINDOW,
    crate::wgsl!(
        "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> w: array<V>;
@group(0) @binding(2) var<storage, read> b: array<V>;
@group(0) @binding(3) var<storage, read_write> y: array<V>;
@group(0) @binding(4) var<storage, read> dy: array<V>;
@group(0) @binding(5) var<storage, read_write> dx: array<V>;
@group(0) @binding(6) var<storage, read_write> dw: array<V>; // one for each part of the sum over pixels
@group(0) @binding(7) var<storage, read_write> db: array<V>;
override BIAS: bool;
override SPLITS: u32;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let o = i / C;
    let n = o / (OW * OH);
    if n >= step.rows {
        return;
    }
    let top = o / OW % OH * SY - PY;
    let left = o % OW * SX - PX;
    var sum = V(0.0);
    if BIAS {
        sum = b[c];
    }
    for (var ky = 0u; ky < KH; ky++) {
        for (var kx = 0u; kx < KW; kx++) {
            let iy = top + ky;
            let ix = left + kx;
            if iy < H && ix < W {
                sum += x[((n * H + iy) * W + ix) * C + c] * w[(ky * KW + kx) * C + c];
            }
        }
    }
    y[i] = activate(sum);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let r = reach(i / C);
    if r.n >= step.rows {
        return;
    }
    var sum = V(0.0);
    for (var oy = r.top; oy < OH && oy * SY <= r.ty; oy++) {
        for (var ox = r.left; ox < OW && ox * SX <= r.tx; ox++) {
            let tap = (r.ty - oy * SY) * KW + r.tx - ox * SX;
            sum += dy[((r.n * OH + oy) * OW + ox) * C + c] * w[tap * C + c];
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}

// One invocation a tap and channel and part of the output pixels; the row after the last tap is the bias's.
@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let c = i % C;
    let tap = i / C % (KH * KW + 1u);
    let split = i / (C * (KH * KW + 1u));
    if split >= SPLITS {
        return;
    }
    let is_bias = tap == KH * KW;
    let ky = tap / KW;
    let kx = tap % KW;
    let pixels = step.rows * OH * OW;
    let share = (pixels + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, pixels);
    var sum = V(0.0);
    for (var o = split * share; o < end; o++) {
        let iy = o / OW % OH * SY + ky - PY;
        let ix = o % OW * SX + kx - PX;
        let d = dy[o * C + c];
        if is_bias {
            sum += d;
        } else if iy < H && ix < W {
            sum += d * x[((o / (OW * OH) * H + iy) * W + ix) * C + c];
        }
    }
    if !is_bias {
        dw[(split * KH * KW + tap) * C + c] = sum;
    } else if BIAS {
        db[split * C + c] = sum;
    }
}
"
    ),
];

/// A convolution of each channel on its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"kernel_size": 3, "padding": "same"}]))]
pub struct DepthwiseConv2d {
    /// Height and width of the window in pixels; one number for both.
    pub kernel_size: Pair,
    /// Pixels that the window moves down and across; one number for both.
    #[serde(default = "Pair::ones")]
    pub strides: Pair,
    /// `valid`: the window stays inside the image. `same`: zeros around the image, so that with strides of 1 the output
    /// is as large as the input.
    #[serde(default)]
    pub padding: Padding,
    /// Output channels for each input channel; only 1 is possible.
    #[serde(default = "super::one")]
    #[schemars(range(min = 1, max = 1))]
    pub depth_multiplier: usize,
    /// Function applied to the output; none where it is not set.
    #[schemars(extend("default" = Activation::Linear))]
    pub activation: Option<Activation>,
    /// Whether a bias is added to every output.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// How the kernel's weights start.
    #[serde(default = "Initializer::glorot", alias = "kernel_initializer")]
    pub depthwise_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "Initializer::zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the size of the kernel's weights, added to the loss.
    #[serde(alias = "kernel_regularizer")]
    pub depthwise_regularizer: Option<Regularizer>,
    /// Bound on the norm of the kernel's weights, kept after every step.
    #[serde(alias = "kernel_constraint")]
    pub depthwise_constraint: Option<MaxNorm>,
}

impl DepthwiseConv2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.kernel_size, self.strides, self.padding)
    }

    /// The window over an input that `output_shape` has accepted.
    fn placed(&self, inputs: &[Shape]) -> Window {
        self.window(&inputs[0]).expect("the graph checked this shape")
    }
}

impl LayerSpec for DepthwiseConv2d {
    fn kind(&self) -> &'static str {
        "depthwise_conv2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
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
        output.len() as u64 * (self.kernel_size.0 * self.kernel_size.1) as u64
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let window = self.placed(shapes.inputs);
        let (c, taps) = (window.channels, self.kernel_size.0 * self.kernel_size.1);
        let lanes = Lanes::of(&[c]);
        // Parts of the sum over pixels that gives the weights' gradient.
        let (rows, pixels) = (taps + 1, shapes.batch * window.pixels());
        let splits = shapes.device.invocations.div_ceil(rows * c / lanes.width()).min(pixels / 64).max(1);
        let pass = |label, entry, bindings, values: usize| {
            let pass = Pass {
                label,
                shader: SHADER,
                lanes,
                entry,
                constants: vec![("BIAS", f64::from(self.use_bias)), ("SPLITS", splits as f64)],
                bindings,
                grid: line(values / lanes.width()),
                in_bounds: false,
            };
            pass.over(&window)
        };
        let (x, w, dy) = (read(0, Slot::X(0)), read(1, Slot::Param(0)), read(4, Slot::Dy));
        let b = read(2, Slot::Param(usize::from(self.use_bias)));
        let values = shapes.batch * shapes.output.len();
        let forward = pass("depthwise_conv2d forward", "forward", vec![x, w, b, write(3, Slot::Y)], values);
        let bindings = vec![x, dy, write(6, Slot::Temporary(0)), write(7, Slot::Temporary(1))];
        let lengths = if self.use_bias { vec![taps * c, c] } else { vec![taps * c] };
        let mut backward = vec![
            pass("depthwise_conv2d weight gradient", "weights", bindings, splits * rows * c),
            reduce::sum("depthwise_conv2d weight gradient sum", shapes.device, &lengths, splits),
        ];
        if shapes.dx[0] != GradientMode::None {
            let (bindings, values) = (vec![x, w, dy, write(5, Slot::Dx(0))], shapes.batch * shapes.inputs[0].len());
            let pass = pass("depthwise_conv2d input gradient", "backward", bindings, values);
            backward.push(pass.into_dx(shapes, 0));
        }
        let forward = vec![forward.activate(shapes.activation)];
        Passes { forward, backward, temporary: vec![splits * taps * c, splits * c], ..Passes::default() }
    }
}

impl LayerExport for DepthwiseConv2d {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("kernel_size"),
            Argument::Keyword("strides"),
            Argument::Keyword("padding"),
            Argument::Activation("activation"),
            Argument::Switch("use_bias"),
            Argument::Initializer("depthwise_initializer"),
            Argument::Initializer("bias_initializer"),
            Argument::Regularizer("depthwise_regularizer"),
            Argument::Constraint("depthwise_constraint"),
        ];
        KerasLayer::new("DepthwiseConv2D", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let c = inputs[0].channels();
        let call = Call::new("nn.Conv2d").with(c).with(c).with(self.kernel_size).with(self.strides);
        let module = call.named("groups", c).with_bias(self.use_bias);
        // Kernels are (height, width, channels, 1) in Keras, (channels, 1, height, width) in PyTorch.
        let parameters = const { &[TorchParameter::kernel(&[2, 3, 0, 1]), TorchParameter::BIAS] };
        let is_same = self.padding == Padding::Same;
        let pad = is_same.then(|| Step::pad_same(self.kernel_size, self.strides, None));
        TorchLayer::module(module, parameters).after(pad)
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let operator = Operator::new("Conv").with_kernel("kernel", &[2, 3, 0, 1], self.use_bias);
        [operator.over(&self.placed(inputs)).set("group", inputs[0].channels())].into()
    }
}

/// Calls `visit(pixel, tap, output)` for every window position: offsets (of channel 0) of the input pixel, of the
/// kernel tap and of the output pixel, for one image.
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

// Images are slices: lines of taps over views took 1.4 to 1.6 times as long.
impl<T: Real> LayerCompute<T> for DepthwiseConv2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.placed(cx.context.inputs);
        let (c, w) = (window.channels, flat(&cx.params[0]));
        match cx.params.get(1) {
            Some(bias) => cx.y.assign(bias),
            None => cx.y.fill(T::zero()),
        }
        let images = flat(&cx.x[0])
            .chunks_exact(cx.context.inputs[0].len())
            .zip(flat_mut(&mut cx.y).chunks_exact_mut(cx.context.output.len()));
        for (image, y) in images {
            taps(&window, |pixel, tap, output| {
                let terms = image[pixel..pixel + c].iter().zip(&w[tap..tap + c]);
                y[output..output + c].iter_mut().zip(terms).for_each(|(y, (&x, &w))| *y += x * w);
            });
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let window = self.placed(cx.context.inputs);
        let (c, w, dy) = (window.channels, flat(&cx.params[0]), flat(&cx.dy));
        let (small, large) = (cx.context.inputs[0].len(), cx.context.output.len());
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(dy, flat_mut(db));
        }
        let dw = flat_mut(&mut cx.grads[0]);
        dw.fill(T::zero());
        for (image, dy) in flat(&cx.x[0]).chunks_exact(small).zip(dy.chunks_exact(large)) {
            taps(&window, |pixel, tap, output| {
                let terms = image[pixel..pixel + c].iter().zip(&dy[output..output + c]);
                dw[tap..tap + c].iter_mut().zip(terms).for_each(|(dw, (&x, &dy))| *dw += x * dy);
            });
        }
        let Some(dx) = &mut cx.dx[0] else { return };
        dx.fill(T::zero());
        for (dx, dy) in flat_mut(dx).chunks_exact_mut(small).zip(dy.chunks_exact(large)) {
            taps(&window, |pixel, tap, output| {
                let terms = w[tap..tap + c].iter().zip(&dy[output..output + c]);
                dx[pixel..pixel + c].iter_mut().zip(terms).for_each(|(dx, (&w, &dy))| *dx += w * dy);
            });
        }
    }
}

impl Samples for DepthwiseConv2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"kernel_size": 3}"#, &[5, 7, 1]),
        Case::new(r#"{"kernel_size": 3, "padding": "same", "activation": "relu"}"#, &[6, 5, 8]),
        Case::new(r#"{"kernel_size": [2, 3], "strides": 2, "padding": "same", "use_bias": false}"#, &[7, 8, 3]),
        Case::new(r#"{"kernel_size": 2, "strides": 3, "activation": "sigmoid"}"#, &[8, 9, 4]),
        Case::new(r#"{"kernel_size": [1, 4], "padding": "same"}"#, &[3, 6, 12]),
        Case::new(r#"{"kernel_size": 5, "strides": [1, 2], "padding": "same"}"#, &[4, 9, 5]),
        Case::new(r#"{"kernel_size": 3, "padding": "same", "activation": "hard_swish"}"#, &[5, 4, 8]),
        Case::new(r#"{"kernel_size": 2, "activation": "relu6"}"#, &[5, 4, 3]),
    ];
}
