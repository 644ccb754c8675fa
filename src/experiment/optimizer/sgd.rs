//! `sgd`: stochastic gradient descent, optionally with momentum (Polyak, 1964).

use super::constants::share;
use super::options::{Method, Shared};
use super::update::Update;

options! {
    /// Stochastic gradient descent, optionally with momentum.
    #[schemars(extend("examples" = [{"learning_rate": 0.01, "momentum": 0.9}]))]
    pub struct Sgd(learning_rate = 0.01, weight_decay = 0.0) {
        /// Momentum: the share of the last step that the next one keeps, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        momentum: f64 = 0.0,
        /// Nesterov momentum: apply the momentum before the gradient.
        nesterov: bool = false,
    }
}

impl Method for Sgd {
    fn shared(&self) -> Shared {
        self.shared_options()
    }

    fn update(&self) -> Result<Update, String> {
        let Self { momentum, nesterov, .. } = *self;
        share("momentum", momentum)?;
        Ok(if momentum == 0.0 { Update::Plain } else { Update::Momentum { momentum, nesterov } })
    }
}
