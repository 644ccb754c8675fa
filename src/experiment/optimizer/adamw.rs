//! `adamw`: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2017.

use super::options::{Method, Shared, adam};
use super::update::Update;

options! {
    /// AdamW: Adam with decoupled weight decay.
    #[schemars(extend("examples" = [{"learning_rate": 0.001}]))]
    pub struct Adamw(learning_rate = 0.001, weight_decay = 0.004) {
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

impl Method for Adamw {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        adam(self.beta_1, self.beta_2, self.epsilon)
    }
}
