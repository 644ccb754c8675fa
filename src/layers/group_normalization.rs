//! `group_normalization`: the channels of an image in groups, each of which is brought to mean 0 and variance 1, then scaled and
//! shifted. It does not depend on the batch, in training and in inference it is the same.
//!
//! # Formula
//! `xh = (x - mean) / sqrt(var + epsilon)` over the pixels and channels of a group, `y = gamma * xh + beta`;
//! `dx = (g - mean g - xh mean(g xh)) / sqrt(var + epsilon)` with `g = gamma * dy`; `dgamma = sum dy xh`, `dbeta = sum dy`
//!
//! # Shapes
//! x `(n, h, w, c)` or `(n, c)`; gamma, beta `(c)`.
//!
//! # Source
//! Wu and He, "Group Normalization", 2018.

use crate::base::document;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{Argument, KerasLayer};
use crate::layers::layer::{Backward, Forward, LayerCompute, LayerExport, LayerSpec, Rule};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::{Call, TorchLayer, TorchParameter};
use crate::layers::sample::{Case, Samples};
use crate::layers::standardization::{Sets, check_epsilon};
use crate::tensor::parameter::ParamSpec;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The channels of an image in groups, each of which is brought to mean 0 and variance 1, then scaled and shifted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{"groups": 8}]))]
pub struct GroupNormalization {
    /// Number of groups, a divisor of the channels; -1 for a group a channel.
    #[schemars(range(min = -1))]
    pub groups: i64,
    /// Added to the variance, above 0: keeps the root away from zero.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub epsilon: f64,
    /// Whether there is a shift, beta.
    pub center: bool,
    /// Whether there is a scale, gamma.
    pub scale: bool,
}

impl Default for GroupNormalization {
    fn default() -> Self {
        Self { groups: 32, epsilon: 1e-3, center: true, scale: true }
    }
}

impl GroupNormalization {
    fn groups(&self, channels: usize) -> Rule<usize> {
        let groups = if self.groups == -1 { channels } else { usize::try_from(self.groups).unwrap_or(0) };
        if groups == 0 || !channels.is_multiple_of(groups) {
            return Err(format!("groups must divide the {channels} channels. Received: {}", self.groups));
        }
        Ok(groups)
    }

    fn sets(&self, input: &Shape) -> Sets {
        let channels = input.channels();
        let count = self.groups(channels).expect("the graph checked the groups");
        let (runs, width) = (input.len() / channels, channels / count);
        let Self { epsilon, center, scale, .. } = *self;
        Sets { count, runs, stride: channels, width, grouped: true, epsilon, center, scale }
    }
}

impl LayerSpec for GroupNormalization {
    fn kind(&self) -> &'static str {
        "group_normalization"
    }
    fn options(&self) -> serde_json::Value {
        document::write(self)
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        check_epsilon(self.epsilon)?;
        self.groups(inputs[0].channels())?;
        Ok(inputs[0].clone())
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.sets(&inputs[0]).params(&[inputs[0].channels()])
    }
    fn passes(&self, shapes: &GpuShapes) -> Passes {
        const LABELS: [&str; 6] = [
            "group_normalization statistics",
            "group_normalization forward",
            "group_normalization gradient sums",
            "group_normalization gradients",
            "group_normalization gradients sum",
            "group_normalization backward",
        ];
        self.sets(&shapes.inputs[0]).passes(LABELS, shapes)
    }
}

impl LayerExport for GroupNormalization {
    fn keras(&self) -> KerasLayer {
        const ARGUMENTS: &[Argument] = &[
            Argument::Positional("groups"),
            Argument::Keyword("epsilon"),
            Argument::Keyword("center"),
            Argument::Keyword("scale"),
        ];
        KerasLayer::new("GroupNormalization", ARGUMENTS)
    }
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer {
        let channels = inputs[0].channels();
        let call = Call::new("nn.GroupNorm").with(self.groups(channels).unwrap_or(1)).with(channels);
        let module = call.named("eps", self.epsilon).named("affine", self.scale || self.center);
        let frozen = self.sets(&inputs[0]).frozen();
        TorchLayer { frozen, ..TorchLayer::module(module, TorchParameter::NORMALIZATION) }
    }
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer {
        self.sets(&inputs[0]).onnx(&inputs[0])
    }
}

impl<T: Real> LayerCompute<T> for GroupNormalization {
    fn forward(&self, cx: &mut Forward<T>) {
        self.sets(&cx.context.inputs[0]).forward(cx);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        self.sets(&cx.context.inputs[0]).backward(cx);
    }
}

impl Samples for GroupNormalization {
    const SAMPLES: &'static [Case] = &[
        Case::new(r#"{"groups": 2}"#, &[3, 5, 4]),
        Case::new(r#"{"groups": 3, "epsilon": 1e-5}"#, &[4, 3, 3]),
        Case::new(r#"{"groups": -1}"#, &[3, 4, 5]),
        Case::new(r#"{"groups": 1, "scale": false}"#, &[3, 2, 4]),
        Case::new(r#"{"groups": 4, "center": false}"#, &[12]),
        Case::new(r#"{}"#, &[2, 3, 64]),
    ];
}
