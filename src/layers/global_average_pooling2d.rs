//! `global_average_pooling2d`: the mean of each channel over the whole image.
//!
//! # Formula
//! `y[n, c] = 1 / (h * w) * sum over i, j of x[n, i, j, c]`
//!
//! # Source
//! Lin, Chen and Yan, "Network In Network", 2013.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::KerasLayer;
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

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override C: u32; // Vs of a pixel
override PIXELS: u32;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * C {
        return;
    }
    let first = i / C * PIXELS * C + i % C;
    var sum = V(0.0);
    for (var p = 0u; p < PIXELS; p++) {
        sum += x[first + p * C];
    }
    y[i] = sum / f32(PIXELS);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * PIXELS * C {
        return;
    }
    let v = dy[i / (PIXELS * C) * C + i % C] / f32(PIXELS);
    dx[i] = gradient(v, dx[i], x[i]);
}
"
)];

/// The mean of each channel over the whole image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlobalAveragePooling2d {}

impl LayerSpec for GlobalAveragePooling2d {
    fn kind(&self) -> &'static str {
        "global_average_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (_, _, c) = inputs[0].hwc()?;
        Ok([c].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let (c, values) = (shapes.output.len(), shapes.inputs[0].len());
        let lanes = Lanes::of(&[c]);
        let pass = |label, entry, bindings, values: usize| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: vec![("C", (c / lanes.width()) as f64), ("PIXELS", (shapes.inputs[0].len() / c) as f64)],
            bindings,
            grid: line(shapes.batch * values / lanes.width()),
            in_bounds: false,
        };
        let label = "global_average_pooling2d forward";
        let forward = pass(label, "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)], c);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("global_average_pooling2d backward", "backward", bindings, values).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

impl LayerExport for GlobalAveragePooling2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("GlobalAveragePooling2D", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Method(Call::new("mean").with([2, 3]))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        [Operator::new("GlobalAveragePool"), Operator::new("Flatten")].into()
    }
}

impl<T: Real> LayerCompute<T> for GlobalAveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let ([values, c], share) = sizes(cx.context.inputs);
        for (x, y) in flat(&cx.x[0]).chunks_exact(values).zip(flat_mut(&mut cx.y).chunks_exact_mut(c)) {
            y.fill(T::zero());
            x.chunks_exact(c).for_each(|pixel| y.iter_mut().zip(pixel).for_each(|(y, &x)| *y += x));
            y.iter_mut().for_each(|y| *y *= share);
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let ([values, c], share) = sizes(cx.context.inputs);
        for (dx, dy) in flat_mut(dx).chunks_exact_mut(values).zip(flat(&cx.dy).chunks_exact(c)) {
            for pixel in dx.chunks_exact_mut(c) {
                pixel.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx = dy * share);
            }
        }
    }
}

/// The number of values and of channels of an image, and what a pixel adds to the mean: 1 / the number of pixels.
fn sizes<T: Real>(inputs: &[Shape]) -> ([usize; 2], T) {
    let (values, c) = (inputs[0].len(), inputs[0].channels());
    ([values, c], T::of(1.0 / (values / c) as f64))
}

impl Samples for GlobalAveragePooling2d {
    const SAMPLES: &'static [Case] =
        &[Case::new(r#"{}"#, &[5, 3, 4]), Case::new(r#"{}"#, &[1, 7, 3]), Case::new(r#"{}"#, &[4, 4, 1])];
}
