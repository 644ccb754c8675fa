//! Initial weights by Keras's rules. The random numbers are counter-based, so every engine starts from the same
//! weights.

mod document;
#[cfg(feature = "extended")]
mod extended;

pub use document::{Initializer, Rule, Valued};
#[cfg(feature = "extended")]
pub use extended::{Distribution, Extended, Mode};

use crate::tensor::random::{self, stream};

impl Initializer {
    /// Keras's default for kernels.
    pub const GLOROT: Self = Self::Named(Rule::GlorotUniform);
    /// Keras's default for biases.
    pub const ZEROS: Self = Self::Named(Rule::Zeros);
    /// Keras's default for scales.
    pub const ONES: Self = Self::Named(Rule::Ones);

    /// The rule with its constants, where it is one beyond the basic ones.
    #[cfg(feature = "extended")]
    fn extended(self) -> Option<Extended> {
        let (rule, given) = match self {
            Self::Named(rule) => (rule, None),
            Self::Valued(valued) => (valued.rule, Some(valued)),
        };
        let constant = |of: fn(Valued) -> Option<f64>, default: f64| given.and_then(of).unwrap_or(default);
        let (mean, stddev) = (constant(|given| given.mean, 0.0), constant(|given| given.stddev, 0.05));
        let gain = constant(|given| given.gain, 1.0);
        Some(match rule {
            Rule::RandomNormal => Extended::Normal { mean, stddev },
            Rule::TruncatedNormal => Extended::TruncatedNormal { mean, stddev },
            Rule::RandomUniform => Extended::Uniform {
                low: constant(|given| given.minval, -0.05),
                high: constant(|given| given.maxval, 0.05),
            },
            Rule::VarianceScaling => Extended::VarianceScaling {
                scale: constant(|given| given.scale, 1.0),
                mode: given.and_then(|given| given.mode).unwrap_or_default(),
                distribution: given.and_then(|given| given.distribution).unwrap_or_default(),
            },
            Rule::Orthogonal => Extended::Orthogonal(gain),
            Rule::Identity => Extended::Identity(gain),
            // Where there are no images: a network that is only counted or shown.
            Rule::Whitening => Extended::Orthogonal(1.0),
            _ => return None,
        })
    }

    /// Number of images and the number added to the eigenvalues, if the values come from training images.
    #[cfg(feature = "extended")]
    pub fn whitening(self) -> Option<(usize, f64)> {
        let (images, epsilon) = match self {
            Self::Named(Rule::Whitening) => (None, None),
            Self::Valued(Valued { rule: Rule::Whitening, images, epsilon, .. }) => (images, epsilon),
            _ => return None,
        };
        Some((images.unwrap_or(5000), epsilon.unwrap_or(0.0005)))
    }

    /// [`Self::GLOROT`], for serde.
    pub fn glorot() -> Self {
        Self::GLOROT
    }

    /// [`Self::ZEROS`], for serde.
    pub fn zeros() -> Self {
        Self::ZEROS
    }

    /// Fills `out`, a parameter of this shape, with initial values. `index` is the parameter's number in the network, so each parameter has its own
    /// random numbers.
    pub fn fill(self, out: &mut [f32], shape: &[usize], fans: Fans, seed: u32, index: u32) {
        let Fans { fan_in, fan_out, torch_fan_in } = fans;
        #[cfg(not(feature = "extended"))]
        let _ = shape;
        #[cfg(feature = "extended")]
        if let Self::Valued(Valued { rule: Rule::Identity, others: Some(others), gain, .. }) = self {
            Self::Named(others).fill(out, shape, fans, seed, index);
            return extended::identity_beside(out, shape, gain.unwrap_or(1.0));
        }
        #[cfg(feature = "extended")]
        if let Some(rule) = self.extended() {
            return rule.fill(out, shape, [fan_in, fan_out], (seed, stream::INIT + index));
        }
        let (rule, value) = match self {
            Self::Named(rule) => (rule, 0.0),
            Self::Valued(valued) => (valued.rule, valued.value),
        };
        let key = stream::INIT + index;
        let uniform = |out: &mut [f32], limit: f64| {
            for (i, w) in out.iter_mut().enumerate() {
                *w = ((2.0 * f64::from(random::uniform(seed, 0, key, i as u32)) - 1.0) * limit) as f32;
            }
        };
        match rule {
            Rule::GlorotUniform => uniform(out, (6.0 / (fan_in + fan_out)).sqrt()),
            Rule::HeUniform => uniform(out, (6.0 / fan_in).sqrt()),
            Rule::LecunUniform => uniform(out, (3.0 / fan_in).sqrt()),
            Rule::PytorchDefault => uniform(out, torch_fan_in.sqrt().recip()),
            Rule::GlorotNormal => truncated_normal(out, (2.0 / (fan_in + fan_out)).sqrt(), seed, key),
            Rule::HeNormal => truncated_normal(out, (2.0 / fan_in).sqrt(), seed, key),
            Rule::LecunNormal => truncated_normal(out, fan_in.sqrt().recip(), seed, key),
            Rule::Zeros => out.fill(0.0),
            Rule::Ones => out.fill(1.0),
            Rule::Constant => out.fill(value as f32),
            #[cfg(feature = "extended")]
            _ => unreachable!("filled above"),
        }
    }
}

/// Truncated normal values: each is drawn again until it lies within two standard deviations. Truncation reduces the
/// variance; the divisor restores it, as in Keras.
fn truncated_normal(out: &mut [f32], deviation: f64, seed: u32, key: u32) {
    let deviation = deviation / 0.879_625_661_034_239_8;
    for (i, w) in out.iter_mut().enumerate() {
        let inside = (0..).map(|attempt| random::normal(seed, attempt, key, i as u32)).find(|z| z.abs() <= 2.0);
        *w = (inside.unwrap_or(0.0) * deviation) as f32;
    }
}

/// Fan in, the number of inputs of one output value, and fan out, the number of outputs of one input value. The rules
/// scale by them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fans {
    /// Keras's fan in.
    pub fan_in: f64,
    /// Keras's fan out.
    pub fan_out: f64,
    /// PyTorch's fan in of the layer, used for kernel and bias.
    pub torch_fan_in: f64,
}

impl Fans {
    /// Keras's fans of a kernel: the last two axes are inputs and outputs, each multiplied by the size of the axes
    /// before them (the receptive field).
    pub fn of(shape: &[usize]) -> Self {
        let (fan_in, fan_out) = match shape {
            [] => (1.0, 1.0),
            [n] => (*n as f64, *n as f64),
            [field @ .., c_in, c_out] => {
                let field = field.iter().product::<usize>() as f64;
                (field * *c_in as f64, field * *c_out as f64)
            }
        };
        Self { fan_in, fan_out, torch_fan_in: fan_in }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    fn variance(rule: Rule) -> f64 {
        let mut w = vec![0.0; 40_000];
        let shape = [3, 3, 16, 32];
        Initializer::Named(rule).fill(&mut w, &shape, Fans::of(&shape), 1, 0);
        w.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / w.len() as f64
    }

    #[test]
    fn variances_are_those_of_the_rules() {
        for (rule, expected) in [
            (Rule::GlorotUniform, 2.0 / 432.0),
            (Rule::GlorotNormal, 2.0 / 432.0),
            (Rule::HeUniform, 2.0 / 144.0),
            (Rule::HeNormal, 2.0 / 144.0),
            (Rule::LecunUniform, 1.0 / 144.0),
            (Rule::LecunNormal, 1.0 / 144.0),
            (Rule::PytorchDefault, 1.0 / 432.0),
        ] {
            let ratio = variance(rule) / expected;
            assert!((ratio - 1.0).abs() < 0.03, "{rule:?}: {ratio}");
        }
    }

    #[test]
    fn json_takes_a_name_or_a_constant() {
        let named = Initializer::deserialize(json!("he_normal")).unwrap();
        assert_eq!(named, Initializer::Named(Rule::HeNormal));
        let constant = Initializer::deserialize(json!({"type": "constant", "value": 0.1})).unwrap();
        let mut w = [0.0; 2];
        constant.fill(&mut w, &[2], Fans::of(&[2]), 0, 0);
        assert_eq!(w, [0.1, 0.1]);
    }
}
