//! `zero_padding2d`: zeros around the image, as many on each side as asked.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::moving;
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::layers::sides::Sides;
use crate::tensor::real::Real;
use crate::tensor::shape::{MAX_WINDOW, Shape};
use crate::tensor::view::{images, images_mut};
use ndarray::{Ix4, SliceInfo, SliceInfoElem, s};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    let iy = o / OW % OH - TOP;
    let ix = o % OW - LEFT;
    let inside = iy < H && ix < W;
    y[i] = select(V(0.0), x[select(0u, ((n * H + iy) * W + ix) * C + i % C, inside)], inside);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let p = i / C;
    let n = p / (W * H);
    if n >= step.rows {
        return;
    }
    let o = (n * OH + p / W % H + TOP) * OW + p % W + LEFT;
    dx[i] = gradient(dy[o * C + i % C], dx[i], x[i]);
}
"
)];

/// Zeros around the image, as many on each side as asked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"padding": 1}]))]
pub struct ZeroPadding2d {
    /// Rows and columns of zeros: one number for all sides, `[rows, columns]` or `[[top, bottom], [left, right]]`; at most
    /// 4096 on a side.
    #[serde(default)]
    pub padding: Sides,
}

impl LayerSpec for ZeroPadding2d {
    fn kind(&self) -> &'static str {
        "zero_padding2d"
    }
    fn options(&self) -> Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (h, w, c) = inputs[0].hwc()?;
        let Sides { top, bottom, left, right } = self.padding;
        if [top, bottom, left, right].iter().any(|&n| n > MAX_WINDOW) {
            return Err(format!("padding must be at most {MAX_WINDOW}. Received: {:?}", self.padding.axes()));
        }
        Ok([h + top + bottom, w + left + right, c].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let (output, Sides { top, left, .. }) = (shapes.output, self.padding);
        let own = [("OH", output.0[0]), ("OW", output.0[1]), ("TOP", top), ("LEFT", left)];
        let own = own.map(|(name, value)| (name, value as f64));
        moving::passes(["zero_padding2d forward", "zero_padding2d backward"], SHADER, shapes, &own)
    }
}

impl LayerExport for ZeroPadding2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("ZeroPadding2D", &[Argument::Positional("padding")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        let Sides { top, bottom, left, right } = self.padding;
        TorchLayer::function([Step::Function(Call::new("F.pad").with([left, right, top, bottom]))])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        let Sides { top, bottom, left, right } = self.padding;
        let pads = [0, 0, top, left, 0, 0, bottom, right].map(|pad| pad as i64);
        [Operator::new("Pad").with(Operand::Ints(pads.into()))].into()
    }
}

impl ZeroPadding2d {
    /// Where images of `h` by `w` pixels lie in their padded copies.
    fn inside(&self, h: usize, w: usize) -> SliceInfo<[SliceInfoElem; 4], Ix4, Ix4> {
        let Sides { top, left, .. } = self.padding;
        s![.., top..top + h, left..left + w, ..]
    }
}

impl<T: Real> LayerCompute<T> for ZeroPadding2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (x, mut y) = (images(&cx.x[0]), images_mut(&mut cx.y));
        let (_, h, w, _) = x.dim();
        y.fill(T::zero());
        y.slice_mut(self.inside(h, w)).assign(&x);
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let (dy, mut dx) = (images(&cx.dy), images_mut(dx));
        let (_, h, w, _) = dx.dim();
        dx.assign(&dy.slice(self.inside(h, w)));
    }
}

impl Samples for ZeroPadding2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 4, 4]),
        Case::new(r#"{"padding": [1, 2]}"#, &[4, 3, 3]),
        Case::new(r#"{"padding": [[0, 2], [3, 1]]}"#, &[5, 2, 1]),
        Case::new(r#"{"padding": 0}"#, &[2, 3, 8]),
    ];
}
