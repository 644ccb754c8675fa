//! `prelu`: a ReLU whose slope below 0 is learnt, one for each value of an image or shared along some axes.
//!
//! # Formula
//! `y = x` above 0, `y = alpha * x` below; `dalpha = sum of dy * min(x, 0)`
//!
//! # Shapes
//! x and y have one shape; alpha has it, too, with 1 in place of each shared axis.
//!
//! # Source
//! He et al., "Delving Deep into Rectifiers", 2015.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::kernels::gpu::reduce;
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operand, Operator};
use crate::layers::pytorch::{Call, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SHADER: &[&str] = &[crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> alpha: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;
@group(0) @binding(5) var<storage, read_write> dalpha: array<f32>; // one for each part of the sum
override H: u32;
override W: u32;
override C: u32;
override SH: u32; // distances of neighbours along each axis in alpha; 0 along shared ones
override SW: u32;
override SC: u32;
override ALPHAS: u32;
override SPLITS: u32;

fn place(i: u32) -> u32 {
    return i / (W * C) % H * SH + i / C % W * SW + i % C * SC;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < step.rows * H * W * C {
        y[i] = select(alpha[place(i)] * x[i], x[i], x[i] > 0.0);
    }
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < step.rows * H * W * C {
        let slope = select(select(0.0, alpha[place(i)], x[i] < 0.0), 1.0, x[i] > 0.0);
        dx[i] = gradient(slope * dy[i], dx[i], x[i]);
    }
}

// One invocation an alpha and part of the images.
@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let a = i % ALPHAS;
    let split = i / ALPHAS;
    if split >= SPLITS {
        return;
    }
    let share = (step.rows + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, step.rows);
    // The axes along which alpha has one value each, and the index of a along them.
    let h = select(H, 1u, SH > 0u || H == 1u);
    let w = select(W, 1u, SW > 0u || W == 1u);
    let c = select(C, 1u, SC > 0u || C == 1u);
    var first = 0u;
    if SH > 0u {
        first += a / max(SH, 1u) % H * W * C;
    }
    if SW > 0u {
        first += a / max(SW, 1u) % W * C;
    }
    if SC > 0u {
        first += a % C;
    }
    var sum = 0.0;
    for (var n = split * share; n < end; n++) {
        for (var iy = 0u; iy < h; iy++) {
            for (var ix = 0u; ix < w; ix++) {
                for (var ch = 0u; ch < c; ch++) {
                    let at = n * H * W * C + first + (iy * W + ix) * C + ch;
                    sum += dy[at] * min(x[at], 0.0);
                }
            }
        }
    }
    dalpha[i] = sum;
}
"
)];

/// A ReLU whose slope below 0 is learnt.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"shared_axes": [1, 2]}]))]
pub struct Prelu {
    /// How the slopes start.
    #[serde(default = "Initializer::zeros")]
    pub alpha_initializer: Initializer,
    /// Penalty on the size of the slopes, added to the loss.
    pub alpha_regularizer: Option<Regularizer>,
    /// Bound on the norm of the slopes, kept after every step.
    pub alpha_constraint: Option<MaxNorm>,
    /// The axes along which all values share a slope; 1, 2, 3 are height, width and channels of images.
    pub shared_axes: Option<Vec<usize>>,
}

impl Prelu {
    fn shared(&self) -> &[usize] {
        self.shared_axes.as_deref().unwrap_or_default()
    }

    /// Alpha's shape.
    fn alphas(&self, input: &Shape) -> Vec<usize> {
        let axes = input.0.iter().enumerate();
        axes.map(|(axis, &size)| if self.shared().contains(&(axis + 1)) { 1 } else { size }).collect()
    }

    /// The sizes of height, width and channels, and the distances of neighbours in alpha along them.
    fn geometry(&self, input: &Shape) -> ([usize; 3], [usize; 3]) {
        let (mut sizes, mut strides, mut stride) = ([1; 3], [0; 3], 1);
        let alphas = self.alphas(input);
        let before = 3 - input.0.len();
        for axis in (0..input.0.len()).rev() {
            sizes[before + axis] = input.0[axis];
            if alphas[axis] > 1 {
                strides[before + axis] = stride;
                stride *= alphas[axis];
            }
        }
        (sizes, strides)
    }

    /// Calls `visit(value, alpha)` with the indices of every value of an image and of its slope.
    fn visit(&self, input: &Shape, mut visit: impl FnMut(usize, usize)) {
        let ([h, w, c], [sh, sw, sc]) = self.geometry(input);
        for i in 0..h * w * c {
            visit(i, i / (w * c) * sh + i / c % w * sw + i % c * sc);
        }
    }
}

impl LayerSpec for Prelu {
    fn kind(&self) -> &'static str {
        "prelu"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let rank = inputs[0].0.len();
        if rank > 3 {
            return Err(format!("needs an image or features. Received: {}", inputs[0]));
        }
        match self.shared().iter().find(|&&axis| axis == 0 || axis > rank) {
            None => Ok(inputs[0].clone()),
            Some(axis) => Err(format!("shared_axes must lie between 1 and {rank}. Received: {axis}")),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let alpha = ParamSpec::new("alpha", &self.alphas(&inputs[0]), self.alpha_initializer);
        vec![alpha.bounded(self.alpha_regularizer, &self.alpha_constraint)]
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let ([h, w, c], [sh, sw, sc]) = self.geometry(&shapes.inputs[0]);
        let alphas = self.alphas(&shapes.inputs[0]).iter().product::<usize>();
        let splits = shapes.device.invocations.div_ceil(alphas).min(shapes.batch.div_ceil(4)).max(1);
        let n = |value: usize| value as f64;
        let pass = |label, entry, bindings, items: usize| Pass {
            label,
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: vec![
                ("H", n(h)),
                ("W", n(w)),
                ("C", n(c)),
                ("SH", n(sh)),
                ("SW", n(sw)),
                ("SC", n(sc)),
                ("ALPHAS", n(alphas)),
                ("SPLITS", n(splits)),
            ],
            bindings,
            grid: line(items),
            in_bounds: false,
        };
        let values = shapes.batch * shapes.output.len();
        let (x, alpha, dy) = (read(0, Slot::X(0)), read(1, Slot::Param(0)), read(3, Slot::Dy));
        let forward = vec![pass("prelu forward", "forward", vec![x, alpha, write(2, Slot::Y)], values)];
        let bindings = vec![x, dy, write(5, Slot::Temporary(0))];
        let mut backward = vec![
            pass("prelu slope gradient", "weights", bindings, splits * alphas),
            reduce::sum("prelu slope gradient sum", shapes.device, &[alphas], splits),
        ];
        if shapes.dx[0] != GradientMode::None {
            let bindings = vec![x, alpha, dy, write(4, Slot::Dx(0))];
            backward.push(pass("prelu backward", "backward", bindings, values).into_dx(shapes, 0));
        }
        Passes { forward, backward, temporary: vec![splits * alphas], ..Passes::default() }
    }
}

impl LayerExport for Prelu {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Initializer("alpha_initializer"),
            Argument::Regularizer("alpha_regularizer"),
            Argument::Constraint("alpha_constraint"),
            Argument::Keyword("shared_axes"),
        ];
        KerasLayer::new("PReLU", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        // `nn.PReLU` has one slope a channel. Keras's axes are (height, width, channels), PyTorch's (channels, height, width).
        const fn alpha(axes: &'static [usize]) -> TorchParameter {
            TorchParameter { name: "alpha", tensor: "alpha", axes, initializer: Initializer::ZEROS }
        }
        let alphas = self.alphas(&inputs[0]);
        let (shape, parameters): (Vec<usize>, &'static [TorchParameter]) = match alphas[..] {
            [h, w, c] => (vec![c, h, w], const { &[alpha(&[2, 0, 1])] }),
            _ => (alphas, const { &[alpha(&[])] }),
        };
        let module = shape.into_iter().fold(Call::new("PReLU").defined(&[PRELU]), Call::with);
        TorchLayer::module(module, parameters)
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        let alpha = Operand::Param("alpha", if inputs[0].0.len() == 3 { &[2, 0, 1] } else { &[] });
        [Operator::new("PRelu").with(alpha)].into()
    }
}

/// The module in Python.
const PRELU: &str = r"
class PReLU(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, self.alpha * x)

";

impl<T: Real> LayerCompute<T> for Prelu {
    fn forward(&self, cx: &mut Forward<T>) {
        let input = &cx.context.inputs[0];
        let alpha = flat(&cx.params[0]);
        for (x, y) in flat(&cx.x[0]).chunks_exact(input.len()).zip(flat_mut(&mut cx.y).chunks_exact_mut(input.len())) {
            self.visit(input, |i, a| y[i] = if x[i] > T::zero() { x[i] } else { alpha[a] * x[i] });
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let (input, zero) = (&cx.context.inputs[0], T::zero());
        let (x, dy, alpha) = (flat(&cx.x[0]), flat(&cx.dy), flat(&cx.params[0]));
        let dalpha = flat_mut(&mut cx.grads[0]);
        dalpha.fill(zero);
        for (x, dy) in x.chunks_exact(input.len()).zip(dy.chunks_exact(input.len())) {
            self.visit(input, |i, a| dalpha[a] += if x[i] < zero { dy[i] * x[i] } else { zero });
        }
        let Some(dx) = &mut cx.dx[0] else { return };
        let images = x.chunks_exact(input.len()).zip(dy.chunks_exact(input.len()));
        for (dx, (x, dy)) in flat_mut(dx).chunks_exact_mut(input.len()).zip(images) {
            self.visit(input, |i, a| {
                dx[i] = if x[i] > zero {
                    dy[i]
                } else if x[i] < zero {
                    alpha[a] * dy[i]
                } else {
                    zero
                }
            });
        }
    }
}

impl Samples for Prelu {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 5, 4]),
        Case::new(r#"{"shared_axes": [1, 2]}"#, &[4, 3, 3]),
        Case::new(r#"{"shared_axes": [2]}"#, &[2, 5, 3]),
        Case::new(r#"{"shared_axes": [1, 2, 3]}"#, &[3, 2, 4]),
        Case::new(r#"{"alpha_initializer": {"type": "constant", "value": 0.25}}"#, &[7]),
        Case::new(r#"{"shared_axes": [1]}"#, &[6]),
    ];
}
