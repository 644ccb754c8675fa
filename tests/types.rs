//! The TypeScript types of the wasm modules' objects: `src/wasm/types.d.ts` is generated from the Rust types.
#![cfg(not(target_arch = "wasm32"))]

use convlab::{
    base, cost, data, engine, experiment, import, inspect, network, report, results, submission, sweep, train,
};
use ts_rs::{Config, TS};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wasm/types.d.ts");

/// Declarations that are not generated: a layer, whose options depend on its type, and names of the events' types.
const ABOUT: &str = r#"
/** A layer: its type, its name and inputs, and its type's own options. */
export interface LayerSpec {
  type: string;
  name?: string;
  inputs?: string[];
  [option: string]: unknown;
}

export type StepEvent = Extract<TrainEvent, { event: "step" }>;
export type EpochEvent = Extract<TrainEvent, { event: "epoch" }>;
export type DoneEvent = Extract<TrainEvent, { event: "done" }>;
export type InterruptedEvent = Extract<TrainEvent, { event: "interrupted" }>;
export type NoticeEvent = Extract<TrainEvent, { event: "notice" }>;
"#;

fn declaration<T: TS>(config: &Config) -> String {
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config))
}

macro_rules! declarations {
    ($($type:ty),* $(,)?) => {{
        let config = Config::new().with_large_int("number");
        [$(declaration::<$type>(&config)),*].concat()
    }};
}

fn types() -> String {
    let types = declarations![
        experiment::Experiment,
        experiment::DatasetSpec,
        experiment::Validation,
        experiment::NamedValidation,
        experiment::Split,
        experiment::Limit,
        experiment::LabelMode,
        experiment::EmnistSplit,
        experiment::ImageSource,
        experiment::LossKind,
        experiment::Alpha,
        experiment::TestTimeAugmentation,
        experiment::EarlyStopping,
        experiment::ModelCheckpoint,
        experiment::monitor::Monitor,
        base::document::Typed,
        network::summary::Summary,
        network::summary::LayerSummary,
        network::summary::Totals,
        data::ColorMode,
        data::Interpolation,
        data::DatasetHead,
        data::DatasetInfo,
        engine::choose::Choice,
        train::Options,
        train::Info,
        train::Event,
        train::Done,
        train::Prediction,
        train::checkpoint::CheckpointInfo,
        train::numbers::Numbers,
        train::numbers::LayerNumbers,
        train::numbers::GradientNumbers,
        results::history::History,
        results::history::Epoch,
        results::history::Change,
        results::history::Interruption,
        results::metrics::Figures,
        results::metrics::Scores,
        results::metrics::ClassScores,
        results::metrics::Mistake,
        results::curves::Curves,
        results::curves::ClassCurves,
        results::curves::Calibration,
        results::curves::CalibrationBin,
        results::overfitting::Overfitting,
        results::compare::Comparison,
        results::compare::ComparedGroup,
        results::compare::Spread,
        results::run::Run,
        results::run::RunFigures,
        results::run::Test,
        network::edit::Edit,
        import::ImportedHead,
        import::Unsupported,
        import::Matched,
        inspect::Health,
        inspect::LayerHealth,
        submission::Submission,
        submission::UsedData,
        submission::assignment::Document,
        submission::assignment::AllowedEngine,
        submission::assignment::AllowedBuild,
        submission::rubric::Question,
        submission::rubric::Award,
        submission::assigned::Assigned,
        submission::check::Job,
        submission::check::ReplayFailure,
        submission::class::Line,
        submission::class::Entry,
        submission::verdict::Verdict,
        submission::verdict::Difference,
        report::Input,
        report::Sample,
        report::Written,
        report::ComparisonInput,
        report::NamedRun,
        sweep::Described,
        sweep::DescribedRun,
        sweep::Outcome,
        sweep::Status,
        sweep::Configuration,
        sweep::Results,
        sweep::RangeTest,
        cost::TimeFigure,
        cost::Question,
        cost::Cost,
        cost::CostSheet,
        cost::LayerCost,
        cost::ForwardMemory,
        cost::TrainingMemory,
        cost::Allocation,
        cost::CpuAllocation,
        cost::SourceFigure,
        cost::Times,
        cost::ClockEstimate,
        cost::Extrapolated,
        cost::Measured,
        cost::Roofline,
        cost::Rates,
        cost::LayerRoof,
        cost::Separable,
    ];
    format!("// Made from the Rust types by tests/types.rs: do not edit.\n{types}{ABOUT}")
}

const SETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/src/base/datasets.json");

/// The known data sets for the page, one a line.
fn sets() -> String {
    let lines: Vec<String> =
        data::sets().iter().map(|set| format!("  {}", serde_json::to_string(set).expect("plain data"))).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

#[test]
fn the_declarations_are_made_from_the_rust_types() {
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(committed == types(), "src/wasm/types.d.ts is stale: cargo test --test types -- --ignored");
    let committed = std::fs::read_to_string(SETS).unwrap_or_default();
    assert!(committed == sets(), "www/src/base/datasets.json is stale: cargo test --test types -- --ignored");
}

/// Writes the files.
#[test]
#[ignore = "writes src/wasm/types.d.ts and www/src/base/datasets.json"]
fn write() {
    std::fs::write(FILE, types()).unwrap();
    std::fs::write(SETS, sets()).unwrap();
}
