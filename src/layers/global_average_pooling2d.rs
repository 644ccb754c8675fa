//! `global_average_pooling2d`: the mean of each channel over the whole picture.
//!
//! # Formula
//! `y[n, c] = 1 / (h * w) * sum over i, j of x[n, i, j, c]`
//!
//! # Source
//! Lin, Chen and Yan, "Network In Network", 2013.

use crate::engine::cpu::real::{Real, sum_rows};
use crate::layer::{Backward, Describe, Forward, Math, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::shape::Shape;
use serde::{Deserialize, Serialize};

/// `global_average_pooling2d` has no options.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalAveragePooling2d {}

impl Describe for GlobalAveragePooling2d {
    fn kind(&self) -> &'static str {
        "global_average_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::json!({})
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (_, _, c) = inputs[0].hwc()?;
        Ok([c].into())
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

/// `1 / (h * w)` of one picture.
fn share<T: Real>(input: &Shape) -> T {
    T::of(input.channels() as f64 / input.len() as f64)
}

impl<T: Real> Math<T> for GlobalAveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let input = &cx.place.inputs[0];
        for (x, y) in cx.x[0].chunks_exact(input.len()).zip(cx.y.chunks_exact_mut(input.channels())) {
            sum_rows(x, y);
            y.iter_mut().for_each(|y| *y *= share(input));
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let input = &cx.place.inputs[0];
        let c = input.channels();
        for (dx, dy) in dx.chunks_exact_mut(input.len()).zip(cx.dy.chunks_exact(c)) {
            for pixel in dx.chunks_exact_mut(c) {
                pixel.iter_mut().zip(dy).for_each(|(dx, &dy)| *dx = dy * share(input));
            }
        }
    }
}
