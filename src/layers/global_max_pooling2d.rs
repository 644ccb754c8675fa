//! `global_max_pooling2d`: the largest value of each channel over the whole image.
//!
//! # Formula
//! `y[n, c] = max over i, j of x[n, i, j, c]`; equal maxima share the gradient, as in Keras on TensorFlow, whose layer is
//! `reduce_max`: with `m` of them, `dx = dy / m` at each.
//!
//! # Shapes
//! x `(n, h, w, c)`, y `(n, c)`, or `(n, 1, 1, c)` with `keepdims`.
//!
//! # Source
//! Oquab, Bottou, Laptev and Sivic, "Is Object Localization for Free?", CVPR 2015.

use crate::base::document;
use crate::kernels::cpu::workspace::reserve;
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

fn is_nan(v: V) -> B {
    return (bitcast<U>(v) & U(0x7fffffffu)) > U(0x7f800000u);
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * C {
        return;
    }
    let first = i / C * PIXELS * C + i % C;
    var best = x[first];
    for (var p = 1u; p < PIXELS; p++) {
        let v = x[first + p * C];
        // A NaN must win, so that it is seen and not trained on.
        best = select(best, v, (v > best) | is_nan(v));
    }
    y[i] = best;
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * C {
        return;
    }
    let first = i / C * PIXELS * C + i % C;
    let best = y[i];
    var count = V(0.0);
    for (var p = 0u; p < PIXELS; p++) {
        count += select(V(0.0), V(1.0), x[first + p * C] == best);
    }
    let share = dy[i] / count;
    for (var p = 0u; p < PIXELS; p++) {
        let at = first + p * C;
        dx[at] = gradient(select(V(0.0), share, x[at] == best), dx[at], x[at]);
    }
}
"
)];

/// The largest value of each channel over the whole image.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GlobalMaxPooling2d {}

impl LayerSpec for GlobalMaxPooling2d {
    fn kind(&self) -> &'static str {
        "global_max_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (_, _, c) = inputs[0].hwc()?;
        Ok([c].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let c = shapes.output.len();
        let lanes = Lanes::of(&[c]);
        // One invocation a channel (or four) of an image.
        let pass = |label, entry, bindings| Pass {
            label,
            shader: SHADER,
            lanes,
            entry,
            constants: vec![("C", (c / lanes.width()) as f64), ("PIXELS", (shapes.inputs[0].len() / c) as f64)],
            bindings,
            grid: line(shapes.batch * c / lanes.width()),
            in_bounds: false,
        };
        let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y)];
        let forward = pass("global_max_pooling2d forward", "forward", bindings);
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), write(1, Slot::Y), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("global_max_pooling2d backward", "backward", bindings).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward: vec![forward], backward, ..Passes::default() }
    }
}

impl LayerExport for GlobalMaxPooling2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("GlobalMaxPooling2D", &[])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        // `amax` shares the gradient among equal maxima, too; `max` does not.
        TorchLayer::function([Step::Method(Call::new("amax").with([2, 3]))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        [Operator::new("GlobalMaxPool"), Operator::new("Flatten")].into()
    }
}

impl<T: Real> LayerCompute<T> for GlobalMaxPooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (values, c) = (cx.context.inputs[0].len(), cx.context.inputs[0].channels());
        for (x, y) in flat(&cx.x[0]).chunks_exact(values).zip(flat_mut(&mut cx.y).chunks_exact_mut(c)) {
            y.fill(T::neg_infinity());
            for pixel in x.chunks_exact(c) {
                // A NaN must win, so that it is seen and not trained on.
                y.iter_mut().zip(pixel).for_each(|(y, &x)| *y = if x > *y || x.is_nan() { x } else { *y });
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let (values, c) = (cx.context.inputs[0].len(), cx.context.inputs[0].channels());
        let shares = reserve(cx.workspace, c);
        let images = flat(&cx.x[0]).chunks_exact(values).zip(flat_mut(dx).chunks_exact_mut(values));
        let outputs = flat(&cx.y).chunks_exact(c).zip(flat(&cx.dy).chunks_exact(c));
        for ((x, dx), (y, dy)) in images.zip(outputs) {
            shares.fill(T::zero());
            for pixel in x.chunks_exact(c) {
                for ((count, x), y) in shares.iter_mut().zip(pixel).zip(y) {
                    *count += if x == y { T::one() } else { T::zero() };
                }
            }
            shares.iter_mut().zip(dy).for_each(|(share, &dy)| *share = dy / *share);
            for (dx, x) in dx.chunks_exact_mut(c).zip(x.chunks_exact(c)) {
                for ((dx, x), (y, &share)) in dx.iter_mut().zip(x).zip(y.iter().zip(&*shares)) {
                    *dx = if x == y { share } else { T::zero() };
                }
            }
        }
    }
}

impl Samples for GlobalMaxPooling2d {
    const SAMPLES: &'static [Case] = &[
        Case::new("{}", &[5, 3, 4]),
        Case::new("{}", &[1, 7, 3]),
        Case::new("{}", &[4, 4, 1]),
        Case::new("{}", &[6, 5, 12]),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::layer::LayerContext;
    use crate::tensor::view::{tensors, tensors_mut};

    /// TensorFlow 2.21 gives these values for `reduce_max` and its gradient.
    #[test]
    fn equal_maxima_share_the_gradient() {
        let (inputs, output) = ([Shape::from([2, 2, 1])], Shape::from([1]));
        let (x, y, dy, mut dx) = ([2.0, 1.0, 2.0, -3.0], [2.0], [3.0], [9.0; 4]);
        let (seed, step, stream) = (0, 0, 0);
        let context = LayerContext {
            inputs: &inputs,
            output: &output,
            first_row: 0,
            batch_rows: 1,
            training: true,
            seed,
            step,
            stream,
        };
        GlobalMaxPooling2d {}.backward(&mut Backward {
            context,
            x: [tensors(&x[..], 1, &inputs[0])].into_iter().collect(),
            y: tensors(&y, 1, &output),
            dy: tensors(&dy, 1, &output),
            params: [].into_iter().collect(),
            dx: [Some(tensors_mut(&mut dx, 1, &inputs[0]))].into_iter().collect(),
            grads: [].into_iter().collect(),
            forward_sums: &[],
            sums: &[],
            workspace: &mut Vec::new(),
        });
        assert_eq!(dx, [1.5, 0.0, 1.5, 0.0]);
    }
}
