//! `concatenate`: tensors one after another along an axis, by default the channels.
//!
//! # Formula
//! With `axis` 3: `y[n, h, w, …] = x_0[n, h, w, …], x_1[n, h, w, …], …`
//!
//! # Shapes
//! All axes of the inputs but the joined one are equal; the output's is their sum.
//!
//! # Source
//! Szegedy et al., "Going Deeper with Convolutions", 2015; Huang et al., "Densely Connected Convolutional Networks", 2017.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
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
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override VALUES: u32; // Vs of the input
override RUN: u32;    // Vs of the input between two places where the others follow
override TOTAL: u32;  // the same of the output
override OFFSET: u32; // where the input's run starts in the output's

fn place(i: u32) -> u32 {
    return i / RUN * TOTAL + OFFSET + i % RUN;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        y[place(i)] = x[i];
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < VALUES {
        dx[i] = gradient(dy[place(i)], dx[i], x[i]);
    }
}
"
)];

/// Tensors one after another along an axis; set `inputs`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Concatenate {
    /// The axis: 1, 2, 3 are height, width and channels of images; negative ones count from the end.
    #[serde(default = "last")]
    pub axis: i64,
}

fn last() -> i64 {
    -1
}

impl Concatenate {
    /// The joined axis among those of one image.
    fn place(&self, rank: usize) -> Rule<usize> {
        let axis = if self.axis < 0 { self.axis + rank as i64 } else { self.axis - 1 };
        usize::try_from(axis).ok().filter(|&axis| axis < rank).ok_or_else(|| {
            format!("axis must lie between 1 and {rank}, or between -{rank} and -1. Received: {}", self.axis)
        })
    }

    /// The joined axis in PyTorch and ONNX, which have (n, channels, height, width).
    fn channels_first(&self, rank: usize) -> usize {
        match (rank, self.place(rank).unwrap_or(0)) {
            (3, 2) => 1,
            (3, axis) => axis + 2,
            (_, axis) => axis + 1,
        }
    }

    /// For each input the length of its runs.
    fn runs(&self, inputs: &[Shape]) -> Vec<usize> {
        let axis = self.place(inputs[0].0.len()).expect("the graph checked the axis");
        inputs.iter().map(|shape| shape.0[axis..].iter().product()).collect()
    }
}

impl LayerSpec for Concatenate {
    fn kind(&self) -> &'static str {
        "concatenate"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn merges(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let mut output = inputs[0].clone();
        let axis = self.place(output.0.len())?;
        for other in &inputs[1..] {
            let fits = |(k, size): (usize, &usize)| k == axis || output.0.get(k) == Some(size);
            if other.0.len() != output.0.len() || !other.0.iter().enumerate().all(fits) {
                let first = &inputs[0];
                return Err(format!(
                    "needs inputs of one shape but for axis {}. Received: {first} and {other}",
                    self.axis
                ));
            }
        }
        output.0[axis] = inputs.iter().map(|shape| shape.0[axis]).fold(0, usize::saturating_add);
        Ok(output)
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let runs = self.runs(shapes.inputs);
        let (lanes, total) = (Lanes::of(&runs), runs.iter().sum::<usize>());
        let pass = |label, entry, k: usize, bindings| {
            let values = shapes.batch * shapes.inputs[k].len() / lanes.width();
            let vectors = |values: usize| (values / lanes.width()) as f64;
            Pass {
                label,
                shader: SHADER,
                lanes,
                entry,
                constants: vec![
                    ("VALUES", values as f64),
                    ("RUN", vectors(runs[k])),
                    ("TOTAL", vectors(total)),
                    ("OFFSET", vectors(runs[..k].iter().sum())),
                ],
                bindings,
                grid: line(values),
                in_bounds: false,
            }
        };
        let copy = |k: usize| pass("concatenate forward", "forward", k, vec![read(0, Slot::X(k)), write(1, Slot::Y)]);
        let wanted = (0..runs.len()).filter(|&k| shapes.dx[k] != GradientMode::None);
        let backward = wanted.map(|k| {
            let bindings = vec![read(0, Slot::X(k)), read(2, Slot::Dy), write(3, Slot::Dx(k))];
            pass("concatenate backward", "backward", k, bindings).into_dx(shapes, k)
        });
        Passes { forward: (0..runs.len()).map(copy).collect(), backward: backward.collect(), ..Passes::default() }
    }
}

impl LayerExport for Concatenate {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Concatenate", &[Argument::Keyword("axis")])
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        TorchLayer::function([Step::Concatenate(self.channels_first(inputs[0].0.len()))])
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let operator = Operator::of("Concat", (0..inputs.len()).map(Operand::Input).collect::<Vec<_>>());
        [operator.set("axis", self.channels_first(inputs[0].0.len()))].into()
    }
}

impl<T: Real> LayerCompute<T> for Concatenate {
    fn forward(&self, cx: &mut Forward<T>) {
        let runs = self.runs(cx.context.inputs);
        let total = runs.iter().sum();
        let mut start = 0;
        for (x, run) in cx.x.iter().zip(runs) {
            let pieces = flat_mut(&mut cx.y).chunks_exact_mut(total).zip(flat(x).chunks_exact(run));
            pieces.for_each(|(y, x)| y[start..start + run].copy_from_slice(x));
            start += run;
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        let runs = self.runs(cx.context.inputs);
        let total = runs.iter().sum();
        let mut start = 0;
        for (dx, run) in cx.dx.iter_mut().zip(runs) {
            if let Some(dx) = dx {
                let pieces = flat_mut(dx).chunks_exact_mut(run).zip(flat(&cx.dy).chunks_exact(total));
                pieces.for_each(|(dx, dy)| dx.copy_from_slice(&dy[start..start + run]));
            }
            start += run;
        }
    }
}

impl Samples for Concatenate {
    const SAMPLES: &'static [Case] = &[
        Case::merging(2, "{}", &[3, 5, 4]),
        Case::merging(3, "{}", &[4, 3, 3]),
        Case::merging(2, r#"{"axis": 1}"#, &[3, 4, 1]),
        Case::merging(2, r#"{"axis": -2}"#, &[3, 2, 5]),
        Case::merging(4, r#"{"axis": -1}"#, &[7]),
    ];
}
