//! `cropping2d`: the image without some rows and columns at its edges.
//!
//! # Formula
//! `y[n, i, j, c] = x[n, i + top, j + left, c]`
//!
//! # Shapes
//! x `(n, h, w, c)`, y `(n, h - top - bottom, w - left - right, c)`.
//!
//! # Source
//! Keras, `layers.Cropping2D`.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::moving;
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::layers::sides::Sides;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{images, images_mut};
use ndarray::s;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read_write> y: array<V>;
@group(0) @binding(2) var<storage, read> dy: array<V>;
@group(0) @binding(3) var<storage, read_write> dx: array<V>;
override H: u32;
override W: u32;
override C: u32; // Vs of a pixel
override OH: u32;
override OW: u32;
override TOP: u32;
override LEFT: u32;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let o = i / C;
    let n = o / (OW * OH);
    if n >= step.rows {
        return;
    }
    y[i] = x[((n * H + o / OW % OH + TOP) * W + o % OW + LEFT) * C + i % C];
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let p = i / C;
    let n = p / (W * H);
    if n >= step.rows {
        return;
    }
    let oy = p / W % H - TOP;
    let ox = p % W - LEFT;
    let inside = oy < OH && ox < OW;
    let d = select(V(0.0), dy[select(0u, ((n * OH + oy) * OW + ox) * C + i % C, inside)], inside);
    dx[i] = gradient(d, dx[i], x[i]);
}
"
)];

/// The image without some rows and columns at its edges.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"cropping": 1}]))]
pub struct Cropping2d {
    /// Rows and columns to take away: one number for all sides, `[rows, columns]` or `[[top, bottom], [left, right]]`.
    #[serde(default = "Sides::none")]
    pub cropping: Sides,
}

impl LayerSpec for Cropping2d {
    fn kind(&self) -> &'static str {
        "cropping2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (h, w, c) = inputs[0].hwc()?;
        let Sides { top, bottom, left, right } = self.cropping;
        let rest = |size: usize, a: usize, b: usize| size.checked_sub(a)?.checked_sub(b).filter(|&rest| rest > 0);
        match (rest(h, top, bottom), rest(w, left, right)) {
            (Some(h), Some(w)) => Ok([h, w, c].into()),
            _ => Err(format!(
                "cropping {:?} leaves nothing of the image; take away less. Received: {}",
                self.cropping.axes(),
                inputs[0]
            )),
        }
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let (output, Sides { top, left, .. }) = (shapes.output, self.cropping);
        let own = [("OH", output.0[0]), ("OW", output.0[1]), ("TOP", top), ("LEFT", left)];
        let own = own.map(|(name, value)| (name, value as f64));
        moving::passes(["cropping2d forward", "cropping2d backward"], SHADER, shapes, &own)
    }
}

impl LayerExport for Cropping2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("Cropping2D", &[Argument::Positional("cropping")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        // Padding by negative numbers takes away.
        let Sides { top, bottom, left, right } = self.cropping;
        let sides = [left, right, top, bottom].map(Literal::Negative).to_vec();
        TorchLayer::function([Step::Function(Call::new("F.pad").with(Literal::Tuple(sides)))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        // Padding by negative numbers takes away.
        let Sides { top, bottom, left, right } = self.cropping;
        let pads = [0, 0, top, left, 0, 0, bottom, right].map(|pad| -(pad as i64));
        [Operator::new("Pad").with(Operand::Ints(pads.into()))].into()
    }
}

impl<T: Real> LayerCompute<T> for Cropping2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (x, mut y) = (images(&cx.x[0]), images_mut(&mut cx.y));
        let ((_, h, w, _), Sides { top, left, .. }) = (y.dim(), self.cropping);
        y.assign(&x.slice(s![.., top..top + h, left..left + w, ..]));
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let (dy, mut dx) = (images(&cx.dy), images_mut(dx));
        let ((_, h, w, _), Sides { top, left, .. }) = (dy.dim(), self.cropping);
        dx.fill(T::zero());
        dx.slice_mut(s![.., top..top + h, left..left + w, ..]).assign(&dy);
    }
}

impl Samples for Cropping2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"cropping": 1}"#, &[3, 4, 4]),
        Case::new(r#"{"cropping": [1, 2]}"#, &[4, 7, 3]),
        Case::new(r#"{"cropping": [[0, 2], [3, 1]]}"#, &[5, 6, 1]),
        Case::new(r#"{}"#, &[2, 3, 8]),
    ];
}
