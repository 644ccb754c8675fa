//! Shapes of tensors, and the output sizes of sliding windows.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// The most values that a tensor may have per image. A larger one is taken for a mistake in the specification.
pub const MAX_VALUES: usize = 1 << 28;

/// The most pixels that a window covers, or moves by, along one axis.
pub const MAX_WINDOW: usize = 4096;

/// The shape of one image in a tensor, without the batch axis: `[h, w, c]` or `[features]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl Shape {
    /// Height, width and channels.
    ///
    /// # Errors
    /// A message if the shape does not have three axes.
    pub fn hwc(&self) -> Result<(usize, usize, usize), String> {
        match self.0[..] {
            [h, w, c] => Ok((h, w, c)),
            _ => Err(format!("needs an image of shape (height, width, channels). Received: {self}")),
        }
    }

    /// The number of features of a flat tensor.
    ///
    /// # Errors
    /// A message if the shape does not have exactly one axis.
    pub fn features(&self) -> Result<usize, String> {
        match self.0[..] {
            [n] => Ok(n),
            _ => {
                Err(format!("needs a flat input of shape (features); put a flatten layer before it. Received: {self}"))
            }
        }
    }

    /// The last axis: channels or features.
    pub fn channels(&self) -> usize {
        self.0.last().copied().unwrap_or(1)
    }

    /// The number of values per image.
    pub fn len(&self) -> usize {
        self.0.iter().product()
    }

    /// True if an axis has size zero.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// [`Self::len`], checked.
    ///
    /// # Errors
    /// A message if an axis is zero or there are more than [`MAX_VALUES`] values.
    pub fn checked_len(&self) -> Result<usize, String> {
        let values = self.0.iter().try_fold(1usize, |n, &axis| n.checked_mul(axis)).filter(|&n| n <= MAX_VALUES);
        match values {
            Some(0) => Err(format!("has an empty shape. Received: {self}")),
            Some(n) => Ok(n),
            None => Err(format!("has more than {MAX_VALUES} values for one image. Received: {self}")),
        }
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(axes: [usize; N]) -> Self {
        Self(axes.to_vec())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let axes: Vec<String> = self.0.iter().map(usize::to_string).collect();
        write!(f, "({})", axes.join(", "))
    }
}

/// Keras's two paddings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// The window stays inside the image: `o = floor((n - k) / s) + 1`.
    #[default]
    Valid,
    /// Zeros around the image, so that `o = ceil(n / s)`. If their number is odd, the extra one goes below and to the
    /// right.
    Same,
}

/// A pair `[height, width]`; in JSON one number may stand for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair(pub usize, pub usize);

impl Pair {
    /// The default of strides.
    pub fn ones() -> Self {
        Self(1, 1)
    }

    /// The default of pools.
    pub fn twos() -> Self {
        Self(2, 2)
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrPair;

        impl<'de> Visitor<'de> for NumberOrPair {
            type Value = Pair;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a whole number above zero or a pair of them")
            }

            fn visit_u64<E: Error>(self, n: u64) -> Result<Pair, E> {
                let n = usize::try_from(n).map_err(|_| E::invalid_value(Unexpected::Unsigned(n), &self))?;
                Ok(Pair(n, n))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pair, A::Error> {
                let mut next = |place| list.next_element()?.ok_or_else(|| A::Error::invalid_length(place, &self));
                let pair = Pair(next(0)?, next(1)?);
                // A third one is refused by the list itself, as it is not read to its end.
                Ok(pair)
            }
        }

        deserializer.deserialize_any(NumberOrPair)
    }
}

impl JsonSchema for Pair {
    fn schema_name() -> Cow<'static, str> {
        "Pair".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({"type": "integer", "minimum": 1, "maximum": MAX_WINDOW});
        json_schema!({
            "description": "One number for height and width, or `[height, width]`.",
            "anyOf": [number, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}],
        })
    }
}

/// A window sliding along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Input size, `n`.
    pub input: usize,
    /// Window size, `k`.
    pub kernel: usize,
    /// Stride, `s`.
    pub stride: usize,
    /// Zeros before the first pixel.
    pub before: usize,
    /// Output size, `o`.
    pub output: usize,
}

impl Axis {
    fn new(input: usize, kernel: usize, stride: usize, padding: Padding) -> Option<Self> {
        let (output, before) = match padding {
            Padding::Valid => (input.checked_sub(kernel)? / stride + 1, 0),
            Padding::Same => {
                let output = input.div_ceil(stride);
                (output, (((output - 1) * stride + kernel).saturating_sub(input)) / 2)
            }
        };
        Some(Self { input, kernel, stride, before, output })
    }

    /// The range of input pixels under the window of output `o`, padding excluded: the first, and one past the last.
    pub fn span(&self, o: usize) -> (usize, usize) {
        let start = o * self.stride;
        (start.saturating_sub(self.before), (start + self.kernel).saturating_sub(self.before).min(self.input))
    }

    /// The outputs whose window has its pixel `tap` (from 0) inside the image, and the first of the pixels that those are: one
    /// for each, a stride apart.
    pub fn reach(&self, tap: usize) -> (Range<usize>, usize) {
        let first = self.before.saturating_sub(tap).div_ceil(self.stride);
        let end = (self.input + self.before).saturating_sub(tap).div_ceil(self.stride).min(self.output);
        if first >= end {
            return (0..0, 0);
        }
        (first..end, first * self.stride + tap - self.before)
    }
}

/// A two-dimensional sliding window over images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The vertical axis.
    pub y: Axis,
    /// The horizontal axis.
    pub x: Axis,
    /// Channels of the input.
    pub channels: usize,
}

impl Window {
    /// The window of a kernel over an input of shape `(height, width, channels)`.
    ///
    /// # Errors
    /// A message if the input is not an image, a size is out of range, or the window does not fit into the image.
    pub fn new(input: &Shape, kernel: Pair, strides: Pair, padding: Padding) -> Result<Self, String> {
        let (h, w, channels) = input.hwc()?;
        for (what, Pair(a, b)) in [("kernel or pool size", kernel), ("strides", strides)] {
            if a == 0 || b == 0 || a > MAX_WINDOW || b > MAX_WINDOW {
                return Err(format!("{what} must be between 1 and {MAX_WINDOW}. Received: ({a}, {b})"));
            }
        }
        let axis = |n, k, s| {
            Axis::new(n, k, s, padding).ok_or_else(|| {
                format!(
                    "a window of ({}, {}) does not fit into the image; use padding \"same\", a smaller window or fewer \
                     pools before it. Received: {input}",
                    kernel.0, kernel.1
                )
            })
        };
        Ok(Self { y: axis(h, kernel.0, strides.0)?, x: axis(w, kernel.1, strides.1)?, channels })
    }

    /// The number of output pixels per image.
    pub fn pixels(&self) -> usize {
        self.y.output * self.x.output
    }

    /// Output positions `(oy, ox)` in row-major order.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let width = self.x.output;
        (0..self.y.output).flat_map(move |oy| (0..width).map(move |ox| (oy, ox)))
    }

    /// Calls `visit` with the offset of channel 0 of every pixel under the window at `(oy, ox)`, in row-major order,
    /// padding excluded.
    #[inline]
    pub fn for_each_pixel(&self, oy: usize, ox: usize, mut visit: impl FnMut(usize)) {
        let ((top, bottom), (left, right)) = (self.y.span(oy), self.x.span(ox));
        let (c, line) = (self.channels, self.x.input * self.channels);
        for y in top..bottom {
            for x in left..right {
                visit(y * line + x * c);
            }
        }
    }

    /// The number of pixels under the window at `(oy, ox)`, padding excluded.
    pub fn count(&self, oy: usize, ox: usize) -> usize {
        let ((top, bottom), (left, right)) = (self.y.span(oy), self.x.span(ox));
        (bottom - top) * (right - left)
    }

    /// The number of values under the window: `kh * kw * c`.
    pub fn patch(&self) -> usize {
        self.y.kernel * self.x.kernel * self.channels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(n: usize, k: usize, s: usize, padding: Padding) -> Axis {
        Window::new(&Shape::from([n, n, 1]), Pair(k, k), Pair(s, s), padding).unwrap().y
    }

    #[test]
    fn sizes_are_keras_sizes() {
        assert_eq!(window(28, 7, 1, Padding::Valid).output, 22);
        assert_eq!(window(227, 11, 4, Padding::Valid).output, 55);
        assert_eq!(window(32, 3, 2, Padding::Same).output, 16);
        // TensorFlow puts an odd zero at the end: 32 -> 16 with a window of 3 needs one zero, which comes last.
        assert_eq!(window(32, 3, 2, Padding::Same).before, 0);
        assert_eq!(window(33, 3, 2, Padding::Same).before, 1);
        assert_eq!(window(5, 2, 3, Padding::Same).before, 0);
    }

    #[test]
    fn a_window_larger_than_the_image_is_refused() {
        let error = Window::new(&Shape::from([4, 4, 1]), Pair(5, 5), Pair(1, 1), Padding::Valid).unwrap_err();
        assert!(error.contains("Received: (4, 4, 1)"), "{error}");
    }

    #[test]
    fn a_span_stays_inside_the_image() {
        let axis = window(5, 3, 2, Padding::Same);
        assert_eq!((axis.span(0), axis.span(1), axis.span(2)), ((0, 2), (1, 4), (3, 5)));
    }

    #[test]
    fn a_tap_reaches_the_pixels_of_the_spans() {
        for (n, k, s) in [(5, 3, 2), (7, 2, 3), (4, 7, 1), (6, 3, 1), (8, 4, 5), (1, 5, 2), (9, 300, 1)] {
            for padding in [Padding::Valid, Padding::Same] {
                let Some(axis) = Axis::new(n, k, s, padding) else { continue };
                for tap in 0..k {
                    let (outputs, first) = axis.reach(tap);
                    assert!(outputs.start <= outputs.end && first < n, "{axis:?} {tap}");
                    let found = outputs.zip((first..).step_by(s)).collect::<Vec<_>>();
                    let pixel = |o: usize| (o * s + tap).checked_sub(axis.before).filter(|&pixel| pixel < n);
                    let expected: Vec<(usize, usize)> = (0..axis.output).filter_map(|o| Some((o, pixel(o)?))).collect();
                    assert_eq!(found, expected, "{axis:?} {tap}");
                }
            }
        }
    }
}
