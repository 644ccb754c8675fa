//! The distributions of a random search.

use crate::tensor::random::{pcg4d, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// A distribution of a field's values.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Between two numbers, all equally probable.
    Uniform([f64; 2]),
    /// Between two numbers above 0, whose logarithms are equally probable: as many values from 0.001 to 0.01 as from 0.01 to 0.1.
    LogUniform([f64; 2]),
    /// An integer between two, both included.
    IntUniform([i64; 2]),
    /// One of these.
    Choice(Vec<Value>),
}

/// Numbers are rounded to as many significant digits, so that they can be read and typed again.
const DIGITS: i32 = 4;

impl Distribution {
    /// Whether the distribution has values; a message otherwise.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Uniform([low, high]) if low >= high || !(high - low).is_finite() => {
                Err(format!("the range must rise. Received: [{low}, {high}]"))
            }
            Self::LogUniform([low, high]) if !(*low > 0.0 && low < high) => {
                Err(format!("the range must be above 0 and rise. Received: [{low}, {high}]"))
            }
            Self::IntUniform([low, high]) if !(low <= high && high.abs_diff(*low) < 1 << 31) => {
                Err(format!("the range must rise by less than 2^31. Received: [{low}, {high}]"))
            }
            Self::Choice(values) if values.is_empty() => Err("choice needs at least one value. Received: []".into()),
            _ => Ok(()),
        }
    }

    /// The value of sample `sample` for the field at position `field`.
    pub fn draw(&self, seed: u32, sample: u32, field: u32) -> Value {
        let word = pcg4d([seed, sample, stream::SWEEP, field])[0];
        let unit = f64::from(word) / 4_294_967_296.0;
        let below = |count: u64| ((u64::from(word) * count) >> 32) as usize;
        match self {
            Self::Uniform([low, high]) => number((low + unit * (high - low)).clamp(*low, *high), *low, *high),
            Self::LogUniform([low, high]) => {
                // Portable functions, so that the page and the command line draw the same.
                number(libm::exp(libm::log(*low) + unit * (libm::log(*high) - libm::log(*low))), *low, *high)
            }
            Self::IntUniform([low, high]) => (low + below(high.abs_diff(*low) + 1) as i64).into(),
            Self::Choice(values) => values[below(values.len() as u64)].clone(),
        }
    }
}

/// A rounded number within its range.
fn number(value: f64, low: f64, high: f64) -> Value {
    let rounded = format!("{value:.*e}", DIGITS as usize - 1).parse().unwrap_or(value);
    Number::from_f64(f64::clamp(rounded, low, high)).map_or(Value::Null, Value::Number)
}
