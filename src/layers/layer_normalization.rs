//! `layer_normalization`: the values along the last axes, by default the channels of each pixel, are brought to mean 0 and
//! variance 1, then scaled and shifted. It does not depend on the batch, in training and in inference it is the same.
//!
//! # Formula
//! `xh = (x - mean) / sqrt(var + epsilon)` over the last axes, `y = gamma * xh + beta`;
//! `dx = (g - mean g - xh mean(g xh)) / sqrt(var + epsilon)` with `g = gamma * dy`; `dgamma = sum dy xh`, `dbeta = sum dy`
//!
//! # Shapes
//! x `(n, h, w, c)` or `(n, c)`; gamma, beta have the sizes of the axes.
//!
//! # Source
//! Ba, Kiros and Hinton, "Layer Normalization", 2016.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::{Call, Literal, Step, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::layers::standardization::{Sets, check_epsilon};
use crate::tensor::parameter::{Axes, ParamSpec};
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The values along the last axes are brought to mean 0 and variance 1, then scaled and shifted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LayerNormalization {
    /// The axes, the last ones of the tensor: -1 for the channels of each pixel, `[1, 2, 3]` for the whole image.
    pub axis: Axes,
    /// Added to the variance, above 0: keeps the root away from zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub epsilon: f64,
    /// Whether there is a shift, beta.
    pub center: bool,
    /// Whether there is a scale, gamma.
    pub scale: bool,
}

impl Default for LayerNormalization {
    fn default() -> Self {
        Self { axis: Axes::One(-1), epsilon: 1e-3, center: true, scale: true }
    }
}

impl LayerNormalization {
    /// The number of axes, which are the last ones.
    fn axes(&self, rank: usize) -> Rule<usize> {
        let list = match &self.axis {
            Axes::One(axis) => std::slice::from_ref(axis),
            Axes::Many(axes) => axes,
        };
        // The batch is axis 0.
        let mut axes: Vec<i64> =
            list.iter().map(|&axis| if axis < 0 { axis + rank as i64 + 1 } else { axis }).collect();
        axes.sort_unstable();
        let first = rank as i64 + 1 - axes.len() as i64;
        if axes.is_empty() || first < 1 || !axes.iter().copied().eq(first..=rank as i64) {
            return Err(format!("axis must be the last axis, or all of the last ones. Received: {list:?}"));
        }
        Ok(axes.len())
    }

    /// The sizes of the axes.
    fn shape<'a>(&self, input: &'a Shape) -> &'a [usize] {
        let rank = input.0.len();
        &input.0[rank - self.axes(rank).expect("the graph checked the axes")..]
    }

    fn sets(&self, input: &Shape) -> Sets {
        let width = self.shape(input).iter().product();
        let Self { epsilon, center, scale, .. } = *self;
        Sets { count: input.len() / width, runs: 1, stride: 0, width, grouped: false, epsilon, center, scale }
    }
}

impl LayerSpec for LayerNormalization {
    fn kind(&self) -> &'static str {
        "layer_normalization"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        check_epsilon(self.epsilon)?;
        self.axes(inputs[0].0.len())?;
        Ok(inputs[0].clone())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.sets(&inputs[0]).params(self.shape(&inputs[0]))
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        const LABELS: [&str; 6] = [
            "layer_normalization statistics",
            "layer_normalization forward",
            "layer_normalization gradient sums",
            "layer_normalization gradients",
            "layer_normalization gradients sum",
            "layer_normalization backward",
        ];
        self.sets(&shapes.inputs[0]).passes(LABELS, shapes)
    }
}

impl LayerExport for LayerNormalization {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Keyword("axis"),
            Argument::Keyword("epsilon"),
            Argument::Keyword("center"),
            Argument::Keyword("scale"),
        ];
        KerasLayer::new("LayerNormalization", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let shape = self.shape(&inputs[0]).iter().copied().map(Literal::Int).collect();
        let call = Call::new("nn.LayerNorm").with(Literal::Tuple(shape)).named("eps", self.epsilon);
        let module = call.named("elementwise_affine", self.scale || self.center);
        let steps = Step::channels_last(&inputs[0], Step::Module, &inputs[0]);
        let frozen = self.sets(&inputs[0]).frozen();
        TorchLayer { frozen, steps, ..TorchLayer::module(module, TorchParameter::NORMALIZATION) }
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        self.sets(&inputs[0]).onnx(&inputs[0])
    }
}

impl<T: Real> LayerCompute<T> for LayerNormalization {
    fn forward(&self, cx: &mut Forward<T>) {
        self.sets(&cx.context.inputs[0]).forward(cx);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        self.sets(&cx.context.inputs[0]).backward(cx);
    }
}

impl Samples for LayerNormalization {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{}"#, &[3, 5, 4]),
        Case::new(r#"{"axis": [1, 2, 3], "epsilon": 1e-5}"#, &[4, 3, 3]),
        Case::new(r#"{"axis": [-2, -1]}"#, &[3, 2, 5]),
        Case::new(r#"{"axis": 3, "scale": false}"#, &[3, 2, 6]),
        Case::new(r#"{"center": false}"#, &[12]),
    ];
}
