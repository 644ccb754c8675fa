//! What may be asked of a cost sheet besides its counts: the times, each where its numbers are known.

use super::sheet::CostSheet;
use super::time::{ByClock, Extrapolated, Measured, Rates, Roofline, by_clock, extrapolate, roofline};
use crate::base::error::{Error, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The asker's own numbers.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(rename = "CostQuestion", optional_fields)]
pub struct Question {
    /// Pictures a training step, in place of the experiment's.
    pub batch: Option<usize>,
    /// Pictures an epoch, in place of the data set's.
    pub images: Option<u64>,
    /// Epochs, in place of the experiment's.
    pub epochs: Option<u64>,
    /// Cycles a second, in 10⁹.
    pub clock_ghz: Option<f64>,
    /// Cores at work; one unless given.
    pub cores: Option<u64>,
    /// Milliseconds of a measured training step.
    pub ms_per_step: Option<f64>,
    /// Give or take so many.
    #[ts(as = "Option<_>", optional)]
    pub ms_error: f64,
    /// 10⁹ floating-point operations a second at best.
    pub gflops: Option<f64>,
    /// 10⁹ bytes a second at best.
    pub gb_per_s: Option<f64>,
    /// Cores of the device that the CPU engine would train on; one unless given.
    pub device_cores: Option<usize>,
}

/// Three ways to reckon the time of a run.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Times {
    /// Instructions ÷ clock.
    pub by_clock: Option<ByClock>,
    /// Measured and extrapolated.
    pub measured: Option<Extrapolated>,
    /// The device's roofline.
    pub roofline: Option<Roofline>,
}

/// A cost sheet and the times that the asker's numbers allow.
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
    /// [`Error::Spec`] where a number is out of range or one is missing.
    pub fn times(&self, sheet: &CostSheet) -> Result<Times> {
        let images = self.images.or(sheet.images);
        let epochs = self.epochs.unwrap_or(sheet.epochs);
        let clock = self.clock_ghz.zip(images);
        let by_clock = clock.map(|(ghz, images)| by_clock(sheet, ghz, self.cores.unwrap_or(1), images, epochs));
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
    Error::Spec("how many images an epoch has is not known of this data set, so it must be given".into())
}
