//! `permute`: the axes of an image in another order.
//!
//! # Formula
//! With `dims` (2, 1, 3): `y[n, i, j, c] = x[n, j, i, c]`
//!
//! # Shapes
//! Axis k of y is axis `dims[k]` of x; axes are counted from 1.
//!
//! # Source
//! Keras, `layers.Permute`.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;
override VALUES: u32;
override D0: u32; // sizes of y's axes
override D1: u32;
override D2: u32;
override S0: u32; // distances in x of neighbours along them
override S1: u32;
override S2: u32;

fn place(i: u32) -> u32 {
    let image = D0 * D1 * D2;
    return i / image * image + i / (D1 * D2) % D0 * S0 + i / D2 % D1 * S1 + i % D2 * S2;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        y[i] = x[place(i)];
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        let at = place(i);
        dx[at] = gradient(dy[i], dx[at], x[at]);
    }
}
"
)];

/// The axes of an image in another order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"dims": [2, 1, 3]}]))]
pub struct Permute {
    /// Which axis of the input each axis of the output is, counted from 1.
    #[schemars(length(min = 1, max = 3), inner(range(min = 1, max = 3)))]
    pub dims: Vec<usize>,
}

impl Permute {
    /// The sizes of the output's axes, and the distances in the input of neighbours along them, with leading axes of size 1.
    fn geometry(&self, input: &Shape) -> ([usize; 3], [usize; 3]) {
        let (mut sizes, mut strides) = ([1; 3], [0; 3]);
        let before = 3 - self.dims.len();
        for (axis, &from) in self.dims.iter().enumerate() {
            sizes[before + axis] = input.0[from - 1];
            strides[before + axis] = input.0[from..].iter().product();
        }
        (sizes, strides)
    }

    /// Calls `visit(input, output)` with the indices of every value of an image.
    fn visit(&self, input: &Shape, mut visit: impl FnMut(usize, usize)) {
        let ([d0, d1, d2], [s0, s1, s2]) = self.geometry(input);
        for i in 0..d0 * d1 * d2 {
            visit(i / (d1 * d2) * s0 + i / d2 % d1 * s1 + i % d2 * s2, i);
        }
    }
}

impl LayerSpec for Permute {
    fn kind(&self) -> &'static str {
        "permute"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let rank = inputs[0].0.len();
        if self.dims.len() != rank || rank > 3 || !(1..=rank).all(|axis| self.dims.contains(&axis)) {
            return Err(format!(
                "dims must hold each axis from 1 to {rank} once. Received: {:?} for {}",
                self.dims, inputs[0]
            ));
        }
        Ok(Shape(self.dims.iter().map(|&axis| inputs[0].0[axis - 1]).collect()))
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let ([d0, d1, d2], [s0, s1, s2]) = self.geometry(&shapes.inputs[0]);
        let values = shapes.batch * shapes.output.len();
        let n = |value: usize| value as f64;
        let pass = |label, entry, bindings| Pass {
            label,
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: vec![
                ("VALUES", n(values)),
                ("D0", n(d0)),
                ("D1", n(d1)),
                ("D2", n(d2)),
                ("S0", n(s0)),
                ("S1", n(s1)),
                ("S2", n(s2)),
            ],
            bindings,
            grid: line(values),
            in_bounds: false,
        };
        let forward = vec![pass("permute forward", "forward", vec![read(0, Slot::X(0)), write(1, Slot::Y)])];
        let backward = || {
            let bindings = vec![read(0, Slot::X(0)), read(2, Slot::Dy), write(3, Slot::Dx(0))];
            pass("permute backward", "backward", bindings).into_dx(shapes, 0)
        };
        let backward = if shapes.dx[0] == GradientMode::None { Vec::new() } else { vec![backward()] };
        Passes { forward, backward, ..Passes::default() }
    }
}

impl LayerExport for Permute {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Permute", &[Argument::Positional("dims")])
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let output = self.output_shape(inputs).unwrap_or_else(|_| inputs[0].clone());
        let permute = Step::permute([0].into_iter().chain(self.dims.iter().copied()));
        TorchLayer::function(Step::channels_last(&inputs[0], permute, &output))
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let output = self.output_shape(inputs).unwrap_or_else(|_| inputs[0].clone());
        let axes = std::iter::once(0).chain(self.dims.iter().map(|&axis| axis as i64)).collect::<Vec<i64>>();
        OnnxLayer::channels_last(&inputs[0], [Operator::new("Transpose").set("perm", axes)], &output)
    }
}

impl<T: Real> LayerCompute<T> for Permute {
    fn forward(&self, cx: &mut Forward<T>) {
        let input = &cx.context.inputs[0];
        for (x, y) in flat(&cx.x[0]).chunks_exact(input.len()).zip(flat_mut(&mut cx.y).chunks_exact_mut(input.len())) {
            self.visit(input, |from, to| y[to] = x[from]);
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let input = &cx.context.inputs[0];
        for (dx, dy) in flat_mut(dx).chunks_exact_mut(input.len()).zip(flat(&cx.dy).chunks_exact(input.len())) {
            self.visit(input, |from, to| dx[from] = dy[to]);
        }
    }
}

impl Samples for Permute {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"dims": [2, 1, 3]}"#, &[3, 5, 4]),
        Case::new(r#"{"dims": [3, 1, 2]}"#, &[4, 3, 2]),
        Case::new(r#"{"dims": [3, 2, 1]}"#, &[2, 3, 5]),
        Case::new(r#"{"dims": [1]}"#, &[6]),
    ];
}
