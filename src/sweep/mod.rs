//! Sweeps: one experiment with several values of its fields and several seeds, run after run.
//!
//! A sweep is a JSON document. Its runs follow from the document alone, so that the page and the command line train the same runs in
//! the same order. Whether a run is stopped early depends only on the runs before it.

mod described;
mod draw;
mod field;
mod importance;
mod outcome;
mod plan;
mod range;
mod run;
mod stop;
#[cfg(any(feature = "cli", feature = "tools"))]
mod table;

pub use described::{Described, DescribedRun, Results};
pub use importance::importance;
pub use outcome::{Configuration, HOPELESS, Outcome, Status, configurations};
pub use plan::{Plan, Sweep};
pub use range::{RangeTest, StepLosses, range_test, rates, tested};
pub use run::Run;
pub use stop::EarlyTermination;
#[cfg(any(feature = "cli", feature = "tools"))]
pub use table::table;
