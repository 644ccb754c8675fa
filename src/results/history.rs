//! What a run leaves behind: a row an epoch under Keras's names, and every step's learning rate.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "HistoryEpoch")]
pub struct Epoch {
    /// From 1.
    pub epoch: usize,
    /// Mean training loss over the epoch's pictures while they were trained on, plus penalties.
    pub loss: f64,
    /// Training accuracy, likewise.
    pub accuracy: f64,
    /// Validation loss after the epoch, plus penalties.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// Something that broke a run off, after which it went on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Interruption {
    /// Steps done when it happened.
    pub step: usize,
    /// Steps that were done over: those since the last snapshot.
    pub repeated: usize,
    /// What happened, and what the run went on with.
    pub message: String,
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
    /// `cpu` or `gpu`.
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
