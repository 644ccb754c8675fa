//! Layers, their arguments and activations as Python expressions.

use crate::layers::pytorch::{Call, Literal, Step, TorchLayer};
use crate::tensor::activation::{Activation, Extended};

/// The expression of a layer's output before its activation.
pub(super) fn output(torch: &TorchLayer, module: &str, inputs: &[String]) -> String {
    let first = inputs.first().cloned().unwrap_or_default();
    torch.steps.iter().fold(first, |x, step| match step {
        Step::Module => format!("{module}({x})"),
        Step::Function(call) => {
            let arguments: Vec<String> = std::iter::once(x).chain(arguments(call)).collect();
            format!("{}({})", call.name, arguments.join(", "))
        }
        Step::Method(call) => format!("{x}.{}({})", call.name, arguments(call).join(", ")),
        Step::Sum => inputs.join(" + "),
        Step::Product => inputs.join(" * "),
        Step::Difference => inputs.join(" - "),
        Step::Maximum => inputs[1..].iter().fold(x, |x, other| format!("torch.maximum({x}, {other})")),
        Step::Concatenate(axis) => format!("torch.cat([{}], {axis})", inputs.join(", ")),
        Step::Divide(count) => format!("({x}) / {count}"),
        Step::Scale(scale, offset) => format!("{x} * {scale} + {offset}"),
    })
}

/// The arguments of a call.
pub(super) fn arguments(call: &Call) -> Vec<String> {
    let argument = |(name, value): &(Option<&str>, Literal)| match name {
        Some(name) => format!("{name}={}", literal(value)),
        None => literal(value),
    };
    call.arguments.iter().map(argument).collect()
}

/// A value.
pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(true) => "True".into(),
        Literal::Bool(false) => "False".into(),
        Literal::Int(value) => value.to_string(),
        Literal::Negative(value) => format!("-{value}"),
        Literal::Float(value) => value.to_string(),
        Literal::Tuple(items) => format!("({})", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Literal::Name(name) => (*name).into(),
    }
}

/// The activation of an expression.
pub(super) fn activated(activation: Activation, x: String) -> String {
    match activation {
        Activation::Relu => format!("F.relu({x})"),
        Activation::Sigmoid => format!("torch.sigmoid({x})"),
        Activation::Tanh => format!("torch.tanh({x})"),
        // A last softmax belongs to the loss, and to `probabilities`.
        Activation::Linear | Activation::Softmax => x,
        #[cfg(feature = "extended")]
        Activation::Extended(function) => match function {
            Extended::LeakyRelu { negative_slope } => format!("F.leaky_relu({x}, {negative_slope})"),
            Extended::Elu { alpha } => format!("F.elu({x}, {alpha})"),
            Extended::Selu => format!("F.selu({x})"),
            Extended::Relu6 => format!("F.relu6({x})"),
            Extended::HardSigmoid => format!("F.hardsigmoid({x})"),
            Extended::Softplus => format!("F.softplus({x})"),
            Extended::Softsign => format!("F.softsign({x})"),
            Extended::Exponential => format!("torch.exp({x})"),
            Extended::Gelu { approximate: false } => format!("F.gelu({x})"),
            Extended::Gelu { approximate: true } => format!("F.gelu({x}, approximate='tanh')"),
            Extended::Silu => format!("F.silu({x})"),
            Extended::HardSilu => format!("F.hardswish({x})"),
            Extended::Mish => format!("F.mish({x})"),
        },
    }
}
