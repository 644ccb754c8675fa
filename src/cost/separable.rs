//! What a depthwise separable convolution saves: D² · M + M · N multiplications per output pixel instead of D² · M · N.

use crate::base::error::{Error, Result};
use serde::Serialize;
use ts_rs::TS;

/// A D × D convolution from M to N channels, ordinary and depthwise separable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Separable {
    /// Kernel size.
    pub d: u64,
    /// Input channels.
    pub m: u64,
    /// Output channels.
    pub n: u64,
    /// D² · M · N: multiplications per output pixel of the ordinary convolution.
    pub standard: u64,
    /// D² · M: the depthwise part.
    pub depthwise: u64,
    /// M · N: the pointwise part.
    pub pointwise: u64,
    /// The sum of both parts.
    pub separable: u64,
    /// separable / ordinary = 1 / N + 1 / D².
    pub ratio: f64,
    /// Parameters of the ordinary convolution: (D² · M + 1) · N.
    pub standard_params: u64,
    /// Parameters of both parts: (D² + 1) · M + (M + 1) · N.
    pub separable_params: u64,
}

impl Separable {
    /// Counts multiplications and parameters.
    ///
    /// # Errors
    /// [`Error::Spec`] if a number is not between 1 and 100 000.
    pub fn new(d: u64, m: u64, n: u64) -> Result<Self> {
        if [d, m, n].iter().any(|&value| !(1..=100_000).contains(&value)) {
            return Err(Error::Spec(format!("D, M and N must lie between 1 and 100000. Received: {d}, {m}, {n}")));
        }
        let (standard, depthwise, pointwise) = (d * d * m * n, d * d * m, m * n);
        Ok(Self {
            d,
            m,
            n,
            standard,
            depthwise,
            pointwise,
            separable: depthwise + pointwise,
            ratio: (depthwise + pointwise) as f64 / standard as f64,
            standard_params: (d * d * m + 1) * n,
            separable_params: (d * d + 1) * m + (m + 1) * n,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_saving_is_one_over_n_and_one_over_d_squared() {
        let worked = Separable::new(3, 64, 128).unwrap();
        assert_eq!((worked.standard, worked.depthwise, worked.pointwise), (73_728, 576, 8_192));
        assert!((worked.ratio - (1.0 / 128.0 + 1.0 / 9.0)).abs() < 1e-12);
        // The counts of the first convolution with stride 2 of the 18-layer networks.
        assert_eq!((worked.standard_params, worked.separable_params), (73_856, 640 + 8_320));
        assert!(Separable::new(3, 0, 1).is_err() && Separable::new(1 << 40, 1, 1).is_err());
    }
}
