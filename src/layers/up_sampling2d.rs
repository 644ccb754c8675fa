//! `up_sampling2d`: a larger image: each pixel repeated, or values in between interpolated.
//!
//! # Formula
//! `nearest`: `y[n, i, j, c] = x[n, i / sy, j / sx, c]`. `bilinear`: `y[n, i, j, c] = sum of x[n, k, l, c] hat(p(i, sy) - k) hat(p(j, sx) - l)`
//! with `p(i, s) = (i + 1/2) / s - 1/2`, kept within the image, and `hat(d) = max(0, 1 - |d|)`.
//!
//! # Shapes
//! x `(n, h, w, c)`, y `(n, h * sy, w * sx, c)`.
//!
//! # Source
//! Keras, `layers.UpSampling2D`.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::moving;
use crate::layers::onnx::{Attribute, OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer};
use crate::layers::sample::{Case, Samples};
use crate::tensor::real::Real;
use crate::tensor::shape::{MAX_WINDOW, Pair, Shape};
use crate::tensor::view::{flat, flat_mut};
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
override SY: u32;
override SX: u32;
override BILINEAR: bool;

// The place in the small image of pixel i of the large one, along an axis of `size` pixels.
fn place(i: u32, scale: u32, size: u32) -> f32 {
    return clamp((f32(i) + 0.5) / f32(scale) - 0.5, 0.0, f32(size - 1u));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let o = i / C;
    let c = i % C;
    let n = o / (W * SX * H * SY);
    if n >= step.rows {
        return;
    }
    let oy = o / (W * SX) % (H * SY);
    let ox = o % (W * SX);
    if !BILINEAR {
        y[i] = x[((n * H + oy / SY) * W + ox / SX) * C + c];
        return;
    }
    let py = place(oy, SY, H);
    let px = place(ox, SX, W);
    let top = (n * H + u32(py)) * W;
    let bottom = (n * H + min(u32(py) + 1u, H - 1u)) * W;
    let left = u32(px);
    let right = min(left + 1u, W - 1u);
    let fx = fract(px);
    let above = x[(top + left) * C + c] * (1.0 - fx) + x[(top + right) * C + c] * fx;
    let below = x[(bottom + left) * C + c] * (1.0 - fx) + x[(bottom + right) * C + c] * fx;
    let fy = fract(py);
    y[i] = above * (1.0 - fy) + below * fy;
}

// The share of pixel k of the small image in pixel i of the large one.
fn share(i: u32, k: u32, scale: u32, size: u32) -> f32 {
    return max(0.0, 1.0 - abs(place(i, scale, size) - f32(k)));
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let p = i / C;
    let c = i % C;
    let n = p / (W * H);
    if n >= step.rows {
        return;
    }
    let iy = p / W % H;
    let ix = p % W;
    // The pixels of the large image that this one reaches; with interpolation half a pixel more on each side.
    let around = select(0u, 1u, BILINEAR);
    let top = select(iy - around, 0u, iy < around) * SY;
    let left = select(ix - around, 0u, ix < around) * SX;
    let bottom = min(iy + 1u + around, H) * SY;
    let right = min(ix + 1u + around, W) * SX;
    var sum = V(0.0);
    for (var oy = top; oy < bottom; oy++) {
        for (var ox = left; ox < right; ox++) {
            let d = dy[((n * H * SY + oy) * W * SX + ox) * C + c];
            if BILINEAR {
                sum += d * share(oy, iy, SY, H) * share(ox, ix, SX, W);
            } else {
                sum += d;
            }
        }
    }
    dx[i] = gradient(sum, dx[i], x[i]);
}
"
)];

/// How the values of a larger image follow from the pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Each pixel is repeated.
    #[default]
    Nearest,
    /// Linear between the neighbours, along both axes.
    Bilinear,
}

/// A larger image: each pixel repeated, or values in between interpolated.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"size": 2}]))]
pub struct UpSampling2d {
    /// How many times as high and as wide; one number for both.
    #[serde(default = "Pair::twos")]
    pub size: Pair,
    /// How the new values follow from the pixels.
    #[serde(default)]
    pub interpolation: Interpolation,
}

/// A pixel of the large image along an axis: its two neighbours in the small one, and the share of the second.
type Place<T> = (usize, usize, T);

impl UpSampling2d {
    /// For each pixel along an axis of the large image its place in the small one, which has `size` pixels.
    fn places<T: Real>(&self, scale: usize, size: usize) -> Vec<Place<T>> {
        let place = |i: usize| match self.interpolation {
            Interpolation::Nearest => (i / scale, i / scale, T::zero()),
            Interpolation::Bilinear => {
                let place = ((i as f64 + 0.5) / scale as f64 - 0.5).clamp(0.0, (size - 1) as f64);
                let first = place as usize;
                (first, (first + 1).min(size - 1), T::of(place - first as f64))
            }
        };
        (0..scale * size).map(place).collect()
    }

    /// Calls `visit(small, large, share)` for every pixel of the large image and each of those in the small one that have a
    /// share in it, with the offsets of their channel 0.
    fn visit<T: Real>(&self, input: &Shape, mut visit: impl FnMut(usize, usize, T)) {
        let [h, w, c] = [input.0[0], input.0[1], input.0[2]];
        let (rows, columns) = (self.places::<T>(self.size.0, h), self.places::<T>(self.size.1, w));
        let mut large = 0;
        for &(top, bottom, fy) in &rows {
            for &(left, right, fx) in &columns {
                for (y, share_y) in [(top, T::one() - fy), (bottom, fy)] {
                    for (x, share_x) in [(left, T::one() - fx), (right, fx)] {
                        if share_y * share_x > T::zero() {
                            visit((y * w + x) * c, large, share_y * share_x);
                        }
                    }
                }
                large += c;
            }
        }
    }
}

impl LayerSpec for UpSampling2d {
    fn kind(&self) -> &'static str {
        "up_sampling2d"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let ((h, w, c), Pair(sy, sx)) = (inputs[0].hwc()?, self.size);
        if !(1..=MAX_WINDOW).contains(&sy) || !(1..=MAX_WINDOW).contains(&sx) {
            return Err(format!("size must be between 1 and {MAX_WINDOW}. Received: ({sy}, {sx})"));
        }
        Ok([h.saturating_mul(sy), w.saturating_mul(sx), c].into())
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let own = [
            ("SY", self.size.0 as f64),
            ("SX", self.size.1 as f64),
            ("BILINEAR", f64::from(self.interpolation == Interpolation::Bilinear)),
        ];
        moving::passes(["up_sampling2d forward", "up_sampling2d backward"], SHADER, shapes, &own)
    }
}

impl LayerExport for UpSampling2d {
    fn keras(&self) -> KerasLayer {
        KerasLayer::new("UpSampling2D", &[Argument::Positional("size"), Argument::Keyword("interpolation")])
    }
    fn pytorch(&self, _inputs: &[Shape]) -> TorchLayer {
        let mode = match self.interpolation {
            Interpolation::Nearest => Literal::Name("'nearest'"),
            Interpolation::Bilinear => Literal::Name("'bilinear'"),
        };
        let call = Call::new("F.interpolate").named("scale_factor", self.size).named("mode", mode);
        TorchLayer::function([Step::Function(call)])
    }
    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        let (mode, place) = match self.interpolation {
            Interpolation::Nearest => ("nearest", "asymmetric"),
            Interpolation::Bilinear => ("linear", "half_pixel"),
        };
        let scales = vec![1.0, 1.0, self.size.0 as f32, self.size.1 as f32];
        let operator = Operator::new("Resize").with(Operand::Floats(vec![0], Vec::new()));
        let operator = operator.with(Operand::Floats(vec![4], scales)).set("mode", Attribute::Text(mode));
        let operator = operator.set("coordinate_transformation_mode", Attribute::Text(place));
        [operator.set("nearest_mode", Attribute::Text("floor"))].into()
    }
}

impl<T: Real> LayerCompute<T> for UpSampling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (input, output) = (&cx.context.inputs[0], cx.context.output.len());
        let c = input.channels();
        cx.y.fill(T::zero());
        for (x, y) in flat(&cx.x[0]).chunks_exact(input.len()).zip(flat_mut(&mut cx.y).chunks_exact_mut(output)) {
            self.visit(input, |from, to, share: T| {
                let pixel = y[to..to + c].iter_mut().zip(&x[from..from + c]);
                pixel.for_each(|(y, &x)| *y += share * x);
            });
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = &mut cx.dx[0] else { return };
        let (input, output) = (&cx.context.inputs[0], cx.context.output.len());
        let c = input.channels();
        dx.fill(T::zero());
        for (dx, dy) in flat_mut(dx).chunks_exact_mut(input.len()).zip(flat(&cx.dy).chunks_exact(output)) {
            self.visit(input, |to, from, share: T| {
                let pixel = dx[to..to + c].iter_mut().zip(&dy[from..from + c]);
                pixel.for_each(|(dx, &dy)| *dx += share * dy);
            });
        }
    }
}

impl Samples for UpSampling2d {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 4, 4]),
        Case::new(r#"{"size": [1, 3]}"#, &[4, 3, 3]),
        Case::new(r#"{"interpolation": "bilinear"}"#, &[3, 4, 3]),
        Case::new(r#"{"size": [3, 2], "interpolation": "bilinear"}"#, &[2, 1, 8]),
    ];
}
