//! Activation functions beyond the basic ones.

use crate::tensor::real::Real;

/// `alpha` of SELU (Klambauer et al., "Self-Normalizing Neural Networks", 2017).
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
/// `scale` of SELU.
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
/// `sqrt(2 / pi)`
const TANH_SCALE: f64 = 0.797_884_560_802_865_4;
/// Of GELU's approximation (Hendrycks and Gimpel, 2016).
const TANH_CUBE: f64 = 0.044_715;

/// An activation function beyond the basic ones, as Keras defines it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extended {
    /// `y = x` above 0, `y = negative_slope x` below.
    LeakyRelu {
        /// The slope below 0.
        negative_slope: f64,
    },
    /// `y = x` above 0, `y = alpha (exp(x) - 1)` below (Clevert et al., 2015).
    Elu {
        /// `-alpha` is the limit far below 0.
        alpha: f64,
    },
    /// `y = scale elu(x, alpha)` with constants that keep mean 0 and variance 1 (Klambauer et al., 2017).
    Selu,
    /// `y = min(max(x, 0), 6)`
    Relu6,
    /// `y = relu6(x + 3) / 6`
    HardSigmoid,
    /// `y = log(exp(x) + 1)`
    Softplus,
    /// `y = x / (|x| + 1)`
    Softsign,
    /// `y = exp(x)`
    Exponential,
    /// `y = x P(X <= x)` for a standard normal X (Hendrycks and Gimpel, 2016).
    Gelu {
        /// Whether `y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2` takes its place.
        approximate: bool,
    },
    /// `y = x sigmoid(x)`, also called swish (Ramachandran et al., 2017).
    Silu,
    /// `y = x hard_sigmoid(x)`, also called hard swish (Howard et al., 2019).
    HardSilu,
    /// `y = x tanh(softplus(x))` (Misra, 2019).
    Mish,
}

fn sigmoid<T: Real>(x: T) -> T {
    T::one() / (T::one() + (-x).activation_exp())
}

fn softplus<T: Real>(x: T) -> T {
    let positive = if x < T::zero() { T::zero() } else { x };
    positive + (-x.abs()).activation_exp().portable_log1p()
}

fn hard_sigmoid<T: Real>(x: T) -> T {
    let (zero, six) = (T::zero(), T::of(6.0));
    let x = x + T::of(3.0);
    // In this form NaN is passed on.
    (if x < zero {
        zero
    } else if x > six {
        six
    } else {
        x
    }) / six
}

/// `tanh` in GELU's approximation, and the slope of its argument.
fn gelu_tanh<T: Real>(x: T) -> (T, T) {
    let (scale, cube) = (T::of(TANH_SCALE), T::of(TANH_CUBE));
    let inner = scale * (x + cube * x * x * x);
    (inner.portable_tanh(), scale * (T::one() + T::of(3.0) * cube * x * x))
}

fn elu<T: Real>(x: T, alpha: T, scale: T) -> T {
    if x > T::zero() { scale * x } else { scale * alpha * x.portable_expm1() }
}

impl Extended {
    /// `y = f(y)`.
    pub fn forward<T: Real>(self, y: &mut [T]) {
        let (zero, one, half) = (T::zero(), T::one(), T::of(0.5));
        fn each<T: Real>(y: &mut [T], f: impl Fn(T) -> T) {
            y.iter_mut().for_each(|y| *y = f(*y));
        }
        match self {
            Self::LeakyRelu { negative_slope } => {
                let slope = T::of(negative_slope);
                each(y, |x| if x > zero { x } else { slope * x });
            }
            Self::Elu { alpha } => each(y, |x| elu(x, T::of(alpha), one)),
            Self::Selu => each(y, |x| elu(x, T::of(SELU_ALPHA), T::of(SELU_SCALE))),
            Self::Relu6 => {
                let six = T::of(6.0);
                each(y, |x| if x < zero { zero } else { x });
                each(y, |x| if x > six { six } else { x });
            }
            Self::HardSigmoid => each(y, hard_sigmoid),
            Self::Softplus => each(y, softplus),
            Self::Softsign => each(y, |x| x / (x.abs() + one)),
            Self::Exponential => each(y, T::activation_exp),
            Self::Gelu { approximate: false } => each(y, |x| x * x.normal().0),
            Self::Gelu { approximate: true } => each(y, |x| half * x * (one + gelu_tanh(x).0)),
            Self::Silu => each(y, |x| x * sigmoid(x)),
            Self::HardSilu => each(y, |x| x * hard_sigmoid(x)),
            Self::Mish => each(y, |x| x * softplus(x).portable_tanh()),
        }
    }

    /// `dy = dy * f'`, with `f'` from the output `y`; where [`Self::needs_input`], `y` is the input.
    pub fn backward<T: Real>(self, y: &[T], dy: &mut [T]) {
        let (zero, one, half, six) = (T::zero(), T::one(), T::of(0.5), T::of(6.0));
        fn each<T: Real>(y: &[T], dy: &mut [T], slope: impl Fn(T) -> T) {
            dy.iter_mut().zip(y).for_each(|(dy, &y)| *dy *= slope(y));
        }
        match self {
            Self::LeakyRelu { negative_slope } => {
                let slope = T::of(negative_slope);
                each(y, dy, |y| if y > zero { one } else { slope });
            }
            Self::Elu { alpha } => each(y, dy, |y| if y > zero { one } else { y + T::of(alpha) }),
            Self::Selu => {
                let (scale, limit) = (T::of(SELU_SCALE), T::of(SELU_SCALE * SELU_ALPHA));
                each(y, dy, |y| if y > zero { scale } else { y + limit });
            }
            Self::Relu6 => each(y, dy, |y| if y > zero && y < six { one } else { zero }),
            Self::HardSigmoid => each(y, dy, |y| if y > zero && y < one { one / six } else { zero }),
            Self::Softplus => each(y, dy, |y| -(-y).portable_expm1()),
            Self::Softsign => each(y, dy, |y| (one - y.abs()) * (one - y.abs())),
            Self::Exponential => each(y, dy, |y| y),
            Self::Gelu { approximate: false } => each(y, dy, |x| {
                let (share, density) = x.normal();
                share + x * density
            }),
            Self::Gelu { approximate: true } => each(y, dy, |x| {
                let (t, slope) = gelu_tanh(x);
                half * (one + t) + half * x * (one - t * t) * slope
            }),
            Self::Silu => each(y, dy, |x| {
                let s = sigmoid(x);
                s * (one + x * (one - s))
            }),
            Self::HardSilu => each(y, dy, |x| {
                let three = T::of(3.0);
                let inside = if x > -three && x < three { x / six } else { zero };
                hard_sigmoid(x) + inside
            }),
            Self::Mish => each(y, dy, |x| {
                let t = softplus(x).portable_tanh();
                t + x * (one - t * t) * sigmoid(x)
            }),
        }
    }

    /// Whether the derivative does not follow from the output.
    pub fn needs_input(self) -> bool {
        matches!(self, Self::Gelu { .. } | Self::Silu | Self::HardSilu | Self::Mish)
    }

    /// The function's number in shaders; the basic functions have the numbers below 4.
    pub fn code(self) -> u32 {
        match self {
            Self::LeakyRelu { .. } => 4,
            Self::Elu { .. } => 5,
            Self::Selu => 6,
            Self::Relu6 => 7,
            Self::HardSigmoid => 8,
            Self::Softplus => 9,
            Self::Softsign => 10,
            Self::Exponential => 11,
            Self::Gelu { approximate: false } => 12,
            Self::Gelu { approximate: true } => 13,
            Self::Silu => 14,
            Self::HardSilu => 15,
            Self::Mish => 16,
        }
    }

    /// The constant of functions that have one.
    pub fn constant(self) -> Option<f64> {
        match self {
            Self::LeakyRelu { negative_slope } => Some(negative_slope),
            Self::Elu { alpha } => Some(alpha),
            _ => None,
        }
    }
}
