//! `dense`: every output is a weighted sum of every input.
//!
//! # Formula
//! `y[n, o] = b[o] + sum over i of x[n, i] * w[i, o]`
//!
//! # Shapes
//! x `(n, inputs)`, w `(inputs, units)`, b `(units)`, y `(n, units)`.

use crate::base::document;
use crate::kernels::cpu::matrix::{Gemm, Matrix, Panels, Rows, Start, panels_len};
use crate::kernels::cpu::sums::sum_rows;
use crate::kernels::cpu::workspace::reserve;
use crate::kernels::gpu::matmul;
use crate::kernels::gpu::matmul::product;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::{OnnxLayer, Operator};
use crate::layers::pytorch::{Call, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::tensor::activation::Activation;
use crate::tensor::initializer::Initializer;
use crate::tensor::parameter::{MaxNorm, ParamSpec, Regularizer};
use crate::tensor::shape::Shape;
use crate::tensor::view::{flat, flat_mut, pixels};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows that one tile of a product takes: the weights are then read once.
const FEW_ROWS: usize = 4;

/// Every output is a weighted sum of every input.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{"units": 64, "activation": "relu"}]))]
pub struct Dense {
    /// Outputs, above 0.
    #[schemars(range(min = 1))]
    pub units: usize,
    /// Function applied to the output; none where it is not set.
    #[schemars(extend("default" = Activation::Linear))]
    pub activation: Option<Activation>,
    /// Whether a bias is added to every output.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// How the kernel's weights start.
    #[serde(default = "Initializer::glorot")]
    pub kernel_initializer: Initializer,
    /// How the bias starts.
    #[serde(default = "Initializer::zeros")]
    pub bias_initializer: Initializer,
    /// Penalty on the size of the kernel's weights, added to the loss.
    pub kernel_regularizer: Option<Regularizer>,
    /// Bound on the norm of the kernel's weights, kept after every step.
    pub kernel_constraint: Option<MaxNorm>,
}

impl LayerSpec for Dense {
    fn kind(&self) -> &'static str {
        "dense"
    }

    fn options(&self) -> serde_json::Value {
        document::write(self)
    }

    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        inputs[0].features()?;
        if self.units == 0 {
            return Err("units must be above zero. Received: 0".into());
        }
        Ok([self.units].into())
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let features = inputs[0].len();
        let mut params = vec![
            ParamSpec::new("kernel", &[features, self.units], self.kernel_initializer)
                .bounded(self.kernel_regularizer, &self.kernel_constraint),
        ];
        if self.use_bias {
            params.push(ParamSpec::new("bias", &[self.units], self.bias_initializer).torch_fan_in(features));
        }
        params
    }

    fn activation(&self) -> Activation {
        self.activation.unwrap_or_default()
    }

    fn macs(&self, inputs: &[Shape], output: &Shape) -> u64 {
        inputs[0].len() as u64 * output.len() as u64
    }

    fn passes(&self, shapes: &GpuShapes) -> Passes {
        let labels = ["dense forward", "dense input gradient", "dense weight gradient", "dense weight gradient sum"];
        let window = product::dense(shapes.inputs[0].len());
        matmul::passes(labels, shapes, &window, self.units, self.use_bias)
    }
}

impl LayerExport for Dense {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("units"),
            Argument::Activation("activation"),
            Argument::Switch("use_bias"),
            Argument::Initializer("kernel_initializer"),
            Argument::Initializer("bias_initializer"),
            Argument::Regularizer("kernel_regularizer"),
            Argument::Constraint("kernel_constraint"),
        ];
        KerasLayer::new("Dense", ARGUMENTS)
    }

    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let module = Call::new("nn.Linear").with(inputs[0].channels()).with(self.units).with_bias(self.use_bias);
        // Kernels are (in, out) in Keras, (out, in) in PyTorch.
        TorchLayer::module(module, const { &[TorchParameter::kernel(&[1, 0]), TorchParameter::BIAS] })
    }

    fn onnx(&self, _inputs: &[Shape]) -> OnnxLayer {
        [Operator::new(if self.use_bias { "Gemm" } else { "MatMul" }).with_kernel("kernel", &[], self.use_bias)].into()
    }
}

impl<T: Gemm> LayerCompute<T> for Dense {
    fn forward(&self, cx: &mut Forward<T>) {
        let x = pixels(&cx.x[0]);
        let (rows, features) = x.dim();
        let (w, memory) = (flat(&cx.params[0]), reserve(cx.workspace, panels_len::<T>(features, self.units)));
        // For so few rows copying all weights into panels would cost more than the product.
        let panels = if rows <= FEW_ROWS {
            Panels::in_place(w, features, self.units, memory)
        } else {
            Panels::pack(Matrix::dense(w, self.units), features, self.units, memory)
        };
        let start = cx.params.get(1).map_or(Start::Zero, |bias| Start::Bias(flat(bias)));
        panels.multiply(x.into(), rows, 0..features, start, Rows::dense(flat_mut(&mut cx.y), self.units));
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let (dy, x, w) = (pixels(&cx.dy), pixels(&cx.x[0]), pixels(&cx.params[0]));
        let ((rows, features), units) = (x.dim(), self.units);
        let (dy, x, w): (Matrix<T>, Matrix<T>, Matrix<T>) = (dy.into(), x.into(), w.into());
        let lengths = [panels_len::<T>(rows, units), panels_len::<T>(units, rows), features * rows];
        let memory = reserve(cx.workspace, lengths.iter().sum());
        let (packed, memory) = memory.split_at_mut(lengths[0]);
        Panels::pack(dy, rows, units, packed).multiply(
            x.t(),
            features,
            0..rows,
            Start::Zero,
            Rows::dense(flat_mut(&mut cx.grads[0]), units),
        );
        if let Some(db) = cx.grads.get_mut(1) {
            sum_rows(flat(&cx.dy), flat_mut(db));
        }
        if let Some(dx) = &mut cx.dx[0] {
            // dx^T = w dy^T, so that the weights are read as they lie.
            let (packed, turned) = memory.split_at_mut(lengths[1]);
            let panels = Panels::pack(dy.t(), units, rows, packed);
            panels.multiply(w, features, 0..units, Start::Zero, Rows::dense(turned, rows));
            for (n, dx) in flat_mut(dx).chunks_exact_mut(features).enumerate() {
                dx.iter_mut().zip(turned.iter().skip(n).step_by(rows)).for_each(|(dx, &value)| *dx = value);
            }
        }
    }
}

impl Samples for Dense {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"units": 10}"#, &[196]),
        Case::new(r#"{"units": 1}"#, &[3]),
        Case::new(r#"{"units": 7, "activation": "relu"}"#, &[13]),
        Case::new(r#"{"units": 20, "activation": "tanh"}"#, &[32]),
        Case::new(r#"{"units": 8, "activation": "sigmoid", "use_bias": false}"#, &[20]),
        Case::new(r#"{"units": 4}"#, &[1]),
        Case::new(r#"{"units": 12, "activation": "silu"}"#, &[20]),
        Case::new(r#"{"units": 5, "activation": "selu"}"#, &[9]),
    ];
}
