//! `dropout`: in training each value is dropped with probability `rate`, and the rest is scaled up to keep the mean;
//! in inference nothing happens. The mask is a function of (seed, step, layer, position), so it is the same on both
//! engines and in the backward pass.
//!
//! # Formula
//! `y = x / (1 - rate)` where `u >= rate`, else `0`; `u` uniform in `[0, 1)`.
//!
//! # Source
//! Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Place, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::random::uniform;
use crate::shape::Shape;
use serde::{Deserialize, Serialize};

/// Options of `dropout`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    /// The share of values dropped, 0 or more and below 1.
    pub rate: f32,
}

impl Dropout {
    /// `to = mask * from / (1 - rate)`.
    fn mask<T: Real>(&self, place: &Place, from: &[T], to: &mut [T]) {
        if !place.training || self.rate == 0.0 {
            return to.copy_from_slice(from);
        }
        let scale = T::of(f64::from((1.0 - self.rate).recip()));
        let first = place.first_row * place.output.len();
        for (i, (to, &from)) in to.iter_mut().zip(from).enumerate() {
            let u = uniform(place.seed, place.step, place.stream, (first + i) as u32);
            *to = if u >= self.rate { from * scale } else { T::zero() };
        }
    }
}

impl Describe for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        if !(0.0..1.0).contains(&self.rate) {
            return Err(format!("rate must be 0 or more and below 1. Received: {}", self.rate));
        }
        Ok(inputs[0].clone())
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

impl<T: Real> Math<T> for Dropout {
    fn forward(&self, cx: &mut Forward<T>) {
        self.mask(&cx.place, cx.x[0], cx.y);
    }
    fn backward(&self, cx: &mut Backward<T>) {
        if let Some(dx) = &mut cx.dx[0] {
            self.mask(&cx.place, cx.dy, dx);
        }
    }
}
