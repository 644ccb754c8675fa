//! `average_pooling2d`: the mean of the pixels under each window, channel by channel; the zeros of `same` padding do not
//! count, as in Keras.
//!
//! # Formula
//! `y[n, oy, ox, c] = 1 / m * sum over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`, `m` the real pixels under the
//! window.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::shape::{Padding, Pair, Shape, Window};
use serde::{Deserialize, Serialize};

/// Options of `average_pooling2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AveragePooling2d {
    /// Window height and width.
    #[serde(default = "two")]
    pub pool_size: Pair,
    /// Steps of the window; the window's size where absent.
    #[serde(default)]
    pub strides: Option<Pair>,
    /// Whether windows may hang over the edge.
    #[serde(default)]
    pub padding: Padding,
}

fn two() -> Pair {
    Pair(2, 2)
}

impl AveragePooling2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.pool_size, self.strides.unwrap_or(self.pool_size), self.padding)
    }
}

impl Describe for AveragePooling2d {
    fn kind(&self) -> &'static str {
        "average_pooling2d"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let window = self.window(&inputs[0])?;
        Ok([window.y.output, window.x.output, window.channels].into())
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

impl<T: Real> Math<T> for AveragePooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let c = window.channels;
        let mut pixels = cx.y.chunks_exact_mut(c);
        for picture in cx.x[0].chunks_exact(cx.place.inputs[0].len()) {
            for (oy, ox) in window.positions() {
                let Some(y) = pixels.next() else { return };
                y.fill(T::zero());
                window.under(oy, ox, |start| {
                    y.iter_mut().zip(&picture[start..start + c]).for_each(|(y, &x)| *y += x);
                });
                let share = T::of(1.0 / window.count(oy, ox) as f64);
                y.iter_mut().for_each(|y| *y *= share);
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let c = window.channels;
        dx.fill(T::zero());
        let mut pixels = cx.dy.chunks_exact(c);
        for dx in dx.chunks_exact_mut(cx.place.inputs[0].len()) {
            for (oy, ox) in window.positions() {
                let Some(dy) = pixels.next() else { return };
                let share = T::of(1.0 / window.count(oy, ox) as f64);
                window.under(oy, ox, |start| {
                    dx[start..start + c].iter_mut().zip(dy).for_each(|(dx, &dy)| *dx += dy * share);
                });
            }
        }
    }
}
