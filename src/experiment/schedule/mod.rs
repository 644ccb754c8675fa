//! Learning-rate schedules, one file each: the learning rate of every step, computed from the optimiser's
//! `learning_rate`.

mod cosine_decay;
mod exponential_decay;
mod inverse_time_decay;
mod one_cycle;
#[cfg(feature = "extended")]
mod piecewise_constant_decay;
#[cfg(feature = "extended")]
mod polynomial_decay;
mod rate;
mod reduce_on_plateau;
mod step_decay;
#[cfg(feature = "extended")]
mod triangular;
mod warmup;
mod watch;

pub use cosine_decay::CosineDecay;
pub use exponential_decay::ExponentialDecay;
pub use inverse_time_decay::InverseTimeDecay;
pub use one_cycle::OneCycle;
#[cfg(feature = "extended")]
pub use piecewise_constant_decay::PiecewiseConstantDecay;
#[cfg(feature = "extended")]
pub use polynomial_decay::PolynomialDecay;
pub use rate::{Moment, Rate};
pub use reduce_on_plateau::ReduceOnPlateau;
pub use step_decay::StepDecay;
#[cfg(feature = "extended")]
pub use triangular::Triangular;
pub use warmup::Warmup;
pub use watch::Watch;

crate::registry! {
    /// How the learning rate changes during the run.
    pub enum Schedule as dyn Rate {
        "inverse_time_decay" => InverseTimeDecay,
        "exponential_decay" => ExponentialDecay,
        "cosine_decay" => CosineDecay,
        "step_decay" => StepDecay,
        "one_cycle" => OneCycle,
        "warmup" => Warmup,
        "reduce_on_plateau" => ReduceOnPlateau,
        #[cfg(feature = "extended")]
        "polynomial_decay" => PolynomialDecay,
        #[cfg(feature = "extended")]
        "piecewise_constant_decay" => PiecewiseConstantDecay,
        #[cfg(feature = "extended")]
        "triangular" => Triangular,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schedule: &str, step: usize) -> f64 {
        let schedule: Schedule = serde_json::from_str(schedule).unwrap();
        schedule.rate(0.1, Moment { step, epoch: step / 10, total_steps: 100 })
    }

    #[test]
    fn rates_at_chosen_steps() {
        let inverse = r#"{"type": "inverse_time_decay", "decay_rate": 0.5}"#;
        assert!((at(inverse, 2) - 0.05).abs() < 1e-12);
        let step = r#"{"type": "step_decay", "step_size": 2}"#;
        assert!((at(step, 25) - 0.01).abs() < 1e-12);
        let cosine = r#"{"type": "cosine_decay", "decay_steps": 50}"#;
        assert!((at(cosine, 25) - 0.05).abs() < 1e-12);
        let polynomial = r#"{"type": "polynomial_decay", "decay_steps": 50, "end_learning_rate": 0.02, "power": 2}"#;
        assert!((at(polynomial, 25) - 0.04).abs() < 1e-12 && (at(polynomial, 80) - 0.02).abs() < 1e-12);
        let again = r#"{"type": "polynomial_decay", "decay_steps": 20, "end_learning_rate": 0, "cycle": true}"#;
        assert!((at(again, 30) - 0.025).abs() < 1e-12);
        let pieces = r#"{"type": "piecewise_constant_decay", "boundaries": [10, 20], "values": [1, 0.5, 0.1]}"#;
        assert_eq!([10, 11, 20, 21].map(|step| at(pieces, step)), [1.0, 0.5, 0.5, 0.1]);
        let triangle = r#"{"type": "triangular", "start": 0.2, "peak": 0.25, "end": 0.1}"#;
        assert!((at(triangle, 0) - 0.02).abs() < 1e-12 && (at(triangle, 25) - 0.1).abs() < 1e-12);
        assert!((at(triangle, 100) - 0.01).abs() < 1e-12);
        let cycle = r#"{"type": "one_cycle"}"#;
        assert!((at(cycle, 0) - 0.1 / 25.0).abs() < 1e-12);
        assert!((at(cycle, 29) - 0.1).abs() < 1e-12);
        assert!((at(cycle, 99) - 0.1 / 25.0 / 1e4).abs() < 1e-12);
    }

    #[test]
    fn a_cycle_whose_peak_is_its_first_step_has_a_rate_at_every_step() {
        // A fifth of five steps is one: the share of a rise of no step would be 0 / 0.
        let cycle: Schedule = serde_json::from_str(r#"{"type": "one_cycle", "pct_start": 0.2}"#).unwrap();
        let rate = |step: usize| cycle.rate(0.1, Moment { step, epoch: 0, total_steps: 5 });
        // Half a cosine from 0.1 down to 4e-7.
        for (step, expected) in [0.1, 0.085355397638, 0.0500002, 0.014645002362, 4e-7].into_iter().enumerate() {
            assert!((rate(step) - expected).abs() < 1e-12, "step {step}: {} instead of {expected}", rate(step));
        }
    }
}
