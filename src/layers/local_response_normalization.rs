//! `local_response_normalization`: each value is divided by a power of the energy of its neighbours across channels.
//!
//! # Formula
//! `s_i = bias + alpha * sum over |j - i| <= depth_radius of x_j^2`, `y_i = x_i * s_i^(-beta)`;
//! `dx_i = dy_i * s_i^(-beta) - 2 alpha beta x_i * sum over |j - i| <= depth_radius of dy_j x_j s_j^(-beta - 1)`.
//!
//! # Source
//! Krizhevsky, Sutskever and Hinton, 2012 (AlexNet); defaults and the sum (not a mean) as in TensorFlow's
//! `tf.nn.local_response_normalization`.

use crate::base::document;
use crate::base::number::{PlainNumber, is_not_negative, is_positive};
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer, KerasPart, PartInput};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> energies: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> shares: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;
override C: u32;
override LEN: u32; // values of an image
override RADIUS: u32;
override BIAS: f32;
override ALPHA: f32;
override BETA: f32;

// The neighbours of channel c: the first, and one past the last.
fn near(c: u32) -> vec2<u32> {
    return vec2<u32>(c - min(c, RADIUS), min(c + RADIUS + 1u, C));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * LEN {
        return;
    }
    let c = i % C;
    let range = near(c);
    var squares = 0.0;
    for (var j = range.x; j < range.y; j++) {
        let v = x[i - c + j];
        squares += v * v;
    }
    let energy = BIAS + ALPHA * squares;
    energies[i] = energy;
    y[i] = x[i] * pow(energy, -BETA);
}

@compute @workgroup_size(64)
fn share(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < step.rows * LEN {
        shares[i] = dy[i] * x[i] * pow(energies[i], -BETA) / energies[i];
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * LEN {
        return;
    }
    let c = i % C;
    let range = near(c);
    var sum = 0.0;
    for (var j = range.x; j < range.y; j++) {
        sum += shares[i - c + j];
    }
    let v = dy[i] * pow(energies[i], -BETA) - 2.0 * ALPHA * BETA * x[i] * sum;
    dx[i] = gradient(v, dx[i], x[i]);
}
"
)];

/// Keras has no such layer; this is TensorFlow's operation on any backend.
const KERAS_CLASS: &str = r#"
class LocalResponseNormalization(layers.Layer):
    """x / (bias + alpha * sum of x squared over the neighbouring channels) ** beta"""

    def __init__(self, depth_radius, bias, alpha, beta, **options):
        super().__init__(**options)
        self.depth_radius, self.bias, self.alpha, self.beta = depth_radius, bias, alpha, beta

    def call(self, x):
        r, channels = self.depth_radius, x.shape[-1]
        squares = keras.ops.pad(keras.ops.square(x), [(0, 0), (0, 0), (0, 0), (r, r)])
        energy = sum(squares[..., i : i + channels] for i in range(2 * r + 1))
        return x / keras.ops.power(self.bias + self.alpha * energy, self.beta)

"#;

/// Each value is divided by the energy of its neighbours in the channels around it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LocalResponseNormalization {
    /// Neighbouring channels on each side.
    pub depth_radius: usize,
    /// Added to the energy, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub bias: f64,
    /// Weight of the energy, 0 or more.
    #[schemars(range(min = 0.0))]
    pub alpha: f64,
    /// The power that the energy is raised to.
    pub beta: f64,
}

impl Default for LocalResponseNormalization {
    fn default() -> Self {
        Self { depth_radius: 5, bias: 1.0, alpha: 1.0, beta: 0.5 }
    }
}

impl LocalResponseNormalization {
    fn neighbours(&self, i: usize, channels: usize) -> std::ops::Range<usize> {
        i.saturating_sub(self.depth_radius)..i.saturating_add(self.depth_radius).saturating_add(1).min(channels)
    }

    /// `s_i` of one pixel.
    fn energy<T: Real>(&self, x: &[T], i: usize) -> T {
        let squares: T = x[self.neighbours(i, x.len())].iter().map(|&x| x * x).sum();
        T::of(self.bias) + T::of(self.alpha) * squares
    }
}

impl LayerSpec for LocalResponseNormalization {
    fn kind(&self) -> &'static str {
        "local_response_normalization"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        inputs[0].hwc()?;
        if !is_positive(self.bias) || !is_not_negative(self.alpha) || !is_not_negative(self.beta.abs()) {
            let [bias, alpha, beta] = [self.bias, self.alpha, self.beta].map(PlainNumber);
            return Err(format!(
                "needs bias > 0, alpha >= 0 and a finite beta, all up to 3.4e38, or it divides by zero. Received: bias {bias}, \
                 alpha {alpha}, beta {beta}"
            ));
        }
        Ok(inputs[0].clone())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let values = shapes.batch * shapes.output.len();
        let pass = |label, entry, bindings| Pass {
            label,
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: vec![
                ("C", shapes.output.channels() as f64),
                ("LEN", shapes.output.len() as f64),
                ("RADIUS", self.depth_radius.min(shapes.output.channels()) as f64),
                ("BIAS", self.bias),
                ("ALPHA", self.alpha),
                ("BETA", self.beta),
            ],
            bindings,
            grid: line(values),
            in_bounds: false,
        };
        let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y), write(2, Slot::Scratch(0))];
        let forward = pass("local_response_normalization forward", "forward", bindings);
        let backward = || {
            let (x, energies, dy) = (read(0, Slot::X(0)), write(2, Slot::Scratch(0)), read(3, Slot::Dy));
            let shares = write(4, Slot::Temporary(0));
            let bindings = vec![x, energies, dy, shares];
            let first = pass("local_response_normalization shares", "share", bindings);
            let bindings = vec![x, energies, dy, shares, write(5, Slot::Dx(0))];
            let second = pass("local_response_normalization backward", "backward", bindings).into_dx(shapes, 0);
            vec![first, second]
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { backward() };
        Passes { forward: vec![forward], backward, scratch: vec![values], temporary: vec![values], ..Passes::default() }
    }
}

impl LayerExport for LocalResponseNormalization {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Keyword("depth_radius"),
            Argument::Keyword("bias"),
            Argument::Keyword("alpha"),
            Argument::Keyword("beta"),
        ];
        KerasLayer { definition: Some(KERAS_CLASS), ..KerasLayer::new("LocalResponseNormalization", ARGUMENTS) }
    }
    fn keras_parts(&self, inputs: &[Shape]) -> Vec<KerasPart> {
        // The sum over the neighbours is a convolution by one pixel.
        let c = inputs[0].channels();
        let mut kernel = vec![0.0; c * c];
        for i in 0..c {
            self.neighbours(i, c).for_each(|near| kernel[near * c + i] = self.alpha as f32);
        }
        let weights = vec![(vec![1, 1, c, c], kernel), (vec![c], vec![self.bias as f32; c])];
        let part = |name, module, class, inputs: &[PartInput]| {
            let (config, inputs) = (json!({}), inputs.to_vec());
            KerasPart { name, module, class, config, inputs, merges: false, constant: None, weights: Vec::new() }
        };
        let layer = |name, class, inputs| part(name, "keras.layers", class, inputs);
        let (x, part_of) = (PartInput::Layer, PartInput::Part);
        let config = json!({"filters": c, "kernel_size": [1, 1], "trainable": false});
        vec![
            KerasPart { merges: true, ..layer("square", "Multiply", &[x, x]) },
            KerasPart { config, weights, ..layer("sum", "Conv2D", &[part_of(0)]) },
            KerasPart { constant: Some(-self.beta), ..part("power", "keras.src.ops.numpy", "Power", &[part_of(1)]) },
            KerasPart { merges: true, ..layer("scale", "Multiply", &[x, part_of(2)]) },
        ]
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        // PyTorch's alpha is divided by the window.
        let size = self.depth_radius.saturating_mul(2).saturating_add(1);
        let call = Call::new("F.local_response_norm").with(size).with(self.alpha * size as f64);
        TorchLayer::function([Step::Function(call.with(self.beta).with(self.bias))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        // ONNX's alpha is divided by the window.
        let size = self.depth_radius.saturating_mul(2).saturating_add(1);
        let operator = Operator::new("LRN").set("size", size).set("alpha", self.alpha * size as f64);
        [operator.set("beta", self.beta).set("bias", self.bias)].into()
    }
}

// A pixel is a slice: the sums over its neighbours took 1.3 times (7 channels) to 2 times (64) as long over views.
impl<T: Real> LayerCompute<T> for LocalResponseNormalization {
    fn forward(&self, cx: &mut Forward<T>) {
        let (c, power) = (cx.context.output.channels(), T::of(-self.beta));
        for (x, y) in flat(&cx.x[0]).chunks_exact(c).zip(flat_mut(&mut cx.y).chunks_exact_mut(c)) {
            for i in 0..c {
                y[i] = x[i] * self.energy(x, i).portable_pow(power);
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let c = cx.context.output.channels();
        let factor = T::of(2.0 * self.alpha * self.beta);
        let (scaled, shares) = reserve(cx.workspace, 2 * c).split_at_mut(c);
        let pixels = flat(&cx.x[0]).chunks_exact(c).zip(flat(&cx.dy).chunks_exact(c));
        for ((x, dy), dx) in pixels.zip(flat_mut(dx).chunks_exact_mut(c)) {
            for i in 0..c {
                let energy = self.energy(x, i);
                scaled[i] = dy[i] * energy.portable_pow(T::of(-self.beta));
                shares[i] = scaled[i] * x[i] / energy;
            }
            for i in 0..c {
                let near: T = shares[self.neighbours(i, c)].iter().copied().sum();
                dx[i] = scaled[i] - factor * x[i] * near;
            }
        }
    }
}

impl Samples for LocalResponseNormalization {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 4, 7]),
        Case::new(r#"{"depth_radius": 2, "bias": 2, "alpha": 0.3, "beta": 0.75}"#, &[2, 3, 12]),
        Case::new(r#"{"depth_radius": 0, "alpha": 0.1}"#, &[2, 2, 5]),
        Case::new(r#"{"depth_radius": 1, "beta": 1}"#, &[3, 1, 1]),
    ];
}
