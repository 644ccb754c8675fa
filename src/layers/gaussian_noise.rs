//! `gaussian_noise`: in training normal noise is added to each value; in inference nothing happens. The noise is a function of
//! (seed, step, layer, position), so it is the same on both engines.
//!
//! # Formula
//! `y = x + stddev * z`, z standard normal; `dx = dy`
//!
//! # Shapes
//! x and y have one shape.
//!
//! # Source
//! Sietsma and Dow, "Creating artificial neural networks that generalize", 1991; the numbers by Box and Muller, 1958.

use crate::base::document;
use crate::base::number::PlainNumber;
use crate::kernels::gpu::elementwise;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, View, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::random::normal;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
override VALUES: u32;
override LEN: u32; // values of an image
override STREAM: u32;
override STDDEV: f32;

fn normal(at: u32) -> f32 {
    let words = pcg4d(vec4<u32>(step.seed, step.step, STREAM, at));
    let u = max((f32(words.x) + 1.0) * 2.3283064365386963e-10, 1.1754944e-38);
    // The turn as a fraction from -1/2 to 1/2: the cosine is exact enough for small arguments only.
    let turn = f32(bitcast<i32>(words.y)) * 2.3283064365386963e-10;
    return sqrt(max(-2.0 * log(u), 0.0)) * cos(6.283185307179586 * turn);
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        var noise = 0.0;
        if step.training != 0u && STDDEV > 0.0 {
            noise = STDDEV * normal(step.first_row * LEN + i);
        }
        y[i] = x[i] + noise;
    }
}
"
)];

/// In training normal noise is added to each value.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"stddev": 0.1}]))]
pub struct GaussianNoise {
    /// Standard deviation of the noise, 0 or more. The image itself has values from 0 to 1.
    #[schemars(range(min = 0.0))]
    pub stddev: f32,
}

impl LayerSpec for GaussianNoise {
    fn kind(&self) -> &'static str {
        "gaussian_noise"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !(self.stddev >= 0.0 && self.stddev.is_finite()) {
            return Err(format!("stddev must be zero or more. Received: {}", PlainNumber(self.stddev.into())));
        }
        Ok(inputs[0].clone())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let values = shapes.batch * shapes.output.len();
        let forward = Pass {
            label: "gaussian_noise forward",
            shader: SHADER,
            lanes: Lanes::One,
            entry: "forward",
            constants: vec![
                ("VALUES", values as f64),
                ("LEN", shapes.output.len() as f64),
                ("STREAM", f64::from(shapes.stream)),
                ("STDDEV", f64::from(self.stddev)),
            ],
            bindings: vec![read(0, Slot::X(0)), write(1, Slot::Y)],
            grid: line(values),
            in_bounds: false,
        };
        Passes { forward: vec![forward], ..elementwise::copies("gaussian_noise backward", shapes, View::Gradient) }
    }
}

impl LayerExport for GaussianNoise {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("GaussianNoise", &[Argument::Positional("stddev")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        let call = Call::new("gaussian_noise").with(f64::from(self.stddev)).with(Literal::Name("self.training"));
        TorchLayer::function([Step::Function(call.defined(&[NOISE]))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        // In inference it does nothing.
        OnnxLayer::default()
    }
}

/// The function in Python.
const NOISE: &str = r"
def gaussian_noise(x, stddev, training):
    return x + stddev * torch.randn_like(x) if training else x

";

impl<T: Real> LayerCompute<T> for GaussianNoise {
    fn forward(&self, cx: &mut Forward<T>) {
        let context = &cx.context;
        if !context.training || self.stddev == 0.0 {
            return cx.y.assign(&cx.x[0]);
        }
        let (first, stddev) = (context.first_row * context.output.len(), f64::from(self.stddev));
        for ((i, y), &x) in (first..).zip(flat_mut(&mut cx.y)).zip(flat(&cx.x[0])) {
            *y = x + T::of(stddev * normal(context.seed, context.step, context.stream, i as u32));
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            dx.assign(&cx.dy);
        }
    }
}

impl Samples for GaussianNoise {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"stddev": 0.3}"#, &[5, 3, 3]),
        Case::new(r#"{"stddev": 0.05}"#, &[12]),
        Case::new(r#"{"stddev": 0}"#, &[3, 2, 4]),
    ];
}
