//! The cost sheet of a network: memory, parameters with their formulas, multiply-accumulates, time. The counts need
//! only shapes; no tensor is allocated, so the largest network is counted at once.

mod alexnet;
mod allocation;
mod formula;
mod layer;
mod question;
mod separable;
mod sheet;
mod text;
mod time;

pub use alexnet::{SourceFigure, TIMES_NOTE, TimeFigure, sources, times};
pub use allocation::{Allocation, CpuAllocation};
pub use layer::LayerCost;
pub use question::{Cost, Question, Times};
pub use separable::Separable;
pub use sheet::{CostSheet, ForwardMemory, TrainingMemory};
pub use time::{
    ClockEstimate, Extrapolated, LayerRoof, Measured, Rates, Roofline, clock_estimate, extrapolate, roofline,
};
