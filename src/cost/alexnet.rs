//! AlexNet's figures from two published sources, compared with the computed ones: where they differ, and why.

use super::layer::LayerCost;
use crate::experiment::Experiment;
use serde::Serialize;
use ts_rs::TS;

/// One figure of the course's question how long a network takes: the source's way, and what it counts.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TimeFigure {
    /// What the figure is.
    pub what: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// The figure by the first way, which takes the values of a pass for instructions.
    pub by_values: Option<f64>,
    /// The figure by the second way, which takes the multiplications.
    pub by_multiplications: Option<f64>,
    /// The same, counted here: forward and backward pass, at one multiply-accumulate per cycle.
    pub here: Option<f64>,
    /// The unit.
    pub unit: &'static str,
}

/// One figure: computed, and from the sources.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SourceFigure {
    /// What the figure counts.
    pub what: String,
    /// The computed value.
    pub here: u64,
    /// The first source's value, if it has one.
    pub first: Option<u64>,
    /// The second source's value, if it has one.
    pub second: Option<u64>,
    /// Why they differ; empty if they agree.
    pub why: &'static str,
}

/// The first source's values in memory: the image, then layer by layer, without the normalisation layers.
const VALUES: [u64; 12] =
    [154_587, 290_400, 69_984, 186_624, 43_264, 64_896, 64_896, 43_264, 9_216, 4_096, 4_096, 1_000];
/// The first source's parameters.
const PARAMS: [u64; 8] = [34_944, 614_656, 885_120, 1_327_488, 884_992, 37_752_832, 16_781_312, 4_097_000];
/// The second source's convolution parameters.
const CONV_PARAMS: [u64; 5] = [11_616, 6_400, 3_456, 3_456, 2_304];
/// The first source's multiplications.
const MULTIPLICATIONS: [u64; 8] =
    [105_415_200, 447_897_600, 149_520_384, 224_280_576, 149_520_384, 37_748_736, 16_777_216, 4_096_000];

const NO_CHANNELS: &str = "The second source counts m · n · C_out: it leaves out the input channels and the biases. A kernel is as deep as \
     its input, so m · n must be multiplied by C_in too.";
const NO_BIAS: &str = "The second source leaves out the biases, one for each output.";
const BOTH: &str = "The second source's convolutions lack the input channels, and none of its layers has biases.";
const SWAPPED: &str = "The second source keeps the two normalisation layers too (69,984 and 43,264 values), and swaps two digits: its \
     own rows add up to 1,049,571.";

/// The comparison with the sources; empty unless the experiment is their AlexNet.
pub fn sources(spec: &Experiment, layers: &[LayerCost], input_values: u64) -> Vec<SourceFigure> {
    let weighted: Vec<&LayerCost> = layers.iter().filter(|layer| layer.params > 0).collect();
    if spec.name != "alexnet" || weighted.len() != PARAMS.len() {
        return Vec::new();
    }
    let plain: Vec<&LayerCost> =
        layers.iter().filter(|layer| layer.kind != "local_response_normalization" && layer.values > 0).collect();
    let mut figures = Vec::new();
    let values = std::iter::once(("input", input_values)).chain(plain.iter().map(|l| (l.name.as_str(), l.values)));
    for ((name, here), first) in values.zip(VALUES) {
        figures.push(SourceFigure { what: format!("values, {name}"), here, first: Some(first), second: None, why: "" });
    }
    let without: u64 = input_values + plain.iter().map(|layer| layer.values).sum::<u64>();
    let with: u64 = input_values + layers.iter().map(|layer| layer.values).sum::<u64>();
    figures.push(total("values of a forward pass", without, Some(936_323), None, ""));
    let kilobytes = (4.0 * without as f64 / 1e3).round() as u64;
    figures.push(total("memory of it, in KB of 1,000 bytes", kilobytes, Some(3_745), None, ""));
    figures.push(total("values with normalisation", with, None, Some(1_049_751), SWAPPED));
    for (i, layer) in weighted.iter().enumerate() {
        // The second source's dense layers are right except for the biases, which it leaves out.
        let (second, why) = match CONV_PARAMS.get(i) {
            Some(&count) => (count, NO_CHANNELS),
            None => (layer.macs, NO_BIAS),
        };
        let what = format!("parameters, {}", layer.name);
        figures.push(SourceFigure { what, here: layer.params, first: Some(PARAMS[i]), second: Some(second), why });
    }
    let params = weighted.iter().map(|layer| layer.params).sum();
    figures.push(total("parameters", params, Some(62_378_344), Some(58_649_184), BOTH));
    for (layer, first) in weighted.iter().zip(MULTIPLICATIONS) {
        let what = format!("multiplications, {}", layer.name);
        figures.push(SourceFigure { what, here: layer.macs, first: Some(first), second: None, why: "" });
    }
    let macs = weighted.iter().map(|layer| layer.macs).sum();
    figures.push(total("multiplications", macs, Some(1_135_256_096), None, ""));
    figures
}

/// What the two ways count, why they differ, and which is nearer to a measurement.
pub const TIMES_NOTE: &str = "The first way takes the 1,049,751 values that a pass holds in memory for instructions, the second the 1,135,256,096 \
     multiplications of a pass. They differ a thousandfold because a value is stored once, but computed from up to thousands of products: \
     a convolution uses each weight at every position. The second is nearer to a measurement; a training step adds the backward pass, about \
     twice the work of the forward pass.";

/// The values that the second source prints; two digits are swapped.
const PRINTED_VALUES: f64 = 1_049_751.0;
/// The passes for which it multiplies them: fifteen epochs, forward and backward.
const PASSES: f64 = 30.0;
/// Cycles per second of its processor that other programs leave free, and of the first source's processor.
const FREE_HZ: f64 = 2.5e9;
const HZ: f64 = 3e9;
const IMAGES: f64 = 10_000.0;

/// Both sources' answers to the question of time beside the counts made here; empty unless the experiment is their AlexNet.
pub fn times(spec: &Experiment, macs: u64, training_macs: u64) -> Vec<TimeFigure> {
    if spec.name != "alexnet" {
        return Vec::new();
    }
    let instructions = PASSES * PRINTED_VALUES;
    let (forward, training) = (macs as f64, training_macs as f64);
    let row = |what, formula, by_values, by_multiplications, here, unit| TimeFigure {
        what,
        formula,
        by_values,
        by_multiplications,
        here,
        unit,
    };
    vec![
        row(
            "counted per image",
            "values of a pass; multiplications of a pass; here of a training step",
            Some(PRINTED_VALUES),
            Some(forward),
            Some(training),
            "",
        ),
        row("taken for instructions", "values × 30 passes", Some(instructions), Some(forward), Some(training), ""),
        row(
            "time per image",
            "instructions ÷ clock: 2.5 GHz; 3 GHz; here 3 GHz",
            Some(instructions / FREE_HZ),
            Some(forward / HZ),
            Some(training / HZ),
            "s",
        ),
        row(
            "time of 10,000 images",
            "10,000 × time per image",
            Some(IMAGES * instructions / FREE_HZ),
            Some(IMAGES * forward / HZ),
            Some(IMAGES * training / HZ),
            "s",
        ),
        row("on two cores with four threads, at least", "a third of it", Some(40.0), None, None, "s"),
        row("on two cores with four threads, at most", "a half of it", Some(60.0), None, None, "s"),
        row("memory of one pass", "values × 4 bytes", Some(4.0 * PRINTED_VALUES / 1e6), None, None, "MB"),
        row("memory of 30 passes", "4.2 MB × 30", Some(126.0), None, None, "MB"),
    ]
}

fn total(what: &str, here: u64, first: Option<u64>, second: Option<u64>, why: &'static str) -> SourceFigure {
    SourceFigure { what: format!("total {what}"), here, first, second, why }
}
