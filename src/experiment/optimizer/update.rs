//! The arithmetic of the update rules, with Keras 3's formulas.
//!
//! `g` is the gradient with penalties, after clipping; `lr` the step's learning rate; `t` the step, from 1. Slots are
//! initialised with zeros. `weight_decay` is applied first: `w -= w * weight_decay * lr`.

use crate::tensor::real::Real;

/// The rule by which both engines update every weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Update {
    /// `w -= lr * g`.
    Plain,
    /// Slot 0: `m`.
    Momentum {
        /// Share of the last step that is kept.
        momentum: f64,
        /// Nesterov momentum.
        nesterov: bool,
    },
    /// Slots: `m`, `v`.
    Adam {
        /// Decay of the mean.
        beta_1: f64,
        /// Decay of the mean square.
        beta_2: f64,
        /// Added to the divisor to avoid division by zero.
        epsilon: f64,
    },
    /// Slots: `v`, then `mom` (momentum above 0), then the mean (centered).
    Rmsprop {
        /// Decay of the mean square.
        rho: f64,
        /// Share of the last step that is kept.
        momentum: f64,
        /// Added to the divisor to avoid division by zero.
        epsilon: f64,
        /// Subtract the squared mean.
        centered: bool,
    },
}

impl Update {
    /// Number of slots: values stored for each weight between steps.
    pub fn slots(self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Momentum { .. } => 1,
            Self::Adam { .. } => 2,
            Self::Rmsprop { momentum, centered, .. } => 1 + usize::from(momentum > 0.0) + usize::from(centered),
        }
    }

    /// Factor on the learning rate at step `t` (from 1): Adam's bias correction, else 1.
    pub fn rate_scale(self, t: u32) -> f64 {
        match self {
            Self::Adam { beta_1, beta_2, .. } => {
                // Keras rounds the betas to f32 before it raises them to a power; at step 1 this changes the rate by a
                // share of 6e-6.
                let (beta_1, beta_2, t) = (f64::from(beta_1 as f32), f64::from(beta_2 as f32), f64::from(t));
                (1.0 - libm::pow(beta_2, t)).sqrt() / (1.0 - libm::pow(beta_1, t))
            }
            _ => 1.0,
        }
    }

    /// Updates weights `w` with gradients `g`; `rate` is `lr * rate_scale`; `g` and each slot have the length of `w`.
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
