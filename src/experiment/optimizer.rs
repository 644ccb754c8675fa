//! Update rules, by Keras 3's formulas.
//!
//! `g` is the gradient with penalties, after clipping; `lr` this step's learning rate; `t` the step, from 1. Slots start
//! at zero. `weight_decay` comes first: `w -= w * weight_decay * lr`.

use crate::base::number::Plain;
use crate::base::record::{Read, Reading, Write, Wrong};
use crate::tensor::real::Real;
use serde_json::Value;

/// An update rule and what goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimizer {
    /// The learning rate that schedules start from.
    pub learning_rate: f64,
    /// Decoupled weight decay; 0 for none.
    pub weight_decay: f64,
    /// How gradients are clipped, if at all.
    pub clip: Option<Clip>,
    /// The rule.
    pub update: Update,
    /// The options as written.
    options: Options,
}

impl Read for Optimizer {
    fn read(value: &Value) -> Reading<Self> {
        Options::read(value)?.try_into().map_err(Wrong::new)
    }
}

impl Write for Optimizer {
    fn write(&self) -> Value {
        self.options.write()
    }
}

/// The contract's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stochastic gradient descent.
    Sgd,
    /// Kingma and Ba, 2014.
    Adam,
    /// Loshchilov and Hutter, 2017: Adam with decoupled weight decay, 0.004 unless given.
    Adamw,
    /// Tieleman and Hinton, 2012.
    Rmsprop,
}
crate::names!(Kind { "sgd" => Sgd, "adam" => Adam, "adamw" => Adamw, "rmsprop" => Rmsprop });

/// The options of every rule; [`Optimizer`] refuses those that its rule does not have.
#[derive(Debug, Clone, PartialEq)]
struct Options {
    kind: Kind,
    learning_rate: Option<f64>,
    momentum: Option<f64>,
    nesterov: Option<bool>,
    beta_1: Option<f64>,
    beta_2: Option<f64>,
    rho: Option<f64>,
    centered: Option<bool>,
    epsilon: Option<f64>,
    weight_decay: Option<f64>,
    clipnorm: Option<f64>,
    global_clipnorm: Option<f64>,
    clipvalue: Option<f64>,
}
crate::record!(Options {
    kind as "type",
    learning_rate: optional,
    momentum: optional,
    nesterov: optional,
    beta_1: optional,
    beta_2: optional,
    rho: optional,
    centered: optional,
    epsilon: optional,
    weight_decay: optional,
    clipnorm: optional,
    global_clipnorm: optional,
    clipvalue: optional,
});

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

/// The arithmetic that both engines run for every weight: one rule, its constants, its number of slots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Update {
    /// `w -= lr * g`.
    Plain,
    /// Slot 0: `m`.
    Momentum {
        /// Share kept.
        momentum: f64,
        /// Look ahead.
        nesterov: bool,
    },
    /// Slots: `m`, `v`.
    Adam {
        /// Decay of the mean.
        beta_1: f64,
        /// Decay of the mean square.
        beta_2: f64,
        /// Keeps the divisor away from zero.
        epsilon: f64,
    },
    /// Slots: `v`, then `mom` (momentum above 0), then the mean (centered).
    Rmsprop {
        /// Decay of the mean square.
        rho: f64,
        /// Share kept.
        momentum: f64,
        /// Keeps the divisor away from zero.
        epsilon: f64,
        /// Subtract the squared mean.
        centered: bool,
    },
}

impl TryFrom<Options> for Optimizer {
    type Error = String;

    fn try_from(options: Options) -> Result<Self, String> {
        options.check_names()?;
        let positive =
            |what: &str, value: f64| check(value > 0.0 && value.is_finite(), what, "must be above zero", value);
        let clips = [
            options.clipnorm.map(Clip::Norm),
            options.global_clipnorm.map(Clip::GlobalNorm),
            options.clipvalue.map(Clip::Value),
        ];
        let clip = clips.into_iter().flatten().next();
        if let Some(Clip::Norm(bound) | Clip::GlobalNorm(bound) | Clip::Value(bound)) = clip {
            positive("the clipping bound", bound)?;
        }
        if clips.iter().flatten().count() > 1 {
            return Err("at most one of clipnorm, global_clipnorm and clipvalue may be set".into());
        }
        let learning_rate = options.learning_rate.unwrap_or(if options.kind == Kind::Sgd { 0.01 } else { 0.001 });
        check(
            learning_rate >= 0.0 && learning_rate.is_finite(),
            "learning_rate",
            "must be zero or more",
            learning_rate,
        )?;
        let weight_decay = options.weight_decay.unwrap_or(if options.kind == Kind::Adamw { 0.004 } else { 0.0 });
        check((0.0..=1.0).contains(&weight_decay), "weight_decay", "must lie between 0 and 1", weight_decay)?;
        positive("epsilon", options.epsilon.unwrap_or(1.0))?;
        Ok(Self { learning_rate, weight_decay, clip, update: options.update()?, options })
    }
}

fn check(ok: bool, what: &str, rule: &str, value: f64) -> Result<(), String> {
    if ok { Ok(()) } else { Err(format!("{what} {rule}. Received: {}", Plain(value))) }
}

impl Options {
    /// Refuses options of other rules.
    fn check_names(&self) -> Result<(), String> {
        use Kind::{Adam, Adamw, Rmsprop, Sgd};
        let foreign = [
            ("momentum", self.momentum.is_some(), &[Sgd, Rmsprop][..]),
            ("nesterov", self.nesterov.is_some(), &[Sgd]),
            ("beta_1", self.beta_1.is_some(), &[Adam, Adamw]),
            ("beta_2", self.beta_2.is_some(), &[Adam, Adamw]),
            ("rho", self.rho.is_some(), &[Rmsprop]),
            ("centered", self.centered.is_some(), &[Rmsprop]),
            ("epsilon", self.epsilon.is_some(), &[Adam, Adamw, Rmsprop]),
        ];
        match foreign.iter().find(|(_, given, kinds)| *given && !kinds.contains(&self.kind)) {
            Some((name, ..)) => Err(format!("{:?} has no such option. Received: {name}", self.kind)),
            None => Ok(()),
        }
    }

    fn update(&self) -> Result<Update, String> {
        let share = |what: &str, value: Option<f64>, default: f64| {
            let value = value.unwrap_or(default);
            check((0.0..1.0).contains(&value), what, "must be 0 or more and below 1", value).map(|()| value)
        };
        let momentum = share("momentum", self.momentum, 0.0)?;
        let epsilon = self.epsilon.unwrap_or(1e-7);
        Ok(match self.kind {
            Kind::Sgd if momentum == 0.0 => Update::Plain,
            Kind::Sgd => Update::Momentum { momentum, nesterov: self.nesterov.unwrap_or(false) },
            Kind::Adam | Kind::Adamw => Update::Adam {
                beta_1: share("beta_1", self.beta_1, 0.9)?,
                beta_2: share("beta_2", self.beta_2, 0.999)?,
                epsilon,
            },
            Kind::Rmsprop => Update::Rmsprop {
                rho: share("rho", self.rho, 0.9)?,
                momentum,
                epsilon,
                centered: self.centered.unwrap_or(false),
            },
        })
    }
}

impl Update {
    /// Values kept for each weight between steps.
    pub fn slots(self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Momentum { .. } => 1,
            Self::Adam { .. } => 2,
            Self::Rmsprop { momentum, centered, .. } => 1 + usize::from(momentum > 0.0) + usize::from(centered),
        }
    }

    /// What the learning rate is multiplied by at step `t` (from 1): Adam's bias correction, else 1.
    pub fn rate_scale(self, t: u32) -> f64 {
        match self {
            Self::Adam { beta_1, beta_2, .. } => {
                // Keras rounds the betas to f32 before it raises them; at step 1 that is 6e-6 of the rate.
                let (beta_1, beta_2, t) = (f64::from(beta_1 as f32), f64::from(beta_2 as f32), f64::from(t));
                (1.0 - libm::pow(beta_2, t)).sqrt() / (1.0 - libm::pow(beta_1, t))
            }
            _ => 1.0,
        }
    }

    /// Updates weights `w` by gradients `g`; `rate` is `lr * rate_scale`, slots are as long as `w`.
    pub fn apply<T: Real>(self, w: &mut [T], g: &[T], slots: &mut [&mut [T]], rate: T) {
        match (self, slots) {
            (Self::Plain, _) => w.iter_mut().zip(g).for_each(|(w, &g)| *w -= rate * g),
            (Self::Momentum { momentum, nesterov }, [m]) => {
                let momentum = T::of(momentum);
                for ((w, &g), m) in w.iter_mut().zip(g).zip(m.iter_mut()) {
                    *m = momentum * *m - rate * g;
                    *w += if nesterov { momentum * *m - rate * g } else { *m };
                }
            }
            (Self::Adam { beta_1, beta_2, epsilon }, [m, v]) => {
                let (a, b, epsilon) = (T::of(1.0 - beta_1), T::of(1.0 - beta_2), T::of(epsilon));
                for ((w, &g), (m, v)) in w.iter_mut().zip(g).zip(m.iter_mut().zip(v.iter_mut())) {
                    *m += (g - *m) * a;
                    *v += (g * g - *v) * b;
                    *w -= *m * rate / (v.sqrt() + epsilon);
                }
            }
            (Self::Rmsprop { rho, momentum, epsilon, centered }, [v, rest @ ..]) => {
                let (keep, take) = (T::of(rho), T::of(1.0 - rho));
                let (mut mom, mut mean) = match (rest, centered) {
                    ([mom, mean], _) => (Some(mom), Some(mean)),
                    ([mean], true) => (None, Some(mean)),
                    ([mom], false) => (Some(mom), None),
                    _ => (None, None),
                };
                for (i, (w, &g)) in w.iter_mut().zip(g).enumerate() {
                    v[i] = keep * v[i] + take * g * g;
                    let mut divisor = v[i] + T::of(epsilon);
                    if let Some(mean) = &mut mean {
                        mean[i] = keep * mean[i] + take * g;
                        divisor -= mean[i] * mean[i];
                    }
                    let increment = rate * g / divisor.sqrt();
                    *w -= match &mut mom {
                        Some(mom) => {
                            mom[i] = T::of(momentum) * mom[i] + increment;
                            mom[i]
                        }
                        None => increment,
                    };
                }
            }
            _ => unreachable!("the engine makes Update::slots() slots"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Optimizer, String> {
        Optimizer::read(&serde_json::from_str(json).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_are_keras_defaults() {
        let adam = parse("{\"type\": \"adam\"}").unwrap();
        assert_eq!(adam.update, Update::Adam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 });
        assert_eq!(adam.learning_rate, 0.001);
        assert_eq!(parse("{\"type\": \"sgd\"}").unwrap().learning_rate, 0.01);
        assert_eq!(parse("{\"type\": \"adamw\"}").unwrap().weight_decay, 0.004);
    }

    #[test]
    fn options_of_other_rules_and_absurd_values_are_refused() {
        assert!(parse("{\"type\": \"adam\", \"momentum\": 0.9}").unwrap_err().contains("momentum"));
        assert!(parse("{\"type\": \"sgd\", \"learning_rate\": -1}").unwrap_err().contains("Received: -1"));
        assert!(parse("{\"type\": \"sgd\", \"clipnorm\": 1, \"clipvalue\": 1}").is_err());
        assert!(parse("{\"type\": \"adagrad\"}").unwrap_err().contains("adagrad"));
    }
}
