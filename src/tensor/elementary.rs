//! Elementary functions for activations in single precision, computed in double precision and rounded once. They have neither branches
//! nor calls, so that a loop of them is compiled to SIMD, and the same results in every build. (With the functions of `libm`, GELU took
//! more than a third of the time of a network.) The polynomials are those of the least largest error.

/// `c[0] x^n + ... + c[n]`
#[inline(always)]
fn polynomial<const N: usize>(x: f64, c: [f64; N]) -> f64 {
    c.iter().skip(1).fold(c[0], |sum, c| sum * x + c)
}

/// `exp(x)` within 5e-11 of the value, for `|x| < 700`: `2^n exp(r)` with `|r| <= log(2) / 2`.
#[inline(always)]
fn exp_inside(x: f64) -> f64 {
    // The sum with 1.5 * 2^52 has no bits for a fraction: it is rounded to an integer, which its lowest bits hold.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let rounded = x * std::f64::consts::LOG2_E + ROUND;
    let r = x - (rounded - ROUND) * std::f64::consts::LN_2;
    let power = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    let series = [
        0.000_197_751_657_663_817_28,
        0.001_394_818_556_765_098,
        0.008_333_561_116_397_131,
        0.041_666_225_391_975_69,
        0.166_666_651_259_033_9,
        0.500_000_010_454_832_9,
        1.000_000_000_243_139,
        0.999_999_999_961_675_1,
    ];
    polynomial(r, series) * power
}

/// `x`, or the nearer end of `[-end, end]`; NaN stays NaN.
#[inline(always)]
fn clamp(x: f64, end: f64) -> f64 {
    let x = if x > end { end } else { x };
    if x < -end { -end } else { x }
}

/// `exp(x)`; infinity and 0 where it is beyond single precision.
#[inline]
pub fn exp(x: f32) -> f32 {
    exp_inside(clamp(x.into(), 120.0)) as f32
}

/// `tanh(x)`
#[inline]
pub fn tanh(x: f32) -> f32 {
    let x = f64::from(x);
    let z = x * x;
    // Near 0, the difference below would have no digits left.
    let near = x - x * z * (1.0 / 3.0 - z * (2.0 / 15.0));
    let far = 1.0 - 2.0 / (exp_inside(clamp(2.0 * x, 120.0)) + 1.0);
    (if z < 1e-4 { near } else { far }) as f32
}

/// The share of the standard normal distribution below `x`, and its density at `x`.
#[inline]
pub fn normal(x: f32) -> (f32, f32) {
    let x = f64::from(x);
    let z = x * x;
    let bell = exp_inside(clamp(-0.5 * z, 120.0));
    // Between -2 and 2: 0.5 plus an odd polynomial, within 1e-10.
    let odd = [
        9.095_590_332_914_6e-10,
        -3.208_410_276_229_537e-8,
        6.295_000_736_301_083e-7,
        -9.355_093_186_377_25e-6,
        0.000_115_299_392_090_372_26,
        -0.001_187_206_994_701_831_4,
        0.009_973_497_851_739_063,
        -0.066_490_366_903_053_5,
        0.398_942_279_540_979_2,
    ];
    let near = 0.5 + x * polynomial(z, odd);
    // Beyond: the ratio of the tail to the bell in powers of 1 / (|x| + 3), within 4e-8 of the value up to 14.
    let ratio = [
        -56.581_731_482_939_81,
        33.757_915_702_025_65,
        3.413_722_410_718_321_5,
        3.569_003_013_638_465_4,
        1.174_649_126_135_670_2,
        0.399_651_393_053_735,
        -9.519_199_713_300_193e-6,
    ];
    let tail = bell * polynomial(1.0 / (x.abs() + 3.0), ratio);
    let far = if x < 0.0 { tail } else { 1.0 - tail };
    // 1 / sqrt(2 pi)
    ((if z < 4.0 { near } else { far }) as f32, (0.398_942_280_401_432_7 * bell) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values in [-size, size], but 0.
    fn values(size: f32) -> impl Iterator<Item = f32> {
        (-100_000..=100_000).map(move |i| i as f32 / 100_000.0 * size).filter(|&x| x != 0.0)
    }

    fn assert_near(name: &str, x: f32, value: f32, exact: f64) {
        let error = (f64::from(value) - exact).abs() / exact.abs();
        // Half a unit in the last place, and what comes before the rounding.
        assert!(error < 0.85 * f64::from(f32::EPSILON), "{name}({x}) is {value}, not {exact}: {error:.1e}");
    }

    #[test]
    fn results_are_those_of_double_precision_rounded() {
        for x in values(87.0) {
            assert_near("exp", x, exp(x), libm::exp(x.into()));
        }
        for x in values(12.0).chain(values(0.02)).chain(values(1e-20)) {
            assert_near("tanh", x, tanh(x), libm::tanh(x.into()));
        }
        for x in values(12.0) {
            let (share, density) = normal(x);
            let exact = 0.5 * libm::erfc(-f64::from(x) * std::f64::consts::FRAC_1_SQRT_2);
            assert_near("share", x, share, exact);
            let exact = libm::exp(-0.5 * f64::from(x).powi(2)) / (2.0 * std::f64::consts::PI).sqrt();
            assert_near("density", x, density, exact);
        }
    }

    #[test]
    fn limits_and_nan() {
        assert_eq!((exp(0.0), exp(-200.0), exp(200.0)), (1.0, 0.0, f32::INFINITY));
        assert_eq!((exp(f32::NEG_INFINITY), exp(f32::INFINITY)), (0.0, f32::INFINITY));
        assert_eq!((tanh(0.0), tanh(f32::NEG_INFINITY), tanh(60.0)), (0.0, -1.0, 1.0));
        assert_eq!((normal(40.0), normal(-40.0)), ((1.0, 0.0), (0.0, 0.0)));
        assert!(exp(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
        assert!(normal(f32::NAN).0.is_nan() && normal(f32::NAN).1.is_nan());
    }
}
