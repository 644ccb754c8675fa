//! `dropout`: in training each value is dropped with probability `rate`, and the rest is scaled up to keep the mean;
//! in inference nothing happens. The mask is a function of (seed, step, layer, position), so it is the same on both
//! engines and in the backward pass.
//!
//! # Formula
//! `y = x / (1 - rate)` where `u >= rate`, else `0`; `u` uniform in `[0, 1)`.
//!
//! # Source
//! Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014.

use crate::base::document;
use crate::base::number::PlainNumber;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerContext, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::random::uniforms;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{values, values_mut};
use ndarray::{ArrayView1, ArrayViewD, ArrayViewMutD, Axis, Zip};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Random numbers drawn at a time.
const BLOCK: usize = 512;

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override VECTORS: u32;
override LEN: u32;    // values of an image
override STREAM: u32;
override RATE: f32;
override SCALE: f32;

fn keep(at: u32) -> bool {
    return random(step.seed, step.step, STREAM, at) >= RATE;
}

// v where it is kept, scaled; vector i starts at value 4 i of this piece.
fn mask(i: u32, v: V) -> V {
    if step.training == 0u || RATE == 0.0 {
        return v;
    }
    let at = step.first_row * LEN + 4u * i;
    return select(V(0.0), v * SCALE, B(keep(at), keep(at + 1u), keep(at + 2u), keep(at + 3u)));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        y[i] = mask(i, x[i]);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VECTORS {
        dx[i] = gradient(mask(i, dy[i]), dx[i], x[i]);
    }
}
"
)];

/// In training each value is dropped with probability `rate`, and the rest is scaled up to keep the mean.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"rate": 0.25}]))]
pub struct Dropout {
    /// Share of the values that are dropped, 0 or more and below 1.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub rate: f32,
}

impl Dropout {
    /// `to = mask * from / (1 - rate)`.
    fn mask<T: Real>(&self, context: &LayerContext, from: &ArrayViewD<T>, to: &mut ArrayViewMutD<T>) {
        if !context.training || self.rate == 0.0 {
            return to.assign(from);
        }
        let scale = T::of(f64::from((1.0 - self.rate).recip()));
        let first = context.first_row * context.output.len();
        let (rate, mut draws) = (self.rate, [0.0; BLOCK]);
        let (from, mut to) = (values(from), values_mut(to));
        let blocks = to.axis_chunks_iter_mut(Axis(0), BLOCK).zip(from.axis_chunks_iter(Axis(0), BLOCK));
        for (start, (to, from)) in (first..).step_by(BLOCK).zip(blocks) {
            let draws = &mut draws[..from.len()];
            uniforms(context.seed, context.step, context.stream, start as u32, draws);
            Zip::from(to).and(from).and(ArrayView1::from(&*draws)).for_each(|to, &from, &u| {
                // Multiplied either way: a branch would be guessed wrong every other time.
                let scaled = from * scale;
                *to = if u >= rate { scaled } else { T::zero() };
            });
        }
    }
}

impl LayerSpec for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !(0.0..1.0).contains(&self.rate) {
            return Err(format!("rate must be 0 or more and below 1. Received: {}", PlainNumber(self.rate.into())));
        }
        Ok(inputs[0].clone())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let vectors = (shapes.batch * shapes.output.len()).div_ceil(4);
        let pass = |label, entry, bindings| Pass {
            label,
            shader: SHADER,
            lanes: Lanes::Four,
            entry,
            constants: vec![
                ("VECTORS", vectors as f64),
                ("LEN", shapes.output.len() as f64),
                ("STREAM", f64::from(shapes.stream)),
                ("RATE", f64::from(self.rate)),
                ("SCALE", f64::from((1.0 - self.rate).recip())),
            ],
            bindings,
            grid: line(vectors),
            in_bounds: false,
        };
        let forward = pass("dropout forward", "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)]);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("dropout backward", "backward", bindings).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

impl LayerExport for Dropout {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Dropout", &[Argument::Positional("rate")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::module(Call::new("nn.Dropout").with(f64::from(self.rate)), &[])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        // Without its third input, training mode, the operator returns its input.
        [Operator::new("Dropout").with_number(f64::from(self.rate))].into()
    }
}

impl<T: Real> LayerCompute<T> for Dropout {
    fn forward(&self, cx: &mut Forward<T>) {
        self.mask(&cx.context, &cx.x[0], &mut cx.y);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            self.mask(&cx.context, &cx.dy, dx);
        }
    }
}

impl Samples for Dropout {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"rate": 0.3}"#, &[5, 3, 3]),
        Case::new(r#"{"rate": 0.5}"#, &[12]),
        Case::new(r#"{"rate": 0}"#, &[3, 2, 4]),
        Case::new(r#"{"rate": 0.9}"#, &[9, 1, 7]),
    ];
}
