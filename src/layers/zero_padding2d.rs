//! `zero_padding2d`: zeros around the picture, as many on each side as asked.

use crate::engine::cpu::real::Real;
use crate::layer::{Backward, Describe, Forward, Math, Rule};
use crate::pass::{GpuShapes, Passes};
use crate::shape::Shape;
use serde::{Deserialize, Serialize};

/// Options of `zero_padding2d`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZeroPadding2d {
    /// `n`, `[rows, columns]` or `[[top, bottom], [left, right]]`.
    #[serde(default = "one")]
    pub padding: Sides,
}

fn one() -> Sides {
    Sides { top: 1, bottom: 1, left: 1, right: 1 }
}

/// Zeros on each side.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(from = "Written", into = "[[usize; 2]; 2]")]
pub struct Sides {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the left.
    pub left: usize,
    /// Columns to the right.
    pub right: usize,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "n, [rows, columns] or [[top, bottom], [left, right]]")]
enum Written {
    All(usize),
    Axes([usize; 2]),
    Sides([[usize; 2]; 2]),
}

impl From<Written> for Sides {
    fn from(written: Written) -> Self {
        let [[top, bottom], [left, right]] = match written {
            Written::All(n) => [[n, n], [n, n]],
            Written::Axes([rows, columns]) => [[rows, rows], [columns, columns]],
            Written::Sides(sides) => sides,
        };
        Self { top, bottom, left, right }
    }
}

impl From<Sides> for [[usize; 2]; 2] {
    fn from(s: Sides) -> Self {
        [[s.top, s.bottom], [s.left, s.right]]
    }
}

impl Describe for ZeroPadding2d {
    fn kind(&self) -> &'static str {
        "zero_padding2d"
    }
    fn options(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape> {
        let (h, w, c) = inputs[0].hwc()?;
        let Sides { top, bottom, left, right } = self.padding;
        if [top, bottom, left, right].iter().any(|&n| n > 4096) {
            return Err(format!("padding must be at most 4096. Received: {:?}", <[[usize; 2]; 2]>::from(self.padding)));
        }
        Ok([h + top + bottom, w + left + right, c].into())
    }
    fn passes(&self, _shapes: &GpuShapes) -> Passes {
        Passes::default()
    }
}

impl ZeroPadding2d {
    /// Offsets of each picture row in the small and in the padded tensor, for one picture.
    fn lines(&self, input: &Shape, output: &Shape) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (c, width) = (input.channels(), input.0[1] * input.channels());
        let (wide, left, top) = (output.0[1] * c, self.padding.left * c, self.padding.top);
        (0..input.0[0]).map(move |row| (row * width, (row + top) * wide + left))
    }
}

impl<T: Real> Math<T> for ZeroPadding2d {
    fn forward(&self, cx: &mut Forward<T>) {
        let (input, output) = (&cx.place.inputs[0], cx.place.output);
        let width = input.0[1] * input.channels();
        cx.y.fill(T::zero());
        for (x, y) in cx.x[0].chunks_exact(input.len()).zip(cx.y.chunks_exact_mut(output.len())) {
            for (from, to) in self.lines(input, output) {
                y[to..to + width].copy_from_slice(&x[from..from + width]);
            }
        }
    }

    fn backward(&self, cx: &mut Backward<T>) {
        let Some(dx) = cx.dx[0].take() else { return };
        let (input, output) = (&cx.place.inputs[0], cx.place.output);
        let width = input.0[1] * input.channels();
        for (dx, dy) in dx.chunks_exact_mut(input.len()).zip(cx.dy.chunks_exact(output.len())) {
            for (to, from) in self.lines(input, output) {
                dx[to..to + width].copy_from_slice(&dy[from..from + width]);
            }
        }
    }
}
