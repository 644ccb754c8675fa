//! `adagrad`: Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011.

use super::constants::{not_negative, positive};
use super::options::{Method, Shared};
use super::update::Update;

options! {
    /// Adagrad: each weight has its own learning rate, which falls as its gradients add up.
    #[schemars(extend("examples" = [{"learning_rate": 0.01}]))]
    pub struct Adagrad(learning_rate = 0.001, weight_decay = 0.0) {
        /// The sum of the squared gradients before the first step, 0 or more.
        #[schemars(range(min = 0.0))]
        initial_accumulator_value: f64 = 0.1,
        /// Added to the sum to avoid division by zero, above 0.
        #[schemars(extend("exclusiveMinimum" = 0))]
        epsilon: f64 = 1e-7,
    }
}

impl Method for Adagrad {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        let (initial, epsilon) = (self.initial_accumulator_value, self.epsilon);
        not_negative("initial_accumulator_value", initial)?;
        positive("epsilon", epsilon)?;
        Ok(Update::Adagrad { initial, epsilon })
    }
}
