//! The times of a cost sheet; each is given if the numbers that it needs are known.

use super::sheet::CostSheet;
use super::time::{ClockEstimate, Extrapolated, Measured, Rates, Roofline, clock_estimate, extrapolate, roofline};
use crate::base::error::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The numbers from which the times are computed.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "CostQuestion", optional_fields)]
pub struct Question {
    /// Images per training step, instead of the experiment's.
    pub batch: Option<usize>,
    /// Images per epoch, instead of the data set's.
    pub images: Option<u64>,
    /// Number of epochs, instead of the experiment's.
    pub epochs: Option<u64>,
    /// Clock rate in GHz (10⁹ cycles per second).
    pub clock_ghz: Option<f64>,
    /// Number of cores; 1 by default.
    pub cores: Option<u64>,
    /// Measured time of a training step, in milliseconds.
    pub ms_per_step: Option<f64>,
    /// Error of the measured time, ± milliseconds.
    #[ts(as = "Option<_>", optional)]
    pub ms_error: f64,
    /// Peak compute rate in GFLOP/s (10⁹ floating-point operations per second).
    pub gflops: Option<f64>,
    /// Peak memory bandwidth in GB/s (10⁹ bytes per second).
    pub gb_per_s: Option<f64>,
    /// Number of cores of the device, for the CPU engine's memory; 1 by default.
    pub device_cores: Option<usize>,
}

/// Three estimates of the time of a run.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Times {
    /// Instructions ÷ clock rate.
    pub by_clock: Option<ClockEstimate>,
    /// Extrapolated from a measured step.
    pub measured: Option<Extrapolated>,
    /// The device's roofline.
    pub roofline: Option<Roofline>,
}

/// A cost sheet and the times that can be computed from the given numbers.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Cost {
    /// The counts.
    pub sheet: CostSheet,
    /// The times.
    pub time: Times,
}

impl Question {
    /// The times of a sheet.
    ///
    /// # Errors
    /// [`Error::Spec`] if a number is out of range or missing.
    pub fn times(&self, sheet: &CostSheet) -> Result<Times> {
        let images = self.images.or(sheet.images);
        let epochs = self.epochs.unwrap_or(sheet.epochs);
        let clock = self.clock_ghz.zip(images);
        let by_clock = clock.map(|(ghz, images)| clock_estimate(sheet, ghz, self.cores.unwrap_or(1), images, epochs));
        let measured = self.ms_per_step.map(|ms_per_step| {
            let batch = sheet.training.batch;
            let measured = Measured { ms_per_step, error_ms: self.ms_error, batch };
            extrapolate(measured, images.ok_or_else(no_images)?, epochs)
        });
        let rates = self.gflops.zip(self.gb_per_s).map(|(gflops, gb_per_s)| Rates { gflops, gb_per_s });
        let roofline = rates.map(|rates| roofline(sheet, rates));
        Ok(Times { by_clock: by_clock.transpose()?, measured: measured.transpose()?, roofline: roofline.transpose()? })
    }
}

fn no_images() -> Error {
    Error::Spec("the number of images per epoch of this data set is not known, so it must be given".into())
}
