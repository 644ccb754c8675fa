//! `nadam`: Dozat, "Incorporating Nesterov Momentum into Adam", 2016.

use super::constants::{positive, share};
use super::options::{Method, Shared};
use super::update::Update;

options! {
    /// Nadam: Adam with Nesterov momentum.
    #[schemars(extend("examples" = [{"learning_rate": 0.001}]))]
    pub struct Nadam(learning_rate = 0.001, weight_decay = 0.0) {
        /// Decay of the mean of the gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        beta_1: f64 = 0.9,
        /// Decay of the mean of the squared gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        beta_2: f64 = 0.999,
        /// Added to the divisor to avoid division by zero, above 0.
        #[schemars(extend("exclusiveMinimum" = 0))]
        epsilon: f64 = 1e-7,
    }
}

impl Method for Nadam {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        let Self { beta_1, beta_2, epsilon, .. } = *self;
        share("beta_1", beta_1)?;
        share("beta_2", beta_2)?;
        positive("epsilon", epsilon)?;
        Ok(Update::Nadam { beta_1, beta_2, epsilon })
    }
}
