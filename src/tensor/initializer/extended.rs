//! Initialisers beyond the basic ones, by Keras's rules.

use crate::tensor::random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the variance of `variance_scaling` is divided by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InitializerMode")]
pub enum Mode {
    /// The inputs of an output value.
    #[default]
    FanIn,
    /// The outputs of an input value.
    FanOut,
    /// The mean of both.
    FanAvg,
}

/// What `variance_scaling` draws from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InitializerDistribution")]
pub enum Distribution {
    /// Normal, drawn again beyond two standard deviations, with the variance restored.
    #[default]
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Uniform.
    Uniform,
}

/// One of these rules with its constants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extended {
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        stddev: f64,
    },
    /// Normal, drawn again beyond two standard deviations.
    TruncatedNormal {
        /// Mean.
        mean: f64,
        /// Standard deviation before the truncation.
        stddev: f64,
    },
    /// Uniform.
    Uniform {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Variance `scale / n`.
    VarianceScaling {
        /// Scale.
        scale: f64,
        /// Which n.
        mode: Mode,
        /// What is drawn from.
        distribution: Distribution,
    },
    /// Orthogonal columns or rows.
    Orthogonal(f64),
    /// The identity.
    Identity(f64),
}

impl Extended {
    /// Fills `out`, a parameter of this shape with these fans (in and out), by the random stream `key`.
    pub fn fill(self, out: &mut [f32], shape: &[usize], [fan_in, fan_out]: [f64; 2], (seed, key): (u32, u32)) {
        let uniform = |i: usize| f64::from(random::uniform(seed, 0, key, i as u32));
        let normal = |i: usize| random::normal(seed, 0, key, i as u32);
        let truncated = |i: usize| {
            let inside = (0..).map(|attempt| random::normal(seed, attempt, key, i as u32)).find(|z| z.abs() <= 2.0);
            inside.unwrap_or(0.0)
        };
        let mut each = |value: &dyn Fn(usize) -> f64| {
            out.iter_mut().enumerate().for_each(|(i, w)| *w = value(i) as f32);
        };
        match self {
            Self::Normal { mean, stddev } => each(&|i| mean + stddev * normal(i)),
            Self::TruncatedNormal { mean, stddev } => each(&|i| mean + stddev * truncated(i)),
            Self::Uniform { low, high } => each(&|i| low + (high - low) * uniform(i)),
            Self::VarianceScaling { scale, mode, distribution } => {
                let n = match mode {
                    Mode::FanIn => fan_in,
                    Mode::FanOut => fan_out,
                    Mode::FanAvg => (fan_in + fan_out) / 2.0,
                };
                let deviation = (scale / n.max(1.0)).sqrt();
                match distribution {
                    Distribution::TruncatedNormal => each(&|i| deviation / 0.879_625_661_034_239_8 * truncated(i)),
                    Distribution::UntruncatedNormal => each(&|i| deviation * normal(i)),
                    Distribution::Uniform => each(&|i| deviation * 3f64.sqrt() * (2.0 * uniform(i) - 1.0)),
                }
            }
            Self::Orthogonal(gain) => orthogonal(out, shape.last().copied().unwrap_or(1), gain, normal),
            Self::Identity(gain) => identity(out, shape, gain),
        }
    }
}

/// The identity for as many outputs as there are inputs; the others stay as they are.
pub(super) fn identity_beside(out: &mut [f32], shape: &[usize], gain: f64) {
    if let [.., inputs, outputs] = *shape {
        out.chunks_exact_mut(outputs).for_each(|row| row[..inputs.min(outputs)].fill(0.0));
    }
    place_identity(out, shape, gain);
}

/// The identity from inputs to outputs, the last two axes, at the middle tap of the axes before them.
fn identity(out: &mut [f32], shape: &[usize], gain: f64) {
    out.fill(0.0);
    place_identity(out, shape, gain);
}

fn place_identity(out: &mut [f32], shape: &[usize], gain: f64) {
    let (field, [inputs, outputs]) = match shape {
        [field @ .., inputs, outputs] => (field, [*inputs, *outputs]),
        [n] => (&[][..], [1, *n]),
        [] => return,
    };
    let middle = field.iter().fold(0, |place, size| place * size + size / 2);
    for i in 0..inputs.min(outputs) {
        out[(middle * inputs + i) * outputs + i] = gain as f32;
    }
}

/// A matrix of `columns` columns with orthogonal columns, or rows where there are fewer of them: the Q of the QR decomposition of
/// normal numbers whose R has a positive diagonal (Gram and Schmidt's, each column twice, so that rounding does not add up).
fn orthogonal(out: &mut [f32], columns: usize, gain: f64, normal: impl Fn(usize) -> f64) {
    let rows = out.len() / columns.max(1);
    let (long, short) = (rows.max(columns), rows.min(columns));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(short);
    for k in 0..short {
        let mut column: Vec<f64> = (0..long).map(|i| normal(i * short + k)).collect();
        for _ in 0..2 {
            for other in &basis {
                let share: f64 = other.iter().zip(&column).map(|(a, b)| a * b).sum();
                column.iter_mut().zip(other).for_each(|(c, o)| *c -= share * o);
            }
            let norm = column.iter().map(|c| c * c).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
            column.iter_mut().for_each(|c| *c /= norm);
        }
        basis.push(column);
    }
    for (place, w) in out.iter_mut().enumerate() {
        let (i, j) = (place / columns, place % columns);
        *w = (gain * if rows >= columns { basis[j][i] } else { basis[i][j] }) as f32;
    }
}

#[cfg(test)]
mod tests {
    use crate::tensor::initializer::{Fans, Initializer};
    use serde_json::{Value, json};

    fn filled(document: Value, shape: &[usize]) -> Vec<f32> {
        let initializer: Initializer = crate::base::document::read(&document).unwrap();
        let mut w = vec![9.0; shape.iter().product()];
        initializer.fill(&mut w, shape, Fans::of(shape), 1, 0);
        w
    }

    fn moments(w: &[f32]) -> (f64, f64) {
        let n = w.len() as f64;
        let mean = w.iter().map(|&w| f64::from(w)).sum::<f64>() / n;
        (mean, w.iter().map(|&w| (f64::from(w) - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn means_and_variances_are_those_of_the_rules() {
        let (fan_in, fan_out) = (9.0 * 16.0, 9.0 * 64.0);
        for (document, mean, variance) in [
            (json!("random_normal"), 0.0, 0.0025),
            (json!({"type": "random_normal", "mean": 1.0, "stddev": 0.2}), 1.0, 0.04),
            // Truncation takes a share of the variance, and Keras does not restore it here.
            (json!("truncated_normal"), 0.0, 0.0025 * 0.773_741),
            (json!("random_uniform"), 0.0, 0.01 / 12.0),
            (json!({"type": "random_uniform", "minval": 1, "maxval": 3}), 2.0, 4.0 / 12.0),
            (json!("variance_scaling"), 0.0, 1.0 / fan_in),
            (
                json!({"type": "variance_scaling", "scale": 2, "mode": "fan_out", "distribution": "uniform"}),
                0.0,
                2.0 / fan_out,
            ),
            (
                json!({"type": "variance_scaling", "mode": "fan_avg", "distribution": "untruncated_normal"}),
                0.0,
                2.0 / (fan_in + fan_out),
            ),
        ] {
            let (found, spread) = moments(&filled(document.clone(), &[3, 3, 16, 64]));
            assert!((found - mean).abs() < 0.05 * f64::sqrt(variance), "{document}: mean {found}");
            assert!((spread / variance - 1.0).abs() < 0.06, "{document}: variance {spread}, expected {variance}");
        }
    }

    #[test]
    fn columns_or_rows_are_orthogonal() {
        for (shape, gain) in [(&[3, 3, 4, 8][..], 1.0), (&[5, 12], 0.5), (&[7, 7], 2.0)] {
            let w = filled(json!({"type": "orthogonal", "gain": gain}), shape);
            let columns = *shape.last().unwrap();
            let rows = w.len() / columns;
            let at = |long: usize, short: usize| {
                f64::from(if rows >= columns { w[long * columns + short] } else { w[short * columns + long] })
            };
            for a in 0..rows.min(columns) {
                for b in 0..rows.min(columns) {
                    let product: f64 = (0..rows.max(columns)).map(|i| at(i, a) * at(i, b)).sum();
                    let expected = if a == b { gain * gain } else { 0.0 };
                    assert!((product - expected).abs() < 1e-6, "{shape:?} {a} {b}: {product}");
                }
            }
        }
    }

    #[test]
    fn the_identity_of_a_convolution_is_its_middle_tap() {
        assert_eq!(filled(json!("identity"), &[2, 3]), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let w = filled(json!({"type": "identity", "gain": 2}), &[3, 2, 1, 2]);
        let place = |ky: usize, kx: usize| (ky * 2 + kx) * 2;
        assert_eq!(w.iter().filter(|w| **w != 0.0).count(), 1);
        assert_eq!(w[place(1, 1)], 2.0);
    }

    #[test]
    fn outputs_beyond_the_inputs_start_by_another_rule() {
        let w = filled(json!({"type": "identity", "others": "he_normal"}), &[3, 3, 2, 5]);
        for (row, values) in w.chunks_exact(5).enumerate() {
            let expected = if row / 2 == 4 { [f32::from(row % 2 == 0), f32::from(row % 2 == 1)] } else { [0.0; 2] };
            assert_eq!(values[..2], expected, "{row}");
            assert!(values[2..].iter().all(|&w| w != 0.0), "{row}: {values:?}");
        }
    }

    #[test]
    fn constants_of_other_rules_are_refused() {
        for (document, expected) in [
            (json!({"type": "he_normal", "gain": 2}), "gain belongs"),
            (json!({"type": "random_uniform", "minval": 1}), "minval must not be above maxval"),
            (json!({"type": "random_normal", "stddev": -1}), "stddev must be zero or more"),
            (json!("orthogonal_rows"), "orthogonal_rows"),
        ] {
            let error = crate::base::document::read::<Initializer>(&document).unwrap_err();
            assert!(error.contains(expected), "{document}: {error}");
        }
    }
}
