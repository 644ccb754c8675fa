//! `add`: the sum of two or more tensors of one shape, the joint of a residual block.
//!
//! # Formula
//! `y = x_0 + x_1 + …`
//!
//! # Source
//! He et al., "Deep Residual Learning for Image Recognition", 2015.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::shape::Shape;
use serde::{Deserialize, Serialize};

/// `add` has no options.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {}

impl Describe for Add {
    fn kind(&self) -> &'static str {
        "add"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::json!({})
    }
    fn merges(&self) -> bool {
        true
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        match inputs.iter().find(|shape| **shape != inputs[0]) {
            None => Ok(inputs[0].clone()),
            Some(other) => Err(format!("needs inputs of one shape. Received: {} and {other}", inputs[0])),
        }
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

impl<T: Real> Math<T> for Add {
    fn forward(&self, cx: &mut Forward<T>) {
        cx.y.copy_from_slice(cx.x[0]);
        for x in &cx.x[1..] {
            cx.y.iter_mut().zip(*x).for_each(|(y, &x)| *y += x);
        }
    }
    fn backward(&self, cx: &mut Backward<T>) {
        for dx in cx.dx.iter_mut().flatten() {
            dx.copy_from_slice(cx.dy);
        }
    }
}
