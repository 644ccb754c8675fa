//! `batch_normalization`: each channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted; in
//! inference the moving statistics take the batch's context.
//!
//! # Formula
//! `mean = sum x / m`, `var = sum x^2 / m - mean^2` over the `m = n h w` values of a channel,
//! `xh = (x - mean) / sqrt(var + epsilon)`, `y = gamma * xh + beta`;
//! `dgamma = sum dy xh`, `dbeta = sum dy`, `dx = gamma / sqrt(var + epsilon) * (dy - dbeta / m - xh * dgamma / m)`;
//! `moving = moving * momentum + batch * (1 - momentum)`.
//!
//! # Shapes
//! x `(n, h, w, c)` or `(n, c)`; gamma, beta, moving_mean, moving_variance `(c)`.
//!
//! # Source
//! Ioffe and Szegedy, 2015. The sums run in f64, where `E[x^2] - E[x]^2` loses nothing that f32 could show.

use crate::base::document;
use crate::base::number::{POSITIVE, PlainNumber, is_positive};
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, grid, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerContext, LayerExport, LayerSpec, Rule, State};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::ParamSpec;
#[cfg(feature = "extended")]
use crate::tensor::parameter::Regularizer;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{channels, flat, flat_mut};
use crate::wgsl;
use ndarray::{ArrayView1, ArrayViewD, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sums run in two steps: parts of the batch side by side, then the parts in order. Each part has its own mean, and
/// squares are those of distances from it, so that nothing is lost in f32 (Chan, Golub and LeVeque, 1983).
const SHADER: &[&str] = &[wgsl!(include_str!("batch_normalization.wgsl"))];

/// The statistics of a frozen layer, which do not depend on the batch.
#[cfg(feature = "extended")]
const FROZEN: &[&str] = &[
    wgsl!(include_str!("batch_normalization.wgsl")),
    crate::wgsl!(
        "
@compute @workgroup_size(64)
fn frozen(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let c = line(id, groups);
    if c >= C {
        return;
    }
    stats[c] = moving_mean[c];
    stats[C + c] = 1.0 / sqrt(moving_variance[c] + EPSILON);
    stats[2u * C + c] = V(0.0);
    stats[3u * C + c] = V(0.0);
}
"
    ),
];

/// Each channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BatchNormalization {
    /// Share of the moving statistics that stays at each step, between 0 and 1 (PyTorch's momentum is one minus this).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub momentum: f64,
    /// Added to the variance, above 0: keeps the root away from zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub epsilon: f64,
    /// Whether there is a shift, beta.
    pub center: bool,
    /// Whether there is a scale, gamma.
    pub scale: bool,
    /// Penalty on the size of the scale, added to the loss.
    #[cfg(feature = "extended")]
    pub gamma_regularizer: Option<Regularizer>,
    /// Penalty on the size of the shift, added to the loss.
    #[cfg(feature = "extended")]
    pub beta_regularizer: Option<Regularizer>,
    /// Feed the moving variance with `var * m / (m - 1)`, as PyTorch does; Keras does not.
    pub unbiased_moving_variance: bool,
}

impl Default for BatchNormalization {
    fn default() -> Self {
        Self {
            momentum: 0.99,
            epsilon: 1e-3,
            center: true,
            scale: true,
            #[cfg(feature = "extended")]
            gamma_regularizer: None,
            #[cfg(feature = "extended")]
            beta_regularizer: None,
            unbiased_moving_variance: false,
        }
    }
}

/// PyTorch's buffers and weights, and how it starts them.
const TORCH_PARAMETERS: &[TorchParameter] = {
    const fn parameter(name: &'static str, tensor: &'static str, initializer: Initializer) -> TorchParameter {
        TorchParameter { name, tensor, axes: &[], initializer }
    }
    &[
        parameter("gamma", "weight", Initializer::ONES),
        parameter("beta", "bias", Initializer::ZEROS),
        parameter("moving_mean", "running_mean", Initializer::ZEROS),
        parameter("moving_variance", "running_var", Initializer::ONES),
    ]
};

/// The parameters; gamma and beta may be switched off.
struct Named<'a, T> {
    gamma: Option<ArrayView1<'a, T>>,
    beta: Option<ArrayView1<'a, T>>,
    mean: ArrayView1<'a, T>,
    variance: ArrayView1<'a, T>,
}

/// A channel's mean and `1 / sqrt(var + epsilon)`.
type Moments<T> = (T, T);

impl BatchNormalization {
    /// The parameters by name.
    fn named<'a, T>(&self, params: &'a [ArrayViewD<T>]) -> Named<'a, T> {
        let trained = usize::from(self.scale) + usize::from(self.center);
        Named {
            gamma: self.scale.then(|| channels(&params[0])),
            beta: self.center.then(|| channels(&params[trained - 1])),
            mean: channels(&params[trained]),
            variance: channels(&params[trained + 1]),
        }
    }

    /// Values a channel over the whole batch.
    fn count(context: &LayerContext) -> f64 {
        (context.batch_rows * context.output.len() / context.output.channels()) as f64
    }

    /// Batch statistics from the sums: `sum x` of every channel, then `sum x^2`.
    fn batch(context: &LayerContext, sums: &[f64], ch: usize) -> (f64, f64) {
        let (m, c) = (Self::count(context), sums.len() / 2);
        let mean = sums[ch] / m;
        (mean, (sums[c + ch] / m - mean * mean).max(0.0))
    }

    fn moments<T: Real>(&self, context: &LayerContext, sums: &[f64], named: &Named<T>, ch: usize) -> Moments<T> {
        let (mean, variance) = if context.training {
            Self::batch(context, sums, ch)
        } else {
            (named.mean[ch].f64(), named.variance[ch].f64())
        };
        (T::of(mean), T::of((variance + self.epsilon).sqrt().recip()))
    }
}

impl LayerSpec for BatchNormalization {
    fn kind(&self) -> &'static str {
        "batch_normalization"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn infers_when_frozen(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !(0.0..=1.0).contains(&self.momentum) {
            return Err(format!("momentum must lie between 0 and 1. Received: {}", PlainNumber(self.momentum)));
        }
        if !is_positive(self.epsilon) {
            return Err(format!("epsilon {POSITIVE}. Received: {}", PlainNumber(self.epsilon)));
        }
        Ok(inputs[0].clone())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let c = inputs[0].channels();
        let param = |name, initializer| ParamSpec::new(name, &[c], initializer);
        let statistic = |name, initializer| ParamSpec { trainable: false, ..param(name, initializer) };
        #[cfg(feature = "extended")]
        let penalties = (self.gamma_regularizer, self.beta_regularizer);
        #[cfg(not(feature = "extended"))]
        let penalties = (None, None);
        let mut params = Vec::new();
        if self.scale {
            params.push(param("gamma", Initializer::ONES).bounded(penalties.0, &None));
        }
        if self.center {
            params.push(param("beta", Initializer::ZEROS).bounded(penalties.1, &None));
        }
        params.push(statistic("moving_mean", Initializer::ZEROS));
        params.push(statistic("moving_variance", Initializer::ONES));
        params
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let c = shapes.output.channels();
        let lanes = Lanes::of(&[c]);
        let (channels, pixels) = (c / lanes.width(), shapes.output.len() / c);
        // Parts that the sums over the batch are cut into.
        let rows = shapes.batch * pixels;
        let splits = shapes.device.invocations.div_ceil(channels).min(rows / 64).max(1);
        let values = shapes.batch * shapes.output.len() / lanes.width();
        let over = |label, entry, bindings, grid| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: vec![
                ("C", channels as f64),
                ("PIXELS", pixels as f64),
                ("SPLITS", splits as f64),
                ("EPSILON", self.epsilon),
                ("KEEP", self.momentum),
                ("TAKE", 1.0 - self.momentum),
                ("UNBIASED", f64::from(self.unbiased_moving_variance)),
                ("SCALE", f64::from(self.scale)),
                ("CENTER", f64::from(self.center)),
            ],
            bindings,
            grid,
            in_bounds: false,
        };
        let pass = |label, entry, bindings, items: usize| over(label, entry, bindings, line(items));
        let pass_by_channel = |label, entry, bindings| over(label, entry, bindings, grid(channels, 1));
        let trained = usize::from(self.scale) + usize::from(self.center);
        let (mean, variance) = (Slot::Param(trained), Slot::Param(trained + 1));
        // Where there is no gamma or beta, its binding holds memory that is not used.
        let either = |there: bool, slot, other| if there { slot } else { other };
        let stats = Slot::Scratch(0);
        let gamma = read(4, either(self.scale, Slot::Param(0), Slot::Temporary(1)));
        let beta = read(5, either(self.center, Slot::Param(usize::from(self.scale)), Slot::Temporary(2)));
        let (x, y, parts) = (read(0, Slot::X(0)), write(1, Slot::Y), write(2, Slot::Temporary(0)));
        let forward = vec![
            pass("batch_normalization sums", "sums", vec![x, parts], splits * channels),
            pass_by_channel(
                "batch_normalization statistics",
                "statistics",
                vec![parts, write(3, stats), write(6, mean), write(7, variance)],
            ),
            pass("batch_normalization forward", "forward", vec![x, y, write(3, stats), gamma, beta], values),
        ];
        let infer = vec![pass(
            "batch_normalization inference",
            "infer",
            vec![x, y, gamma, beta, write(6, mean), write(7, variance)],
            values,
        )];
        let (dy, stats) = (read(8, Slot::Dy), write(3, stats));
        let dgamma = either(self.scale, Slot::Grad(0), Slot::Temporary(1));
        let dbeta = either(self.center, Slot::Grad(usize::from(self.scale)), Slot::Temporary(2));
        let mut backward = vec![
            pass("batch_normalization gradient sums", "gradient_sums", vec![x, parts, stats, dy], splits * channels),
            pass_by_channel(
                "batch_normalization gradients",
                "gradients",
                vec![parts, stats, write(10, dgamma), write(11, dbeta)],
            ),
        ];
        if shapes.dx[0] != GradientMode::None {
            let bindings = vec![x, stats, gamma, dy, write(9, Slot::Dx(0))];
            backward.push(pass("batch_normalization backward", "backward", bindings, values).into_dx(shapes, 0));
        }
        let temporary = vec![2 * splits * c, c, c];
        #[cfg(feature = "extended")]
        if shapes.inference {
            let label = "batch_normalization frozen statistics";
            let bindings = vec![stats, write(6, mean), write(7, variance)];
            let fixed = Pass { shader: FROZEN, ..pass(label, "frozen", bindings, channels) };
            let backward = backward.split_off(2);
            let backward = if backward.is_empty() { backward } else { [vec![fixed], backward].concat() };
            return Passes { forward: infer, backward, scratch: vec![4 * c], temporary, ..Passes::default() };
        }
        Passes { forward, infer: Some(infer), backward, scratch: vec![4 * c], temporary, ..Passes::default() }
    }
}

impl LayerExport for BatchNormalization {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Keyword("momentum"),
            Argument::Keyword("epsilon"),
            Argument::Keyword("center"),
            Argument::Keyword("scale"),
            Argument::Regularizer("beta_regularizer"),
            Argument::Regularizer("gamma_regularizer"),
        ];
        KerasLayer::new("BatchNormalization", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        // PyTorch's momentum is the share of the batch; one minus Keras's, without its rounding error.
        let momentum = ((1.0 - self.momentum) * 1e12).round() / 1e12;
        let module = Call::new(if inputs[0].0.len() == 3 { "nn.BatchNorm2d" } else { "nn.BatchNorm1d" })
            .with(inputs[0].channels())
            .named("eps", self.epsilon)
            .named("momentum", momentum)
            .named("affine", self.scale || self.center);
        let frozen = match (self.scale, self.center) {
            (true, false) => Some("bias"),
            (false, true) => Some("weight"),
            _ => None,
        };
        TorchLayer { frozen, ..TorchLayer::module(module, TORCH_PARAMETERS) }
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let c = inputs[0].channels();
        let parameter = |is_there, name, value| match is_there {
            true => Operand::Param(name, &[]),
            false => Operand::Floats(vec![c], vec![value; c]),
        };
        let operator = Operator::new("BatchNormalization").with(parameter(self.scale, "gamma", 1.0));
        let operator = operator.with(parameter(self.center, "beta", 0.0)).with(Operand::Param("moving_mean", &[]));
        let operator = operator.with(Operand::Param("moving_variance", &[])).set("epsilon", self.epsilon);
        [operator.set("momentum", self.momentum)].into()
    }
}

/// The loops over pixels are over slices: a view of each pixel would take as long as the arithmetic.
impl<T: Real> LayerCompute<T> for BatchNormalization {
    fn forward_sums(&self, inputs: &[Shape]) -> usize {
        2 * inputs[0].channels()
    }

    fn forward_partials(&self, cx: &Forward<T>, sums: &mut [f64]) {
        sums.fill(0.0);
        let (sum, square) = sums.split_at_mut(cx.context.output.channels());
        for pixel in flat(&cx.x[0]).chunks_exact(sum.len()) {
            for ((sum, square), &x) in sum.iter_mut().zip(&mut *square).zip(pixel) {
                let x = x.f64();
                *sum += x;
                *square += x * x;
            }
        }
    }

    fn forward(&self, cx: &mut Forward<T>) {
        let c = cx.context.output.channels();
        let named = self.named(&cx.params);
        // y = x * scale + shift, the two worked out once a channel.
        let (scale, shift) = reserve(cx.workspace, 2 * c).split_at_mut(c);
        for ch in 0..c {
            let (mean, inverse) = self.moments(&cx.context, cx.sums, &named, ch);
            scale[ch] = inverse * named.gamma.map_or(T::one(), |gamma| gamma[ch]);
            shift[ch] = named.beta.map_or(T::zero(), |beta| beta[ch]) - mean * scale[ch];
        }
        for (x, y) in flat(&cx.x[0]).chunks_exact(c).zip(flat_mut(&mut cx.y).chunks_exact_mut(c)) {
            for ((y, &x), (&scale, &shift)) in y.iter_mut().zip(x).zip(scale.iter().zip(&*shift)) {
                *y = x * scale + shift;
            }
        }
    }

    fn backward_sums(&self, inputs: &[Shape]) -> usize {
        2 * inputs[0].channels()
    }

    /// `sum dy` of every channel, then `sum dy * xh`.
    fn backward_partials(&self, cx: &mut Backward<T>, sums: &mut [f64]) {
        sums.fill(0.0);
        let c = cx.context.output.channels();
        let named = self.named(&cx.params);
        let (means, inverses) = reserve(cx.workspace, 2 * c).split_at_mut(c);
        for ch in 0..c {
            (means[ch], inverses[ch]) = self.moments(&cx.context, cx.forward_sums, &named, ch);
        }
        let (dbeta, dgamma) = sums.split_at_mut(c);
        for (x, dy) in flat(&cx.x[0]).chunks_exact(c).zip(flat(&cx.dy).chunks_exact(c)) {
            for ch in 0..c {
                dbeta[ch] += dy[ch].f64();
                dgamma[ch] += (dy[ch] * (x[ch] - means[ch]) * inverses[ch]).f64();
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let c = cx.context.output.channels();
        let named = self.named(&cx.params);
        // The sums hold the whole batch's gradients; each shard reports its share, so that together they count once.
        let share = cx.dy.len_of(Axis(0)) as f64 / cx.context.batch_rows as f64;
        // A frozen layer has no sums: its parameters do not change, and its statistics do not depend on the input.
        let of_batch = |from: usize| cx.sums.get(from..).unwrap_or_default();
        let sums = [(self.scale, of_batch(c)), (self.center, of_batch(0))];
        for (grad, (_, sums)) in cx.grads.iter_mut().zip(sums.into_iter().filter(|(wanted, _)| *wanted)) {
            grad.iter_mut().zip(sums).for_each(|(g, &sum)| *g = T::of(sum * share));
        }
        let Some(dx) = &mut cx.dx[0] else { return };
        // dx = a * dy + b * x + d, the three worked out once a channel.
        let (a, rest) = reserve(cx.workspace, 3 * c).split_at_mut(c);
        let (b, d) = rest.split_at_mut(c);
        let m = Self::count(&cx.context);
        for ch in 0..c {
            let (mean, inverse) = self.moments(&cx.context, cx.forward_sums, &named, ch);
            let mean_of = |place: usize| T::of(cx.sums.get(place).map_or(0.0, |sum| sum / m));
            let (dbeta, dgamma) = (mean_of(ch), mean_of(c + ch));
            a[ch] = inverse * named.gamma.map_or(T::one(), |gamma| gamma[ch]);
            b[ch] = -a[ch] * inverse * dgamma;
            d[ch] = -a[ch] * dbeta - b[ch] * mean;
        }
        let pixels = flat(&cx.x[0]).chunks_exact(c).zip(flat(&cx.dy).chunks_exact(c));
        for ((x, dy), dx) in pixels.zip(flat_mut(dx).chunks_exact_mut(c)) {
            for ch in 0..c {
                dx[ch] = a[ch] * dy[ch] + b[ch] * x[ch] + d[ch];
            }
        }
    }

    fn update_state(&self, cx: &mut State<T>) {
        let m = Self::count(&cx.context);
        let correction = if self.unbiased_moving_variance && m > 1.0 { m / (m - 1.0) } else { 1.0 };
        let keep = self.momentum;
        for ch in 0..cx.context.output.channels() {
            let (mean, variance) = Self::batch(&cx.context, cx.sums, ch);
            for (moving, value) in cx.params.iter_mut().zip([mean, variance * correction]) {
                moving[[ch]] = T::of(moving[[ch]].f64() * keep + value * (1.0 - keep));
            }
        }
    }
}

impl Samples for BatchNormalization {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[5, 6, 3]),
        Case::new(r#"{"momentum": 0.9, "epsilon": 1e-5, "unbiased_moving_variance": true}"#, &[4, 3, 8]),
        Case::new(r#"{"center": false}"#, &[3, 5, 4]),
        Case::new(r#"{"scale": false}"#, &[2, 3, 1]),
        Case::new(r#"{"scale": false, "center": false}"#, &[12]),
        Case::new(r#"{"momentum": 0.5}"#, &[7]),
    ];
}
