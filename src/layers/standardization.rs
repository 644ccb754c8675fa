//! What layer and group normalization share: sets of an image's values, each of which is brought to mean 0 and variance 1.

use crate::base::number::{POSITIVE, PlainNumber, is_positive};
use crate::kernels::gpu::pass::{GpuShapes, Lanes, Pass, Passes, Slot, line, read, write};
use crate::kernels::gpu::reduce;
use crate::layers::layer::{Backward, Forward, Rule};
use crate::layers::onnx::{Attribute, OnnxLayer, Operand, Operator};
use crate::tensor::gradient::GradientMode;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::ParamSpec;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut};
use crate::wgsl;

const SHADER: &[&str] = &[wgsl!(include_str!("standardization.wgsl"))];

/// The sets of an image's values, and the scale and shift after them.
#[derive(Debug, Clone, Copy)]
pub struct Sets {
    /// Sets in an image.
    pub count: usize,
    /// Runs of consecutive values in a set.
    pub runs: usize,
    /// Distance of neighbouring runs.
    pub stride: usize,
    /// Values of a run.
    pub width: usize,
    /// Whether each set has gammas of its own; else all sets share them.
    pub grouped: bool,
    /// Added to the variance.
    pub epsilon: f64,
    /// Whether there is a shift, beta.
    pub center: bool,
    /// Whether there is a scale, gamma.
    pub scale: bool,
}

/// The mean and `1 / sqrt(var + epsilon)` of a set.
type Moments<T> = (T, T);

impl Sets {
    /// The number of gammas.
    fn gammas(&self) -> usize {
        if self.grouped { self.count * self.width } else { self.width }
    }

    /// Values of an image.
    fn len(&self) -> usize {
        self.count * self.runs * self.width
    }

    /// Where the runs of a set start.
    fn starts(self, set: usize) -> impl Iterator<Item = usize> {
        (0..self.runs).map(move |run| set * self.width + run * self.stride)
    }

    fn moments<T: Real>(&self, x: &[T], set: usize) -> Moments<T> {
        let values = || self.starts(set).flat_map(|at| &x[at..at + self.width]).map(|x| x.f64());
        let n = (self.runs * self.width) as f64;
        let mean = values().sum::<f64>() / n;
        let variance = values().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        (T::of(mean), T::of((variance + self.epsilon).sqrt().recip()))
    }

    /// The first gamma of a set.
    fn first_gamma(&self, set: usize) -> usize {
        if self.grouped { set * self.width } else { 0 }
    }

    /// In PyTorch, where both or none are there: the one that keeps its initial values.
    pub fn frozen(&self) -> Option<&'static str> {
        match (self.scale, self.center) {
            (true, false) => Some("bias"),
            (false, true) => Some("weight"),
            _ => None,
        }
    }

    /// The operators in ONNX: the sets as the last axis, with channels first within a group.
    pub fn onnx(&self, input: &Shape) -> OnnxLayer {
        // (n, height, width, channels) as (n, pixels, groups, channels of a group), with groups first; or (n, sets, values).
        let (count, width, runs) = (self.count as i64, self.width as i64, self.runs as i64);
        let mut operators = Vec::new();
        if self.grouped {
            operators.push(Operator::new("Reshape").with(Operand::Ints(vec![-1, runs, count, width])));
            operators.push(Operator::new("Transpose").set("perm", [0, 2, 1, 3]));
        }
        operators.push(Operator::new("Reshape").with(Operand::Ints(vec![-1, count, runs * width])));
        let values = self.runs * self.width;
        let operator = Operator::new("LayerNormalization").with(Operand::Floats(vec![values], vec![1.0; values]));
        operators.push(operator.set("axis", Attribute::Int(-1)).set("epsilon", self.epsilon));
        if self.grouped {
            operators.push(Operator::new("Reshape").with(Operand::Ints(vec![-1, count, runs, width])));
            operators.push(Operator::new("Transpose").set("perm", [0, 2, 1, 3]));
        }
        let sizes = std::iter::once(-1).chain(input.0.iter().map(|&size| size as i64)).collect();
        operators.push(Operator::new("Reshape").with(Operand::Ints(sizes)));
        if self.scale {
            operators.push(Operator::new("Mul").with(Operand::Param("gamma", &[])));
        }
        if self.center {
            operators.push(Operator::new("Add").with(Operand::Param("beta", &[])));
        }
        OnnxLayer::channels_last(input, operators, input)
    }

    /// Gamma and beta.
    pub fn params(&self, shape: &[usize]) -> Vec<ParamSpec> {
        let gamma = self.scale.then(|| ParamSpec::new("gamma", shape, Initializer::ONES));
        let beta = self.center.then(|| ParamSpec::new("beta", shape, Initializer::ZEROS));
        gamma.into_iter().chain(beta).collect()
    }

    /// `y = (x - mean) / sqrt(var + epsilon) * gamma + beta`
    pub fn forward<T: Real>(self, cx: &mut Forward<T>) {
        let len = self.len();
        let gamma = self.scale.then(|| flat(&cx.params[0]));
        let beta = self.center.then(|| flat(&cx.params[usize::from(self.scale)]));
        for (x, y) in flat(&cx.x[0]).chunks_exact(len).zip(flat_mut(&mut cx.y).chunks_exact_mut(len)) {
            for set in 0..self.count {
                let ((mean, inverse), first) = (self.moments(x, set), self.first_gamma(set));
                for at in self.starts(set) {
                    for j in 0..self.width {
                        let scaled = (x[at + j] - mean) * inverse * gamma.map_or(T::one(), |gamma| gamma[first + j]);
                        y[at + j] = scaled + beta.map_or(T::zero(), |beta| beta[first + j]);
                    }
                }
            }
        }
    }

    /// `dx = (g - mean g - xh mean(g xh)) / sqrt(var + epsilon)` with `g = dy gamma`, `xh` the input at mean 0 and variance 1;
    /// `dgamma = sum of dy xh`, `dbeta = sum of dy`.
    pub fn backward<T: Real>(self, cx: &mut Backward<T>) {
        let (len, n) = (self.len(), (self.runs * self.width) as f64);
        let gamma = self.scale.then(|| flat(&cx.params[0]));
        cx.grads.iter_mut().for_each(|grad| grad.fill(T::zero()));
        let mut grads = cx.grads.iter_mut().map(flat_mut);
        let mut dgamma = if self.scale { grads.next() } else { None };
        let mut dbeta = if self.center { grads.next() } else { None };
        let mut dx = cx.dx[0].as_mut().map(flat_mut);
        let images = flat(&cx.x[0]).chunks_exact(len).zip(flat(&cx.dy).chunks_exact(len));
        for (image, (x, dy)) in images.enumerate() {
            for set in 0..self.count {
                let ((mean, inverse), first) = (self.moments(x, set), self.first_gamma(set));
                let (mut sum, mut product) = (0.0, 0.0);
                for at in self.starts(set) {
                    for j in 0..self.width {
                        let normal = (x[at + j] - mean) * inverse;
                        let g = dy[at + j] * gamma.map_or(T::one(), |gamma| gamma[first + j]);
                        sum += g.f64();
                        product += (g * normal).f64();
                        if let Some(dgamma) = &mut dgamma {
                            dgamma[first + j] += dy[at + j] * normal;
                        }
                        if let Some(dbeta) = &mut dbeta {
                            dbeta[first + j] += dy[at + j];
                        }
                    }
                }
                let Some(dx) = &mut dx else { continue };
                let (sum, product) = (T::of(sum / n), T::of(product / n));
                for at in self.starts(set) {
                    for j in 0..self.width {
                        let normal = (x[at + j] - mean) * inverse;
                        let g = dy[at + j] * gamma.map_or(T::one(), |gamma| gamma[first + j]);
                        dx[image * len + at + j] = (g - sum - normal * product) * inverse;
                    }
                }
            }
        }
    }

    /// The GPU passes; `labels` are those of the statistics, the forward pass, the sums of gradients, the gradients of the
    /// parameters, their sum, and the backward pass.
    pub fn passes(&self, labels: [&'static str; 6], shapes: &GpuShapes) -> Passes {
        let (gammas, sets, values) = (self.gammas(), shapes.batch * self.count, shapes.batch * self.len());
        let items = values / gammas;
        let splits = shapes.device.invocations.div_ceil(gammas).min(items / 16).max(1);
        let n = |value: usize| value as f64;
        let pass = |label, entry, bindings, items: usize| Pass {
            label,
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: vec![
                ("LEN", n(self.len())),
                ("SETS", n(self.count)),
                ("RUNS", n(self.runs)),
                ("STRIDE", n(self.stride)),
                ("WIDTH", n(self.width)),
                ("GAMMAS", n(gammas)),
                ("SPLITS", n(splits)),
                ("GROUPED", f64::from(self.grouped)),
                ("EPSILON", self.epsilon),
                ("SCALE", f64::from(self.scale)),
                ("CENTER", f64::from(self.center)),
            ],
            bindings,
            grid: line(items),
            in_bounds: false,
        };
        // Where there is no gamma or beta, its binding holds memory that is not used.
        let (unused, second) = ([Slot::Temporary(2), Slot::Temporary(3)], usize::from(self.scale));
        let gamma = read(3, if self.scale { Slot::Param(0) } else { unused[0] });
        let beta = read(4, if self.center { Slot::Param(second) } else { unused[1] });
        let (x, stats, dy) = (read(0, Slot::X(0)), Slot::Scratch(0), read(5, Slot::Dy));
        let forward = vec![
            pass(labels[0], "statistics", vec![x, write(2, stats)], sets),
            pass(labels[1], "forward", vec![x, write(1, Slot::Y), write(2, stats), gamma, beta], values),
        ];
        let mut backward = Vec::new();
        if self.scale || self.center {
            // The gradients are in the order of the parameters.
            let (dgamma, dbeta) = if self.scale { (0, 1) } else { (1, 0) };
            let bindings =
                vec![x, write(2, stats), dy, write(8, Slot::Temporary(dgamma)), write(9, Slot::Temporary(dbeta))];
            backward.push(pass(labels[3], "weights", bindings, splits * gammas));
            let lengths = vec![gammas; usize::from(self.scale) + usize::from(self.center)];
            backward.push(reduce::sum(labels[4], shapes.device, &lengths, splits));
        }
        if shapes.dx[0] != GradientMode::None {
            let sums = Slot::Scratch(1);
            backward.push(pass(labels[2], "gradient_sums", vec![x, write(2, stats), gamma, dy, write(7, sums)], sets));
            let bindings = vec![x, write(2, stats), gamma, dy, write(6, Slot::Dx(0)), write(7, sums)];
            backward.push(pass(labels[5], "backward", bindings, values).into_dx(shapes, 0));
        }
        let temporary = vec![splits * gammas, splits * gammas, 4, 4];
        Passes { forward, backward, scratch: vec![2 * sets, 2 * sets], temporary, ..Passes::default() }
    }
}

/// Checks the constant that is added to the variance.
///
/// # Errors
/// A message where it is not above zero.
pub fn check_epsilon(epsilon: f64) -> Rule<()> {
    if is_positive(epsilon) {
        return Ok(());
    }
    Err(format!("epsilon {POSITIVE}. Received: {}", PlainNumber(epsilon)))
}
