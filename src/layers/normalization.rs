//! `normalization`: each channel minus its mean, divided by its standard deviation. Both are fixed: they are given, or computed
//! from the training images before the first step.
//!
//! # Formula
//! `y = (x - mean) / max(sqrt(variance), 1e-7)`, `dx = dy / max(sqrt(variance), 1e-7)`
//!
//! # Shapes
//! x and y have one shape; mean and variance `(c)`.
//!
//! # Source
//! Keras, `layers.Normalization`.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::ParamSpec;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> mean: array<V>;
@group(0) @binding(3) var<storage, read> variance: array<V>;
@group(0) @binding(4) var<storage, read> dy: array<V>;
@group(0) @binding(5) var<storage, read_write> dx: array<V>;
override VALUES: u32; // Vs of the batch
override C: u32;      // Vs of a pixel

fn deviation(i: u32) -> V {
    return max(sqrt(variance[i % C]), V(1e-7));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        y[i] = (x[i] - mean[i % C]) / deviation(i);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        dx[i] = gradient(dy[i] / deviation(i), dx[i], x[i]);
    }
}
"
)];

/// A number for all channels, or one for each.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ByChannel {
    /// For all channels.
    All(f64),
    /// For each.
    Each(Vec<f64>),
}

impl<'de> Deserialize<'de> for ByChannel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrList;

        impl<'de> Visitor<'de> for NumberOrList {
            type Value = ByChannel;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number or a list of numbers, one for each channel")
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<ByChannel, E> {
                Ok(ByChannel::All(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<ByChannel, E> {
                Ok(ByChannel::All(value as f64))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<ByChannel, E> {
                Ok(ByChannel::All(value as f64))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<ByChannel, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(values)).map(ByChannel::Each)
            }
        }

        deserializer.deserialize_any(NumberOrList)
    }
}

impl ByChannel {
    fn values(&self) -> &[f64] {
        match self {
            Self::All(value) => std::slice::from_ref(value),
            Self::Each(values) => values,
        }
    }

    /// A value for each of `channels`.
    fn spread(&self, channels: usize) -> Vec<f32> {
        let values = self.values().iter().map(|&value| value as f32);
        values.cycle().take(channels).collect()
    }
}

/// Each channel minus its mean, divided by its standard deviation. Without `mean` and `variance` it must read the images
/// themselves, and the two are computed from the training images.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Normalization {
    /// The mean: a number, or a list with one for each channel. The image itself has values from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<ByChannel>,
    /// The variance: a number, or a list with one for each channel; 0 or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<ByChannel>,
}

impl LayerSpec for Normalization {
    fn kind(&self) -> &'static str {
        "normalization"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let channels = inputs[0].channels();
        if self.mean.is_some() != self.variance.is_some() {
            return Err("mean and variance must both be set, or neither".into());
        }
        for (what, given) in [("mean", &self.mean), ("variance", &self.variance)] {
            let Some(given) = given else { continue };
            if matches!(given, ByChannel::Each(list) if list.len() != channels) {
                let count = given.values().len();
                return Err(format!(
                    "{what} must have a number for each of the {channels} channels. Received: {count}"
                ));
            }
            if given.values().iter().any(|value| !value.is_finite() || (what == "variance" && *value < 0.0)) {
                return Err(format!(
                    "{what} must be finite, and a variance zero or more. Received: {:?}",
                    given.values()
                ));
            }
        }
        Ok(inputs[0].clone())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let channels = inputs[0].channels();
        let param = |name, given: &Option<ByChannel>, initializer| {
            let mut param = ParamSpec::new(name, &[channels], initializer);
            param.trainable = false;
            param.values = given.as_ref().map(|given| given.spread(channels));
            param
        };
        vec![param("mean", &self.mean, Initializer::ZEROS), param("variance", &self.variance, Initializer::ONES)]
    }
    fn needs_statistics(&self) -> bool {
        self.mean.is_none()
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let channels = shapes.output.channels();
        let lanes = Lanes::of(&[channels]);
        let values = shapes.batch * shapes.output.len() / lanes.width();
        let pass = |label, entry, bindings| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: vec![("VALUES", values as f64), ("C", (channels / lanes.width()) as f64)],
            bindings,
            grid: line(values),
            in_bounds: false,
        };
        let (x, mean, variance) = (read(0, Slot::X(0)), read(2, Slot::Param(0)), read(3, Slot::Param(1)));
        let forward = vec![pass("normalization forward", "forward", vec![x, write(1, Slot::Y), mean, variance])];
        let mut backward = Vec::new();
        if shapes.dx[0] != GradientMode::None {
            let bindings = vec![x, variance, read(4, Slot::Dy), write(5, Slot::Dx(0))];
            backward.push(pass("normalization backward", "backward", bindings).into_dx(shapes, 0));
        }
        Passes { forward, backward, ..Passes::default() }
    }
}

/// Keras's own layer keeps given values as constants, and has no weights for those of a file.
const KERAS_CLASS: &str = r#"
class Normalization(layers.Layer):
    def __init__(self, mean=0.0, variance=1.0, **kwargs):
        super().__init__(**kwargs)
        self.given = {"mean": mean, "variance": variance}

    def build(self, shape):
        for name, value in self.given.items():
            start = lambda shape, dtype=None, value=value: keras.ops.broadcast_to(keras.ops.cast(value, dtype), shape)
            setattr(self, name, self.add_weight(shape=(shape[-1],), initializer=start, trainable=False, name=name))

    def call(self, x):
        return (x - self.mean) / keras.ops.maximum(keras.ops.sqrt(self.variance), 1e-7)

"#;

/// The module in Python.
const NORMALIZATION: &str = r"
class Normalization(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer('mean', torch.zeros(channels))
        self.register_buffer('variance', torch.ones(channels))

    def forward(self, x):
        shape = (-1,) + (1,) * (x.dim() - 2)
        return (x - self.mean.reshape(shape)) / self.variance.sqrt().clamp(min=1e-7).reshape(shape)

";

impl LayerExport for Normalization {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[Argument::Optional("mean"), Argument::Optional("variance")];
        KerasLayer { definition: Some(KERAS_CLASS), ..KerasLayer::new("Normalization", ARGUMENTS) }
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        const fn buffer(name: &'static str, initializer: Initializer) -> TorchParameter {
            TorchParameter { name, tensor: name, axes: &[], initializer }
        }
        let parameters = const { &[buffer("mean", Initializer::ZEROS), buffer("variance", Initializer::ONES)] };
        let module = Call::new("Normalization").defined(&[NORMALIZATION]).with(inputs[0].channels());
        TorchLayer::module(module, parameters)
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let [mean, variance] = ["mean", "variance"].map(|name| Operand::Param(name, &[]));
        let channels = inputs[0].channels() as i64;
        let shape = || Operand::Ints(if inputs[0].0.len() == 3 { vec![1, channels, 1, 1] } else { vec![1, channels] });
        [
            Operator::of("Reshape", [mean, shape()]),
            Operator::of("Sqrt", [variance]),
            Operator::new("Max").with_number(1e-7),
            Operator::new("Reshape").with(shape()),
            Operator::of("Sub", [Operand::Input(0), Operand::Output(0)]),
            Operator::new("Div").with(Operand::Output(3)),
        ]
        .into()
    }
}

/// The standard deviations.
fn deviations<T: Real>(variance: &[T]) -> impl Iterator<Item = T> + Clone + '_ {
    variance.iter().map(|variance| variance.sqrt().max(T::of(1e-7)))
}

impl<T: Real> LayerCompute<T> for Normalization {
    fn forward(&self, cx: &mut Forward<T>) {
        let (mean, variance) = (flat(&cx.params[0]), flat(&cx.params[1]));
        let channels = mean.iter().zip(deviations(variance));
        for (x, y) in flat(&cx.x[0]).chunks_exact(mean.len()).zip(flat_mut(&mut cx.y).chunks_exact_mut(mean.len())) {
            for ((y, &x), (&mean, deviation)) in y.iter_mut().zip(x).zip(channels.clone()) {
                *y = (x - mean) / deviation;
            }
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let variance = flat(&cx.params[1]);
        let pixels = flat_mut(dx).chunks_exact_mut(variance.len()).zip(flat(&cx.dy).chunks_exact(variance.len()));
        for (dx, dy) in pixels {
            for ((dx, &dy), deviation) in dx.iter_mut().zip(dy).zip(deviations(variance)) {
                *dx = dy / deviation;
            }
        }
    }
}

impl Samples for Normalization {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"mean": 0.5, "variance": 0.0625}"#, &[3, 5, 4]),
        Case::new(r#"{"mean": [0.49, 0.48, 0.45], "variance": [0.06, 0.059, 0.068]}"#, &[4, 3, 3]),
        Case::new(r#"{"mean": -1, "variance": 2}"#, &[7]),
    ];
}
