//! The length of a run.

use crate::base::number::PlainNumber;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The length of a run in passes over the training set. The last pass may be a part of one.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Epochs(f64);

impl Epochs {
    /// The number of epochs, a part of one included: the number of rows in the history.
    pub fn count(self) -> usize {
        self.0.ceil() as usize
    }

    /// The number as it stands in the document.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The number of training steps, of which an epoch has `per_epoch`; rounded up.
    pub fn steps(self, per_epoch: usize) -> usize {
        (self.0 * per_epoch as f64).ceil() as usize
    }
}

impl From<usize> for Epochs {
    fn from(count: usize) -> Self {
        Self(count as f64)
    }
}

impl PartialEq<usize> for Epochs {
    fn eq(&self, count: &usize) -> bool {
        *self == Self::from(*count)
    }
}

impl From<f64> for Epochs {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl fmt::Display for Epochs {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        PlainNumber(self.0).fmt(f)
    }
}

impl Serialize for Epochs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 { serializer.serialize_u64(self.0 as u64) } else { serializer.serialize_f64(self.0) }
    }
}

/// The small engine takes whole epochs only.
#[cfg(not(feature = "extended"))]
impl<'de> Deserialize<'de> for Epochs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        usize::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(feature = "extended")]
impl<'de> Deserialize<'de> for Epochs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn steps_are_rounded_up() {
        for (epochs, per_epoch, steps, count) in
            [(9.9, 49, 486, 10), (0.5, 1, 1, 1), (2.0, 7, 14, 2), (0.01, 10, 1, 1), (1.5, 3, 5, 2)]
        {
            let epochs = Epochs(epochs);
            assert_eq!((epochs.steps(per_epoch), epochs.count()), (steps, count), "{epochs} of {per_epoch}");
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        for (given, written) in [(json!(3), "3"), (json!(3.0), "3"), (json!(9.9), "9.9")] {
            let epochs: Epochs = crate::base::document::read(&given).unwrap();
            assert_eq!(
                (crate::base::document::write(&epochs).to_string(), epochs.to_string().as_str()),
                (written.into(), written)
            );
        }
    }
}
