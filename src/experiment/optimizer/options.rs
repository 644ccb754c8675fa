//! The options that all optimisers share.

use super::constants::{positive, share};
use super::update::Update;

/// How gradients are clipped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clip {
    /// Clips each parameter's gradient to this norm.
    Norm(f64),
    /// Clips all gradients together to this norm.
    GlobalNorm(f64),
    /// Clips each value of a gradient to this magnitude.
    Value(f64),
}

/// The options that all optimisers share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The learning rate that schedules start from.
    pub learning_rate: f64,
    /// Decoupled weight decay; 0 for none.
    pub weight_decay: f64,
    /// The clipping options; at most one may be set.
    pub clips: [Option<Clip>; 3],
    /// Groups of parameters with factors of their own.
    #[cfg(feature = "extended")]
    pub groups: Vec<super::group::Group>,
    /// `use_ema`, `ema_momentum` and `ema_overwrite_frequency`.
    #[cfg(feature = "extended")]
    pub ema: (bool, f64, Option<u32>),
    /// Lookahead, if it is used.
    #[cfg(feature = "extended")]
    pub lookahead: Option<super::averaging::Lookahead>,
}

/// The meaning of an optimiser's options.
pub trait Method {
    /// The options that all optimisers share.
    fn shared(&self) -> Shared;
    /// The update rule.
    ///
    /// # Errors
    /// If a constant is out of range: names the option, the rule and the received value.
    fn update(&self) -> Result<Update, String>;
    /// Which parameters are matrices to the rule, if it treats them differently.
    #[cfg(feature = "extended")]
    fn matrices(&self) -> Option<super::matrices::Matrices> {
        None
    }
}

/// The update rule of `adam` and `adamw`, which differ in their default weight decay only.
///
/// # Errors
/// If a constant is out of range: names the option, the rule and the received value.
pub fn adam(beta_1: f64, beta_2: f64, epsilon: f64) -> Result<Update, String> {
    share("beta_1", beta_1)?;
    share("beta_2", beta_2)?;
    positive("epsilon", epsilon)?;
    Ok(Update::Adam { beta_1, beta_2, epsilon })
}

/// Defines the struct of an optimiser's options with their defaults, in the order of a document: the optimiser's own
/// options, and those that all optimisers share.
macro_rules! options {
    (
        $(#[$about:meta])*
        pub struct $name:ident(learning_rate = $learning_rate:expr, weight_decay = $weight_decay:expr) {
            $($(#[$help:meta])* $option:ident: $type:ty = $default:expr,)*
        }
    ) => {
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        $(#[$about])*
        pub struct $name {
            /// Learning rate: the step size of an update, 0 or more. A schedule starts from it.
            #[schemars(range(min = 0.0))]
            learning_rate: f64,
            $($(#[$help])* $option: $type,)*
            /// Decoupled weight decay: each step subtracts this share of a weight, times the learning rate; between 0
            /// and 1.
            #[schemars(range(min = 0.0, max = 1.0))]
            weight_decay: f64,
            /// Scale down each parameter's gradient whose norm is larger than this, above 0. At most one of `clipnorm`,
            /// `global_clipnorm` and `clipvalue` may be set.
            #[schemars(extend("exclusiveMinimum" = 0))]
            clipnorm: Option<f64>,
            /// Scale down all gradients if their global norm is larger than this, above 0.
            #[schemars(extend("exclusiveMinimum" = 0))]
            global_clipnorm: Option<f64>,
            /// Clip each value of a gradient to this magnitude, above 0.
            #[schemars(extend("exclusiveMinimum" = 0))]
            clipvalue: Option<f64>,
            /// Factors of the learning rate and of the weight decay for some parameters; of several groups the first one that
            /// matches counts.
            #[cfg(feature = "extended")]
            #[serde(skip_serializing_if = "Vec::is_empty")]
            groups: Vec<$crate::experiment::optimizer::group::Group>,
            /// Keep a moving average of the weights: the run ends with it, and the epochs' figures are those of the weights
            /// themselves.
            #[cfg(feature = "extended")]
            use_ema: bool,
            /// Share of the moving average that a step keeps, 0 or more and below 1.
            #[cfg(feature = "extended")]
            #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
            ema_momentum: f64,
            /// Set the weights to their moving average after every so many steps; never if not set.
            #[cfg(feature = "extended")]
            #[schemars(range(min = 1))]
            ema_overwrite_frequency: Option<u32>,
            /// Lookahead: slow weights that follow every few steps, and that the run ends with.
            #[cfg(feature = "extended")]
            lookahead: Option<$crate::experiment::optimizer::averaging::Lookahead>,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    learning_rate: $learning_rate,
                    $($option: $default,)*
                    weight_decay: $weight_decay,
                    clipnorm: None,
                    global_clipnorm: None,
                    clipvalue: None,
                    #[cfg(feature = "extended")]
                    groups: Vec::new(),
                    #[cfg(feature = "extended")]
                    use_ema: false,
                    #[cfg(feature = "extended")]
                    ema_momentum: 0.99,
                    #[cfg(feature = "extended")]
                    ema_overwrite_frequency: None,
                    #[cfg(feature = "extended")]
                    lookahead: None,
                }
            }
        }

        impl $name {
            fn shared_options(&self) -> $crate::experiment::optimizer::options::Shared {
                use $crate::experiment::optimizer::options::{Clip, Shared};
                Shared {
                    learning_rate: self.learning_rate,
                    weight_decay: self.weight_decay,
                    clips: [
                        self.clipnorm.map(Clip::Norm),
                        self.global_clipnorm.map(Clip::GlobalNorm),
                        self.clipvalue.map(Clip::Value),
                    ],
                    #[cfg(feature = "extended")]
                    groups: self.groups.clone(),
                    #[cfg(feature = "extended")]
                    ema: (self.use_ema, self.ema_momentum, self.ema_overwrite_frequency),
                    #[cfg(feature = "extended")]
                    lookahead: self.lookahead,
                }
            }
        }
    };
}
