//! The transforms along one axis: `M` outputs of a window of `R` from `P = M + R - 1` points (Toom-Cook). The inputs and the
//! window are polynomials; their values at the points are multiplied, and the product is interpolated. Here in transposed form, as
//! for a convolution.
//!
//! # Formula
//! With the points `a_j`, of which the last is infinity: the outputs are `y_i = sum_j a_j^i m_j`; point `j` of the window is
//! `sum_i a_j^i w_i / prod_k (a_j - a_k)`; point `j` of the inputs has the coefficients of `prod_k (x - a_k)` over the other points.
//! Infinity gives the highest coefficient: it is one of the last output and of the window's last value.
//!
//! # Source
//! Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
//! Networks", 2020: 1/2 beside -2 costs little precision. The largest errors, measured against the direct sum's: about 2.4 times
//! with 6 points, 4 times with 7.

use super::super::lanes::Vector;
use crate::tensor::real::Real;

/// The most values of a window.
pub const VALUES: usize = 5;

/// The most outputs of a tile.
pub const OUTPUTS: usize = 4;

/// A choice of `P` points.
pub trait Points<const P: usize> {
    /// The points but infinity, and one over the product of their differences from the others.
    const FINITE: &'static [(f64, f64)];
    /// Transforms inputs to points.
    fn input<V: Vector>(x: [V; P]) -> [V; P];
    /// The transpose of the transform above.
    fn input_back<V: Vector>(v: [V; P]) -> [V; P];
    /// Transforms points to outputs; infinity is left out.
    fn output<V: Vector>(m: [V; P]) -> [V; OUTPUTS];
    /// The transpose of the transform above; infinity is given.
    fn output_back<V: Vector>(y: [V; OUTPUTS], infinity: V) -> [V; P];

    /// Transforms a window, of which `last` is the last value, to points.
    #[inline(always)]
    fn filter<V: Vector>(w: [V; VALUES], last: usize) -> [V; P] {
        let mut u = [pick(w, last); P];
        for (u, &(point, scale)) in u.iter_mut().zip(Self::FINITE) {
            let highest = w[VALUES - 1];
            let sum = w[..VALUES - 1].iter().rev().fold(highest, |sum, &w| times(point, sum) + w);
            *u = times(scale, sum);
        }
        u
    }
    /// The transpose of the transform above.
    #[inline(always)]
    fn filter_back<V: Vector>(u: [V; P], last: usize) -> [V; VALUES] {
        let zero = u[0].like(V::Value::of(0.0));
        let mut w: [V; VALUES] = std::array::from_fn(|i| if i == last { u[P - 1] } else { zero });
        for (&u, &(point, scale)) in u.iter().zip(Self::FINITE) {
            let mut term = times(scale, u);
            for w in &mut w {
                *w = *w + term;
                term = times(point, term);
            }
        }
        w
    }
}

/// A value of an array that may stay in registers.
#[inline(always)]
pub fn pick<V: Copy, const N: usize>(values: [V; N], index: usize) -> V {
    let mut found = values[0];
    for (i, value) in values.into_iter().enumerate() {
        if i == index {
            found = value;
        }
    }
    found
}

/// `value` times a constant.
#[inline(always)]
fn times<V: Vector>(factor: f64, value: V) -> V {
    value * value.like(V::Value::of(factor))
}

#[inline(always)]
fn twice<V: Vector>(value: V) -> V {
    value + value
}

#[inline(always)]
fn negative<V: Vector>(value: V) -> V {
    value.like(V::Value::of(0.0)) - value
}

/// The points 0, 1, -1, 1/2, -2, infinity: F(4, 3).
pub struct Six;

impl Points<6> for Six {
    const FINITE: &'static [(f64, f64)] =
        &[(0.0, 1.0), (1.0, 1.0 / 3.0), (-1.0, -1.0 / 3.0), (0.5, -16.0 / 15.0), (-2.0, 1.0 / 15.0)];
    #[inline(always)]
    fn input<V: Vector>([a, b, c, d, e, f]: [V; 6]) -> [V; 6] {
        // x² - 1, and (x - 1/2)(x + 2) = x² + 3/2 x - 1, at each shift.
        let [p, q, r, s] = [c - a, d - b, e - c, f - d];
        let more = |value| times(1.5, value);
        let [t, u] = [q + more(c), r + more(d)];
        [r + more(q) - p, u + t, u - t, r + (q + q), r - times(0.5, q), s + more(r) - q]
    }
    #[inline(always)]
    fn input_back<V: Vector>([a, b, c, d, e, f]: [V; 6]) -> [V; 6] {
        let more = |value| times(1.5, value);
        let [t, u] = [b - c, b + c];
        let q = more(a) + t + (d + d) - times(0.5, e) - f;
        let r = a + u + d + e + more(f);
        [a, negative(q), more(t) - a - r, q - f + more(u), r, f]
    }
    #[inline(always)]
    fn output<V: Vector>([a, b, c, d, e, _]: [V; 6]) -> [V; 4] {
        let (even, odd) = (b + c, b - c);
        let (half, two) = (times(0.5, d), e + e);
        let (quarter, four) = (times(0.5, half), two + two);
        let (eighth, eight) = (times(0.5, quarter), four + four);
        [a + even + d + e, odd + half - two, even + quarter + four, odd + eighth - eight]
    }
    #[inline(always)]
    fn output_back<V: Vector>([a, b, c, d]: [V; 4], infinity: V) -> [V; 6] {
        let (even, odd) = (a + c, b + d);
        let half = a + times(0.5, b + times(0.5, c + times(0.5, d)));
        let two = a - twice(b - twice(c - twice(d)));
        [a, even + odd, even - odd, half, two, infinity]
    }
}

/// The points 0, 1, -1, 1/2, -1/2, -2, infinity: F(3, 5) and F(4, 4).
#[cfg(feature = "extended")]
pub struct Seven;

#[cfg(feature = "extended")]
impl Points<7> for Seven {
    const FINITE: &'static [(f64, f64)] = &[
        (0.0, 2.0),
        (1.0, 2.0 / 9.0),
        (-1.0, 2.0 / 3.0),
        (0.5, -16.0 / 15.0),
        (-0.5, -16.0 / 9.0),
        (-2.0, -2.0 / 45.0),
    ];
    #[inline(always)]
    fn input<V: Vector>([a, b, c, d, e, f, g]: [V; 7]) -> [V; 7] {
        let quarter = |value| times(0.25, value);
        // x² - 1, then also x + 2, or x² - 1/4.
        let [p, q, r, s, t] = [c - a, d - b, e - c, f - d, g - e];
        let [h, i] = [times(0.5, r + (q + q)), s + (r + r)];
        let [u, v, w] = [r - quarter(p), s - quarter(q), t - quarter(r)];
        // x² - 1/4, then x + 2.
        let [k, l, m] = [d - quarter(b), e - quarter(c), f - quarter(d)];
        let [n, o] = [l + (k + k), m + (l + l)];
        [v + (u + u), o + n, o - n, i + h, i - h, v, w + (v + v)]
    }
    #[inline(always)]
    fn input_back<V: Vector>([a, b, c, d, e, f, g]: [V; 7]) -> [V; 7] {
        let quarter = |value| times(0.25, value);
        let [n, o] = [b - c, b + c];
        let [h, i] = [times(0.5, d - e), d + e];
        let [u, v] = [a + a, a + f + (g + g)];
        let [p, q] = [negative(quarter(u)), (h + h) - quarter(v)];
        let [r, s] = [h + (i + i) + u - quarter(g), i + v];
        let [k, l] = [n + n, n + (o + o)];
        let low = [negative(p), negative(q) - quarter(k), p - r - quarter(l)];
        [low[0], low[1], low[2], q - s + k - quarter(o), r - g + l, s + o, g]
    }
    #[inline(always)]
    fn output<V: Vector>([a, b, c, d, e, f, _]: [V; 7]) -> [V; 4] {
        let [even, odd, even_half, odd_half] = [b + c, b - c, d + e, d - e];
        let (two, four) = (twice(f), twice(twice(f)));
        [
            a + even + even_half + f,
            odd + times(0.5, odd_half) - two,
            even + times(0.25, even_half) + four,
            odd + times(0.125, odd_half) - twice(four),
        ]
    }
    #[inline(always)]
    fn output_back<V: Vector>([a, b, c, d]: [V; 4], infinity: V) -> [V; 7] {
        let [even, odd] = [a + c, b + d];
        let [even_half, odd_half] = [a + times(0.25, c), times(0.5, b) + times(0.125, d)];
        let two = a - twice(b - twice(c - twice(d)));
        [a, even + odd, even - odd, even_half + odd_half, even_half - odd_half, two, infinity]
    }
}
