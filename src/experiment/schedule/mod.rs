//! Learning-rate schedules, one file each: the learning rate of every step, computed from the optimiser's
//! `learning_rate`.

mod cosine_decay;
mod exponential_decay;
mod inverse_time_decay;
mod one_cycle;
mod rate;
mod reduce_on_plateau;
mod step_decay;
mod warmup;
mod watch;

pub use cosine_decay::CosineDecay;
pub use exponential_decay::ExponentialDecay;
pub use inverse_time_decay::InverseTimeDecay;
pub use one_cycle::OneCycle;
pub use rate::{Moment, Rate};
pub use reduce_on_plateau::ReduceOnPlateau;
pub use step_decay::StepDecay;
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
        let cycle = r#"{"type": "one_cycle"}"#;
        assert!((at(cycle, 0) - 0.1 / 25.0).abs() < 1e-12);
        assert!((at(cycle, 29) - 0.1).abs() < 1e-12);
        assert!((at(cycle, 99) - 0.1 / 25.0 / 1e4).abs() < 1e-12);
    }
}
