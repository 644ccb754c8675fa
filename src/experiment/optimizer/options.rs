//! The options that all optimisers have, and checks of constants.

use crate::base::number::Plain;

/// How gradients are kept small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clip {
    /// Each variable's norm.
    Norm(f64),
    /// The norm of all together.
    GlobalNorm(f64),
    /// Each value.
    Value(f64),
}

/// What all optimisers have.
#[derive(Debug, Clone, Copy)]
pub struct Shared {
    /// The learning rate that schedules start from.
    pub learning_rate: f64,
    /// Decoupled weight decay; 0 for none.
    pub weight_decay: f64,
    /// Ways of clipping; one at most may be given.
    pub clips: [Option<Clip>; 3],
}

/// The struct of an optimiser's options, in the order in which a document has them, each with its default: the optimiser's
/// own, and between them those that all optimisers have.
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
            /// Learning rate: how far a step moves the weights, 0 or more. A schedule starts from it.
            #[schemars(range(min = 0.0))]
            learning_rate: f64,
            $($(#[$help])* $option: $type,)*
            /// Weight decay (decoupled): the share of each weight, times the learning rate, that every step takes off;
            /// between 0 and 1.
            #[schemars(range(min = 0.0, max = 1.0))]
            weight_decay: f64,
            /// Scale down each parameter's gradient whose norm is larger than this, above 0. At most one of `clipnorm`,
            /// `global_clipnorm` and `clipvalue` may be set.
            #[schemars(extend("exclusiveMinimum" = 0))]
            clipnorm: Option<f64>,
            /// Scale down all gradients where their common norm is larger than this, above 0.
            #[schemars(extend("exclusiveMinimum" = 0))]
            global_clipnorm: Option<f64>,
            /// Cut each value of a gradient off at this size, above 0.
            #[schemars(extend("exclusiveMinimum" = 0))]
            clipvalue: Option<f64>,
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
                }
            }
        }
    };
}

/// Refuses a constant that breaks its rule.
pub fn check(ok: bool, what: &str, rule: &str, value: f64) -> Result<(), String> {
    if ok { Ok(()) } else { Err(format!("{what} {rule}. Received: {}", Plain(value))) }
}

/// Refuses what is not above zero.
pub fn positive(what: &str, value: f64) -> Result<(), String> {
    check(value > 0.0 && value.is_finite(), what, "must be above zero", value)
}

/// Refuses what is not a share that may be kept from step to step.
pub fn share(what: &str, value: f64) -> Result<(), String> {
    check((0.0..1.0).contains(&value), what, "must be 0 or more and below 1", value)
}
