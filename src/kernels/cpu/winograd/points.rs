//! The transforms along one axis: `M` outputs of a window of `R` from `P = M + R - 1` points (Toom-Cook). The inputs and the
//! window are polynomials; their values at the points are multiplied, and the product is interpolated. Here in transposed form, as
//! for a convolution.
//!
//! # Formula
//! With the points `a_j`, of which the last is infinity: the outputs are `y_i = sum_j a_j^i m_j`; point `j` of the window is
//! `sum_i a_j^i w_i / prod_k (a_j - a_k)`; point `j` of the inputs has the coefficients of `prod_k (x - a_k)` over the other points.
//! Infinity gives the highest coefficient.
//!
//! # Source
//! Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
//! Networks", 2020: 1/2 beside -2 costs little precision. The largest errors, measured against the direct sum's: about 2.4 times
//! with 5 and 6 points, 4 times with 7.

use super::super::matrix::Gemm;

/// The transforms for windows of `R`.
pub trait Points<const R: usize, const M: usize, const P: usize> {
    /// Transforms inputs to points.
    fn input<T: Gemm>(x: [T::Four; P]) -> [T::Four; P];
    /// The transpose of the transform above.
    fn input_back<T: Gemm>(v: [T::Four; P]) -> [T::Four; P];
    /// Transforms points to outputs.
    fn output<T: Gemm>(m: [T::Four; P]) -> [T::Four; M];
    /// The transpose of the transform above.
    fn output_back<T: Gemm>(y: [T::Four; M]) -> [T::Four; P];
    /// What each of the window's values counts at each point.
    const FILTER: [[f64; R]; P];

    /// Transforms a window to points.
    #[inline(always)]
    fn filter<T: Gemm>(w: [T::Four; R]) -> [T::Four; P] {
        Self::FILTER.map(|row| sum::<T>(row.iter().zip(w).map(|(&factor, w)| (factor, w))))
    }
    /// The transpose of the transform above.
    #[inline(always)]
    fn filter_back<T: Gemm>(u: [T::Four; P]) -> [T::Four; R] {
        std::array::from_fn(|i| sum::<T>(Self::FILTER.iter().zip(u).map(|(row, u)| (row[i], u))))
    }
}

#[inline(always)]
fn sum<T: Gemm>(terms: impl Iterator<Item = (f64, T::Four)>) -> T::Four {
    terms.fold(T::Four::from(T::zero()), |sum, (factor, value)| sum + value * T::Four::from(T::of(factor)))
}

/// `value` times a constant.
#[inline(always)]
fn times<T: Gemm>(factor: f64, value: T::Four) -> T::Four {
    value * T::Four::from(T::of(factor))
}

#[inline(always)]
fn negative<T: Gemm>(value: T::Four) -> T::Four {
    T::Four::from(T::zero()) - value
}

/// The points 0, 1, -1, 2, infinity: F(3, 3).
pub struct Five;

impl Points<3, 3, 5> for Five {
    #[inline(always)]
    fn input<T: Gemm>([a, b, c, d, e]: [T::Four; 5]) -> [T::Four; 5] {
        // x² - 1 and x - 2, at each shift.
        let [p, q, r] = [c - a, d - b, e - c];
        let [s, t] = [c - (b + b), d - (c + c)];
        [q - (p + p), t + s, t - s, q, r - (q + q)]
    }
    #[inline(always)]
    fn input_back<T: Gemm>([a, b, c, d, e]: [T::Four; 5]) -> [T::Four; 5] {
        let [p, q, r] = [negative::<T>(a + a), a + d - (e + e), e];
        let [s, t] = [b - c, b + c];
        [negative::<T>(p), negative::<T>(q) - (s + s), p - r + s - (t + t), q + t, r]
    }
    #[inline(always)]
    fn output<T: Gemm>([a, b, c, d, e]: [T::Four; 5]) -> [T::Four; 3] {
        let (even, odd) = (b + c, b - c);
        [a + even + d, odd + (d + d), even + times::<T>(4.0, d) + e]
    }
    #[inline(always)]
    fn output_back<T: Gemm>([a, b, c]: [T::Four; 3]) -> [T::Four; 5] {
        let even = a + c;
        [a, even + b, even - b, a + (b + b) + times::<T>(4.0, c), c]
    }
    const FILTER: [[f64; 3]; 5] = [
        [0.5, 0.0, 0.0],
        [-0.5, -0.5, -0.5],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 6.0, 1.0 / 3.0, 2.0 / 3.0],
        [0.0, 0.0, 1.0],
    ];
}

/// The points 0, 1, -1, 1/2, -2, infinity: F(4, 3).
pub struct Six;

impl Points<3, 4, 6> for Six {
    #[inline(always)]
    fn input<T: Gemm>([a, b, c, d, e, f]: [T::Four; 6]) -> [T::Four; 6] {
        // x² - 1, and (x - 1/2)(x + 2) = x² + 3/2 x - 1, at each shift.
        let [p, q, r, s] = [c - a, d - b, e - c, f - d];
        let more = |value| times::<T>(1.5, value);
        let [t, u] = [q + more(c), r + more(d)];
        [r + more(q) - p, u + t, u - t, r + (q + q), r - times::<T>(0.5, q), s + more(r) - q]
    }
    #[inline(always)]
    fn input_back<T: Gemm>([a, b, c, d, e, f]: [T::Four; 6]) -> [T::Four; 6] {
        let more = |value| times::<T>(1.5, value);
        let [t, u] = [b - c, b + c];
        let q = more(a) + t + (d + d) - times::<T>(0.5, e) - f;
        let r = a + u + d + e + more(f);
        [a, negative::<T>(q), more(t) - a - r, q - f + more(u), r, f]
    }
    #[inline(always)]
    fn output<T: Gemm>([a, b, c, d, e, f]: [T::Four; 6]) -> [T::Four; 4] {
        let (even, odd) = (b + c, b - c);
        let [half, quarter, eighth] = [0.5, 0.25, 0.125].map(|factor| times::<T>(factor, d));
        let [two, four, eight] = [2.0, 4.0, 8.0].map(|factor| times::<T>(factor, e));
        [a + even + d + e, odd + half - two, even + quarter + four, odd + eighth - eight + f]
    }
    #[inline(always)]
    fn output_back<T: Gemm>([a, b, c, d]: [T::Four; 4]) -> [T::Four; 6] {
        let (even, odd) = (a + c, b + d);
        let half = a + times::<T>(0.5, b) + times::<T>(0.25, c) + times::<T>(0.125, d);
        let two = a - times::<T>(2.0, b) + times::<T>(4.0, c) - times::<T>(8.0, d);
        [a, even + odd, even - odd, half, two, d]
    }
    const FILTER: [[f64; 3]; 6] = [
        [1.0, 0.0, 0.0],
        [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0],
        [-1.0 / 3.0, 1.0 / 3.0, -1.0 / 3.0],
        [-16.0 / 15.0, -8.0 / 15.0, -4.0 / 15.0],
        [1.0 / 15.0, -2.0 / 15.0, 4.0 / 15.0],
        [0.0, 0.0, 1.0],
    ];
}

/// The points 0, 1, -1, 1/2, -1/2, -2, infinity: F(3, 5) and F(4, 4).
pub struct Seven;

impl Seven {
    #[inline(always)]
    fn points<T: Gemm>([a, b, c, d, e, f, g]: [T::Four; 7]) -> [T::Four; 7] {
        let quarter = |value| times::<T>(0.25, value);
        // x² - 1, then also x + 2, or x² - 1/4.
        let [p, q, r, s, t] = [c - a, d - b, e - c, f - d, g - e];
        let [h, i] = [times::<T>(0.5, r + (q + q)), s + (r + r)];
        let [u, v, w] = [r - quarter(p), s - quarter(q), t - quarter(r)];
        // x² - 1/4, then x + 2.
        let [k, l, m] = [d - quarter(b), e - quarter(c), f - quarter(d)];
        let [n, o] = [l + (k + k), m + (l + l)];
        [v + (u + u), o + n, o - n, i + h, i - h, v, w + (v + v)]
    }
    #[inline(always)]
    fn points_back<T: Gemm>([a, b, c, d, e, f, g]: [T::Four; 7]) -> [T::Four; 7] {
        let quarter = |value| times::<T>(0.25, value);
        let [n, o] = [b - c, b + c];
        let [h, i] = [times::<T>(0.5, d - e), d + e];
        let [u, v] = [a + a, a + f + (g + g)];
        let [p, q] = [negative::<T>(quarter(u)), (h + h) - quarter(v)];
        let [r, s] = [h + (i + i) + u - quarter(g), i + v];
        let [k, l] = [n + n, n + (o + o)];
        [
            negative::<T>(p),
            negative::<T>(q) - quarter(k),
            p - r - quarter(l),
            q - s + k - quarter(o),
            r - g + l,
            s + o,
            g,
        ]
    }
    /// The first four outputs, without infinity.
    #[inline(always)]
    fn outputs<T: Gemm>([a, b, c, d, e, f, _]: [T::Four; 7]) -> [T::Four; 4] {
        let [even, odd, even_half, odd_half] = [b + c, b - c, d + e, d - e];
        [
            a + even + even_half + f,
            odd + times::<T>(0.5, odd_half) - times::<T>(2.0, f),
            even + times::<T>(0.25, even_half) + times::<T>(4.0, f),
            odd + times::<T>(0.125, odd_half) - times::<T>(8.0, f),
        ]
    }
    /// The transpose of the transform above; `last` is infinity's.
    #[inline(always)]
    fn outputs_back<T: Gemm>([a, b, c, d]: [T::Four; 4], last: T::Four) -> [T::Four; 7] {
        let [even, odd] = [a + c, b + d];
        let [even_half, odd_half] = [a + times::<T>(0.25, c), times::<T>(0.5, b) + times::<T>(0.125, d)];
        let two = a - times::<T>(2.0, b) + times::<T>(4.0, c) - times::<T>(8.0, d);
        [a, even + odd, even - odd, even_half + odd_half, even_half - odd_half, two, last]
    }
    /// The factors of all points for windows of `R`.
    const fn filter<const R: usize>() -> [[f64; R]; 7] {
        let points = [
            (0.0, 2.0),
            (1.0, 2.0 / 9.0),
            (-1.0, 2.0 / 3.0),
            (0.5, -16.0 / 15.0),
            (-0.5, -16.0 / 9.0),
            (-2.0, -2.0 / 45.0),
        ];
        let mut rows = [[0.0; R]; 7];
        let mut j = 0;
        while j < points.len() {
            let (point, mut factor) = points[j];
            let mut i = 0;
            while i < R {
                rows[j][i] = factor;
                factor *= point;
                i += 1;
            }
            j += 1;
        }
        rows[6][R - 1] = 1.0;
        rows
    }
}

impl Points<5, 3, 7> for Seven {
    #[inline(always)]
    fn input<T: Gemm>(x: [T::Four; 7]) -> [T::Four; 7] {
        Self::points::<T>(x)
    }
    #[inline(always)]
    fn input_back<T: Gemm>(v: [T::Four; 7]) -> [T::Four; 7] {
        Self::points_back::<T>(v)
    }
    #[inline(always)]
    fn output<T: Gemm>(m: [T::Four; 7]) -> [T::Four; 3] {
        let [a, b, c, _] = Self::outputs::<T>(m);
        [a, b, c + m[6]]
    }
    #[inline(always)]
    fn output_back<T: Gemm>([a, b, c]: [T::Four; 3]) -> [T::Four; 7] {
        Self::outputs_back::<T>([a, b, c, T::Four::from(T::zero())], c)
    }
    const FILTER: [[f64; 5]; 7] = Self::filter();
}

impl Points<4, 4, 7> for Seven {
    #[inline(always)]
    fn input<T: Gemm>(x: [T::Four; 7]) -> [T::Four; 7] {
        Self::points::<T>(x)
    }
    #[inline(always)]
    fn input_back<T: Gemm>(v: [T::Four; 7]) -> [T::Four; 7] {
        Self::points_back::<T>(v)
    }
    #[inline(always)]
    fn output<T: Gemm>(m: [T::Four; 7]) -> [T::Four; 4] {
        let [a, b, c, d] = Self::outputs::<T>(m);
        [a, b, c, d + m[6]]
    }
    #[inline(always)]
    fn output_back<T: Gemm>(y: [T::Four; 4]) -> [T::Four; 7] {
        Self::outputs_back::<T>(y, y[3])
    }
    const FILTER: [[f64; 4]; 7] = Self::filter();
}
