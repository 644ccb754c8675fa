//! `spatial_dropout2d`: in training each channel of an image is dropped as a whole with probability `rate`, and the rest is scaled up
//! to keep the mean; in inference nothing happens. Neighbouring pixels of a channel are alike, so dropping single ones would
//! regularise little.
//!
//! # Formula
//! `y[n, h, w, c] = x[n, h, w, c] / (1 - rate)` where `u[n, c] >= rate`, else `0`; `u` uniform in `[0, 1)`.
//!
//! # Shapes
//! x and y `(n, h, w, c)`.
//!
//! # Source
//! Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

use crate::base::document;
use crate::base::number::PlainNumber;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerContext, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::{Call, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::random::uniform;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use ndarray::{ArrayViewD, ArrayViewMutD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
override VALUES: u32;
override LEN: u32; // values of an image
override C: u32;
override STREAM: u32;
override RATE: f32;
override SCALE: f32;

fn mask(i: u32, v: f32) -> f32 {
    if step.training == 0u || RATE == 0.0 {
        return v;
    }
    let at = (step.first_row + i / LEN) * C + i % C;
    return select(0.0, v * SCALE, random(step.seed, step.step, STREAM, at) >= RATE);
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        y[i] = mask(i, x[i]);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        dx[i] = gradient(mask(i, dy[i]), dx[i], x[i]);
    }
}
"
)];

/// In training each channel of an image is dropped as a whole with probability `rate`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"rate": 0.25}]))]
pub struct SpatialDropout2d {
    /// Share of the channels that are dropped, 0 or more and below 1.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub rate: f32,
}

impl SpatialDropout2d {
    fn scale(&self) -> f32 {
        (1.0 - self.rate).recip()
    }

    /// `to = mask * from / (1 - rate)`.
    fn mask<T: Real>(&self, context: &LayerContext, from: &ArrayViewD<T>, to: &mut ArrayViewMutD<T>) {
        if !context.training || self.rate == 0.0 {
            return to.assign(from);
        }
        let (len, c, scale) = (context.output.len(), context.output.channels(), T::of(f64::from(self.scale())));
        let images = flat(from).chunks_exact(len).zip(flat_mut(to).chunks_exact_mut(len));
        for (row, (from, to)) in (context.first_row..).zip(images) {
            for ch in 0..c {
                let u = uniform(context.seed, context.step, context.stream, (row * c + ch) as u32);
                let factor = if u >= self.rate { scale } else { T::zero() };
                let values = to.iter_mut().skip(ch).step_by(c).zip(from.iter().skip(ch).step_by(c));
                values.for_each(|(to, &from)| *to = from * factor);
            }
        }
    }
}

impl LayerSpec for SpatialDropout2d {
    fn kind(&self) -> &'static str {
        "spatial_dropout2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        inputs[0].hwc()?;
        if !(0.0..1.0).contains(&self.rate) {
            return Err(format!("rate must be 0 or more and below 1. Received: {}", PlainNumber(self.rate.into())));
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
                ("VALUES", values as f64),
                ("LEN", shapes.output.len() as f64),
                ("C", shapes.output.channels() as f64),
                ("STREAM", f64::from(shapes.stream)),
                ("RATE", f64::from(self.rate)),
                ("SCALE", f64::from(self.scale())),
            ],
            bindings,
            grid: line(values),
            in_bounds: false,
        };
        let forward = pass("spatial_dropout2d forward", "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)]);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("spatial_dropout2d backward", "backward", bindings).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

impl LayerExport for SpatialDropout2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("SpatialDropout2D", &[Argument::Positional("rate")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::module(Call::new("nn.Dropout2d").with(f64::from(self.rate)), &[])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        // In inference it does nothing.
        OnnxLayer::default()
    }
}

impl<T: Real> LayerCompute<T> for SpatialDropout2d {
    fn forward(&self, cx: &mut Forward<T>) {
        self.mask(&cx.context, &cx.x[0], &mut cx.y);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            self.mask(&cx.context, &cx.dy, dx);
        }
    }
}

impl Samples for SpatialDropout2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"rate": 0.3}"#, &[5, 3, 3]),
        Case::new(r#"{"rate": 0.5}"#, &[2, 4, 12]),
        Case::new(r#"{"rate": 0}"#, &[3, 2, 4]),
    ];
}
