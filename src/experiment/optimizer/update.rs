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
    /// Slots: `m`, `v`. Adam with Nesterov momentum.
    #[cfg(feature = "extended")]
    Nadam {
        /// Decay of the mean.
        beta_1: f64,
        /// Decay of the mean square.
        beta_2: f64,
        /// Added to the divisor to avoid division by zero.
        epsilon: f64,
    },
    /// Slot 0: the sum of the squared gradients, without the initial value.
    #[cfg(feature = "extended")]
    Adagrad {
        /// The sum before the first step.
        initial: f64,
        /// Added to the sum to avoid division by zero.
        epsilon: f64,
    },
    /// Slots: of a matrix `m` and the direction before it is made orthogonal; of other parameters Adam's.
    #[cfg(feature = "extended")]
    Muon {
        /// The constants for matrices; `engine/cpu/muon.rs` updates them.
        matrix: super::matrices::Orthogonal,
        /// Decay of Adam's mean.
        beta_1: f64,
        /// Decay of Adam's mean square.
        beta_2: f64,
        /// Added to Adam's divisor to avoid division by zero.
        epsilon: f64,
    },
    /// Slot 0: `m`.
    #[cfg(feature = "extended")]
    Lion {
        /// Share of the mean in the direction of a step.
        beta_1: f64,
        /// Decay of the mean.
        beta_2: f64,
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
            #[cfg(feature = "extended")]
            Self::Nadam { .. } | Self::Muon { .. } => 2,
            #[cfg(feature = "extended")]
            Self::Adagrad { .. } | Self::Lion { .. } => 1,
        }
    }

    /// Numbers of step `t` (from 1) that the rule needs beside the learning rate: Nadam's factors of the mean, of the gradient and
    /// of the mean square.
    pub fn factors(self, t: u32) -> [f64; 3] {
        match self {
            #[cfg(feature = "extended")]
            Self::Nadam { beta_1, beta_2, .. } => {
                let momentum = |t: u32| beta_1 * (1.0 - 0.5 * libm::pow(0.96, f64::from(t)));
                // From some thousand steps on, the factor is beta_1 to the last bit.
                let first = t.min(2000);
                let product = (1..=first).map(momentum).product::<f64>() * libm::pow(beta_1, f64::from(t - first));
                let (now, next) = (momentum(t), momentum(t + 1));
                let mean_square = (1.0 - libm::pow(beta_2, f64::from(t))).recip();
                [next / (1.0 - product * next), (1.0 - now) / (1.0 - product), mean_square]
            }
            _ => {
                let _ = t;
                [0.0; 3]
            }
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
            #[cfg(feature = "extended")]
            Self::Muon { beta_1, beta_2, epsilon, .. } => Self::Adam { beta_1, beta_2, epsilon }.rate_scale(t),
            _ => 1.0,
        }
    }

    /// Updates weights `w` with gradients `g` in step `t` (from 1); `rate` is `lr * rate_scale`; `g` and each slot have the length
    /// of `w`.
    pub fn apply<T: Real>(self, w: &mut [T], g: &[T], slots: &mut [&mut [T]], (rate, t): (T, u32)) {
        let _ = t;
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
            #[cfg(feature = "extended")]
            (Self::Nadam { beta_1, beta_2, epsilon }, [m, v]) => {
                let (a, b, epsilon) = (T::of(1.0 - beta_1), T::of(1.0 - beta_2), T::of(epsilon));
                let [mean, gradient, square] = self.factors(t).map(T::of);
                for ((w, &g), (m, v)) in w.iter_mut().zip(g).zip(m.iter_mut().zip(v.iter_mut())) {
                    *m += (g - *m) * a;
                    *v += (g * g - *v) * b;
                    *w -= (mean * *m + gradient * g) * rate / ((*v * square).sqrt() + epsilon);
                }
            }
            #[cfg(feature = "extended")]
            (Self::Muon { beta_1, beta_2, epsilon, .. }, slots) => {
                Self::Adam { beta_1, beta_2, epsilon }.apply(w, g, slots, (rate, t));
            }
            #[cfg(feature = "extended")]
            (Self::Adagrad { initial, epsilon }, [sum]) => {
                let start = T::of(initial);
                for ((w, &g), sum) in w.iter_mut().zip(g).zip(sum.iter_mut()) {
                    *sum += g * g;
                    *w -= rate * g / (*sum + start + T::of(epsilon)).sqrt();
                }
            }
            #[cfg(feature = "extended")]
            (Self::Lion { beta_1, beta_2 }, [m]) => {
                let share = |m: T, g: T, beta: f64| m * T::of(beta) + g * T::of(1.0 - beta);
                for ((w, &g), m) in w.iter_mut().zip(g).zip(m.iter_mut()) {
                    let direction = share(*m, g, beta_1);
                    // `signum` is 1 at zero.
                    *w -= if direction == T::zero() { T::zero() } else { rate * direction.signum() };
                    *m = share(*m, g, beta_2);
                }
            }
            _ => unreachable!("the engine makes Update::slots() slots"),
        }
    }
}
