//! `max_pooling2d`: the largest value under each window, channel by channel; the zeros of `same` padding do not count.
//!
//! # Formula
//! `y[n, oy, ox, c] = max over ky, kx of x[n, oy*s - p + ky, ox*s - p + kx, c]`; the gradient goes to the first of
//! equal maxima, in reading order.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule, reserve};
use crate::pass::{GpuShapes, Passes};
use crate::shape::{Padding, Pair, Shape, Window};
use serde::{Deserialize, Serialize};

/// Options of `max_pooling2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPooling2d {
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

impl MaxPooling2d {
    fn window(&self, input: &Shape) -> Rule<Window> {
        Window::new(input, self.pool_size, self.strides.unwrap_or(self.pool_size), self.padding)
    }
}

impl Describe for MaxPooling2d {
    fn kind(&self) -> &'static str {
        "max_pooling2d"
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

impl<T: Real> Math<T> for MaxPooling2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let c = window.channels;
        let mut pixels = cx.y.chunks_exact_mut(c);
        for picture in cx.x[0].chunks_exact(cx.place.inputs[0].len()) {
            for (oy, ox) in window.positions() {
                let Some(y) = pixels.next() else { return };
                y.fill(T::neg_infinity());
                window.under(oy, ox, |start| {
                    for (y, &x) in y.iter_mut().zip(&picture[start..start + c]) {
                        // A NaN must win, so that it is seen and not trained on.
                        *y = if x > *y || x.is_nan() { x } else { *y };
                    }
                });
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let window = self.window(&cx.place.inputs[0]).expect("the graph checked this shape");
        let (c, values) = (window.channels, cx.place.inputs[0].len());
        dx.fill(T::zero());
        // What of each channel's gradient has not found its maximum yet.
        let rest = reserve(cx.workspace, c);
        let mut pixels = cx.y.chunks_exact(c).zip(cx.dy.chunks_exact(c));
        for (x, dx) in cx.x[0].chunks_exact(values).zip(dx.chunks_exact_mut(values)) {
            for (oy, ox) in window.positions() {
                let Some((y, dy)) = pixels.next() else { return };
                rest.copy_from_slice(dy);
                window.under(oy, ox, |start| {
                    let pixel = dx[start..start + c].iter_mut().zip(&x[start..start + c]);
                    for ((dx, &x), (rest, &y)) in pixel.zip(rest.iter_mut().zip(y)) {
                        let (here, later) = if x == y { (*rest, T::zero()) } else { (T::zero(), *rest) };
                        *dx += here;
                        *rest = later;
                    }
                });
            }
        }
    }
}
