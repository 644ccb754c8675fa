//! `lion`: Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023.

use super::constants::share;
use super::options::{Method, Shared};
use super::update::Update;

options! {
    /// Lion: every weight moves by the learning rate, in the direction of a mean of its gradients.
    #[schemars(extend("examples" = [{"learning_rate": 0.0003}]))]
    pub struct Lion(learning_rate = 0.001, weight_decay = 0.0) {
        /// Share of the mean in the direction of a step, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        beta_1: f64 = 0.9,
        /// Decay of the mean of the gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        beta_2: f64 = 0.99,
    }
}

impl Method for Lion {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        let Self { beta_1, beta_2, .. } = *self;
        share("beta_1", beta_1)?;
        share("beta_2", beta_2)?;
        Ok(Update::Lion { beta_1, beta_2 })
    }
}
