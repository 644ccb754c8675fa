//! What a run leaves behind: a row an epoch under Keras's names, and every step's learning rate.

use crate::experiment::monitor::Monitor;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// One epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "HistoryEpoch")]
pub struct Epoch {
    /// From 1.
    pub epoch: usize,
    /// Mean training loss over the epoch's images while they were trained on, plus penalties.
    #[serde(deserialize_with = "loss")]
    pub loss: f64,
    /// Training accuracy, likewise.
    pub accuracy: f64,
    /// Validation loss after the epoch, plus penalties.
    #[serde(default, deserialize_with = "validation_loss", skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub val_loss: Option<f64>,
    /// Validation accuracy after the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub val_accuracy: Option<f64>,
    /// Of the epoch's last step.
    pub learning_rate: f64,
    /// Seconds of training and validation.
    pub seconds: f64,
    /// Whether the run ended within it: the last epoch of a run with a fraction of `epochs`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<_>", optional)]
    pub partial: bool,
}

/// A loss. JSON has no NaN: that of a run that diverged is null.
pub(super) fn loss<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::deserialize(deserializer).map(|loss| loss.unwrap_or(f64::NAN))
}

/// A validation loss that is there, null or not.
fn validation_loss<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    loss(deserializer).map(Some)
}

/// Something done to a run by hand while it went on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
#[ts(rename = "RateChange")]
pub enum Change {
    /// Another learning rate.
    LearningRate {
        /// Steps done before; the next one is the first with this rate.
        step: usize,
        /// The epoch under way, from 1.
        epoch: usize,
        /// The rate.
        learning_rate: f64,
    },
}

/// Something that broke a run off, after which it went on by itself or from a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Interruption {
    /// Steps done when it happened.
    pub step: usize,
    /// Steps that were done over: those since the last snapshot.
    pub repeated: usize,
    /// What happened, and what the run went on with.
    pub message: String,
    /// The engine before it: `cpu` or `gpu`. Files of earlier versions do not name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub engine: Option<String>,
    /// The build before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub build: Option<String>,
}

impl Epoch {
    /// The figure that is monitored; `None` without validation images.
    pub fn figure(&self, monitor: Monitor) -> Option<f64> {
        match monitor {
            Monitor::Loss => Some(self.loss),
            Monitor::Accuracy => Some(self.accuracy),
            Monitor::ValLoss => self.val_loss,
            Monitor::ValAccuracy => self.val_accuracy,
        }
    }
}

/// A whole run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct History {
    /// A row an epoch.
    pub epochs: Vec<Epoch>,
    /// The learning rate of every step.
    pub learning_rates: Vec<f64>,
    /// What was changed by hand, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Change>,
    /// `cpu` or `gpu`, at its end: the interruptions say what computed the steps before them.
    pub engine: String,
    /// What it ran on.
    pub device: String,
    /// Which build of the arithmetic: relaxed SIMD may round differently between processors.
    pub build: String,
    /// The experiment's seed.
    pub seed: u32,
    /// What broke it off on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interruptions: Vec<Interruption>,
}

impl History {
    /// A table with Keras's column names.
    pub fn to_csv(&self) -> String {
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let mut csv = String::from("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n");
        for row in &self.epochs {
            csv += &format!(
                "{},{},{},{},{},{},{}\n",
                row.epoch,
                row.loss,
                row.accuracy,
                cell(row.val_loss),
                cell(row.val_accuracy),
                row.learning_rate,
                row.seconds
            );
        }
        csv
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_as_csv_has_kerass_names_and_is_empty_only_where_nothing_was_measured() {
        let epoch = |epoch: usize, validation: Option<(f64, f64)>| Epoch {
            epoch,
            loss: 1.5,
            accuracy: 0.4,
            val_loss: validation.map(|(loss, _)| loss),
            val_accuracy: validation.map(|(_, accuracy)| accuracy),
            learning_rate: 0.001,
            seconds: 2.0,
            partial: false,
        };
        let history = History { epochs: vec![epoch(1, None), epoch(2, Some((1.25, 0.5)))], ..History::default() };
        let head = "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n";
        assert_eq!(history.to_csv(), format!("{head}1,1.5,0.4,,,0.001,2\n2,1.5,0.4,1.25,0.5,0.001,2\n"));
        assert_eq!(History::default().to_csv(), head);
    }
}
