//! Arguments that several commands take.

use crate::engine::choose::Choice;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The experiment.
#[derive(Debug, Args)]
pub(super) struct ExperimentArg {
    /// A preset's id (see `convlab list`) or the path of an experiment's JSON document
    #[arg(value_name = "EXPERIMENT")]
    pub(super) experiment: String,
}

/// The folder of the data set.
#[derive(Debug, Args)]
pub(super) struct DataArg {
    /// The folder with the official files as downloaded; CONVLAB_DATA by default. Synthetic sets need none
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
}

/// The engine.
#[derive(Debug, Args)]
pub(super) struct EngineArg {
    /// The engine to run on
    #[arg(long, value_enum, default_value_t = EngineName::Auto)]
    pub(super) engine: EngineName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineName {
    /// The processor
    Cpu,
    /// The graphics card, through Vulkan, Metal or DirectX 12
    Gpu,
    /// The faster one, by a short measurement
    Auto,
}

impl From<EngineName> for Choice {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Cpu => Self::Cpu,
            EngineName::Gpu => Self::Gpu,
            EngineName::Auto => Self::Auto,
        }
    }
}
