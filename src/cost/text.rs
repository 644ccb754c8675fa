//! The cost sheet as text.

use super::{
    ClockEstimate, CostSheet, CpuAllocation, Extrapolated, Roofline, Separable, SourceFigure, TIMES_NOTE, TimeFigure,
};
use crate::base::table::Table;
use crate::base::text::{bytes, duration, grouped, plain};

const LAYERS: [(&str, bool); 7] = [
    ("Layer", false),
    ("Output", false),
    ("O = (N − F + 2P) / S + 1", false),
    ("Values", true),
    ("P = ((m · n · C_in) + 1) · C_out", false),
    ("Params", true),
    ("MACs", true),
];
const SOURCES: [(&str, bool); 4] = [("Figure", false), ("Here", true), ("First source", true), ("Second source", true)];
const TIMES: [(&str, bool); 5] =
    [("Figure", false), ("By values", true), ("By multiplications", true), ("Here", true), ("How", false)];

impl CostSheet {
    /// Memory, parameters, multiply-accumulates, and the comparison with published figures.
    pub fn to_text(&self) -> String {
        let mut table = Table::new(&LAYERS);
        let input = [String::from("input"), String::new(), String::new(), grouped(self.forward.input_values)];
        table.rows.push(input.into_iter().chain((0..3).map(|_| String::new())).collect());
        for layer in &self.layers {
            let shape: Vec<String> = layer.output_shape.iter().map(usize::to_string).collect();
            table.rows.push(vec![
                layer.name.clone(),
                shape.join(" × "),
                layer.output_formula.clone().unwrap_or_default(),
                grouped(layer.values),
                layer.params_formula.clone().unwrap_or_default(),
                grouped(layer.params),
                grouped(layer.macs),
            ]);
        }
        format!(
            "Cost sheet: \"{}\"\n{table}{}{}{}{}",
            plain(&self.name),
            self.totals(),
            self.memory_text(),
            self.sources_text(),
            self.times_text()
        )
    }

    fn totals(&self) -> String {
        format!(
            " Parameters: {} ({}), of which {} are trained\n Forward pass of one image: {} values, {} at 4 bytes (1 KB is 1024 bytes here, as in Keras)\n \
             Multiply-accumulates per image: {} forward, {} in training; FLOPs are twice that\n",
            grouped(self.params),
            bytes(4 * self.params),
            grouped(self.trainable),
            grouped(self.forward.values),
            bytes(self.forward.bytes),
            grouped(self.macs),
            grouped(self.training_macs)
        )
    }

    fn memory_text(&self) -> String {
        let t = &self.training;
        let line = |what: &str, count: u64| format!("   {what:<32}{:>12}\n", bytes(count));
        format!(" Memory of training in batches of {} (all kept until the step ends):\n", t.batch)
            + &line("images and activations", t.activations)
            + &line("their gradients", t.activation_gradients)
            + &line("parameters", t.parameters)
            + &line("their gradients", t.parameter_gradients)
            + &line("optimiser state", t.optimizer_slots)
            + &line("total", t.total)
            + &self.allocation_text()
    }

    fn allocation_text(&self) -> String {
        let (gpu, CpuAllocation { bytes: cpu, lanes }) = (&self.allocation, self.cpu_allocation);
        format!(
            " What the engines allocate for it, without the data set's images:\n   the CPU engine on {lanes} thread{}: {}\n   the GPU \
             engine: {}, of which {} for {} in one buffer\n",
            if lanes == 1 { "" } else { "s" },
            bytes(cpu),
            bytes(gpu.bytes),
            bytes(gpu.largest_bytes),
            plain(&gpu.largest)
        )
    }

    fn sources_text(&self) -> String {
        if self.sources.is_empty() {
            return String::new();
        }
        let mut table = Table::new(&SOURCES);
        let mut reasons: Vec<&str> = Vec::new();
        for SourceFigure { what, here, first, second, why } in &self.sources {
            if !why.is_empty() && !reasons.contains(why) {
                reasons.push(why);
            }
            let note =
                reasons.iter().position(|reason| reason == why).map_or(String::new(), |i| format!(" [{}]", i + 1));
            let printed = |figure: &Option<u64>| figure.map_or(String::new(), grouped);
            let second = second.map_or(String::new(), |figure| grouped(figure) + &note);
            table.rows.push(vec![what.clone(), grouped(*here), printed(first), second]);
        }
        let notes: String = reasons.iter().enumerate().map(|(i, reason)| format!(" [{}] {reason}\n", i + 1)).collect();
        format!("Figures from two sources\n{table}{notes}")
    }

    fn times_text(&self) -> String {
        if self.time_sources.is_empty() {
            return String::new();
        }
        let mut table = Table::new(&TIMES);
        for TimeFigure { what, formula, by_values, by_multiplications, here, unit } in &self.time_sources {
            let shown = |figure: &Option<f64>| figure.map_or(String::new(), |value| measure(value, unit));
            let figures = [by_values, by_multiplications, here].map(shown);
            table.rows.push([vec![what.to_string()], figures.to_vec(), vec![formula.to_string()]].concat());
        }
        format!("How long does it take? Two sources' answers\n{table} {TIMES_NOTE}\n")
    }
}

/// A count as a whole number; a figure with a unit to five significant digits.
fn measure(value: f64, unit: &str) -> String {
    let before_point = value.abs().log10().floor() as i32 + 1;
    let decimals = if unit.is_empty() { 0 } else { usize::try_from(5 - before_point).unwrap_or(0) };
    let digits = format!("{value:.decimals$}");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction} {unit}", grouped(whole.parse().unwrap_or_default())).trim_end().into()
}

impl ClockEstimate {
    /// The estimate as a few lines of text.
    pub fn to_text(&self) -> String {
        format!(
            "Time, instructions ÷ clock: one multiplication per cycle, {} GHz, {} core{}\n   one image forward: {}\n   {} images, \
             {} epochs: {} forward only (as in the sources), {} forward and backward\n",
            self.clock_ghz,
            self.cores,
            if self.cores == 1 { "" } else { "s" },
            duration(self.seconds_per_image),
            grouped(self.images),
            self.epochs,
            duration(self.forward_seconds),
            duration(self.training_seconds)
        )
    }
}

impl Extrapolated {
    /// The estimate as a few lines of text.
    pub fn to_text(&self) -> String {
        format!(
            "Time, measured: {:.2} ± {:.2} ms per step of {} images\n   an epoch ({} steps): {} ± {}\n   the run: {} ± {}\n",
            self.measured.ms_per_step,
            self.measured.error_ms,
            self.measured.batch,
            grouped(self.steps_per_epoch),
            duration(self.epoch_seconds),
            duration(self.epoch_error),
            duration(self.run_seconds),
            duration(self.run_error)
        )
    }
}

impl Roofline {
    /// The estimate as a few lines of text.
    pub fn to_text(&self) -> String {
        let waiting: Vec<&str> = self.layers.iter().filter(|l| l.memory_bound).map(|l| l.name.as_str()).collect();
        let share = self.layers.iter().filter(|l| l.memory_bound).map(|l| l.ms).sum::<f64>() / self.ms_per_step;
        format!(
            "Time, roofline: {:.1} GFLOP/s and {:.1} GB/s, so a layer is compute-bound from {:.1} operations per byte on\n   at \
             best {:.2} ms per step, {:.0} images per second\n   {} of {} layers are memory-bound ({:.0} % of the time)\n",
            self.rates.gflops,
            self.rates.gb_per_s,
            self.ridge,
            self.ms_per_step,
            self.images_per_s,
            waiting.len(),
            self.layers.len(),
            100.0 * share
        )
    }
}

impl Separable {
    /// The counts as a few lines of text.
    pub fn to_text(&self) -> String {
        let Self { d, m, n, standard, depthwise, pointwise, separable, ratio, standard_params, separable_params } =
            self;
        format!(
            "Depthwise separable, D = {d}, M = {m}, N = {n}\n   ordinary:  D² · M · N = {d} · {d} · {m} · {n} = {} multiplications per \
             pixel; ({d} · {d} · {m} + 1) · {n} = {} parameters\n   separable: D² · M + M · N = {} + {} = {}; ({d} · {d} + 1) · {m} + ({m} \
             + 1) · {n} = {} parameters\n   ratio: 1 / N + 1 / D² = {:.4}, {:.1} times fewer multiplications\n",
            grouped(*standard),
            grouped(*standard_params),
            grouped(*depthwise),
            grouped(*pointwise),
            grouped(*separable),
            grouped(*separable_params),
            ratio,
            1.0 / ratio
        )
    }
}
