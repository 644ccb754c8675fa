//! `rmsprop`: Tieleman and Hinton, 2012.

use super::constants::{positive, share};
use super::options::{Method, Shared};
use super::update::Update;

options! {
    /// RMSprop: the gradient divided by the root of a running mean of its square.
    #[schemars(extend("examples" = [{"learning_rate": 0.001}]))]
    pub struct Rmsprop(learning_rate = 0.001, weight_decay = 0.0) {
        /// Momentum: the share of the last step that the next one keeps, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        momentum: f64 = 0.0,
        /// Decay of the mean of the squared gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        rho: f64 = 0.9,
        /// Subtract the squared mean of the gradients, so that the divisor is their standard deviation.
        centered: bool = false,
        /// Added to the divisor to avoid division by zero, above 0.
        #[schemars(extend("exclusiveMinimum" = 0))]
        epsilon: f64 = 1e-7,
    }
}

impl Method for Rmsprop {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        let Self { rho, momentum, epsilon, centered, .. } = *self;
        positive("epsilon", epsilon)?;
        share("momentum", momentum)?;
        share("rho", rho)?;
        Ok(Update::Rmsprop { rho, momentum, epsilon, centered })
    }
}
