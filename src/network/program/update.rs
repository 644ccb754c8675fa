//! The GPU passes of the weight update: penalties, clipping, weight decay, the optimiser's rule, the average of the weights and
//! constraints, in this order.
//!
//! All parameters lie in one flat array, so one dispatch updates them all. Each block of 64 weights belongs to one
//! parameter.

#[cfg(feature = "extended")]
pub mod muon;

use crate::experiment::optimizer::{Clip, Optimizer, Update};
use crate::kernels::gpu::pass::{Binding, Global, Lanes, Pass, Slot, line, write};
use crate::network::graph::{ALIGNMENT, Graph, Param};
use crate::wgsl;

const COMMON: &str = wgsl!(include_str!("update/common.wgsl"));
const NORMS: &str = wgsl!(include_str!("update/norms.wgsl"));
const RULES: &str = wgsl!(include_str!("update/rules.wgsl"));

const CONSTRAIN: &[&str] = &[wgsl!(include_str!("update/constrain.wgsl"))];

const NORMS_SHADER: &[&str] = &[COMMON, NORMS];
/// The rules of optimisers beyond the basic ones.
#[cfg(feature = "extended")]
const EXTENDED: &str = wgsl!(include_str!("update/rules_extended.wgsl"));
#[cfg(not(feature = "extended"))]
const EXTENDED: &str = "fn extended(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> { return vec4<f32>(0.0); }";

const RULES_SHADER: &[&str] = &[COMMON, RULES, EXTENDED];

#[cfg(feature = "extended")]
const AVERAGE_SHADER: &[&str] = &[COMMON, wgsl!(include_str!("update/average.wgsl"))];

/// The trainable parameters, in the order of the flat array.
pub fn trainable(graph: &Graph) -> impl Iterator<Item = &Param> {
    graph.params.iter().filter(|param| param.spec.trainable)
}

/// For each block, the index of its parameter among the trainable ones.
pub fn blocks(graph: &Graph) -> Vec<u32> {
    let counts = trainable(graph).map(|param| param.spec.len().div_ceil(ALIGNMENT));
    counts.enumerate().flat_map(|(i, count)| std::iter::repeat_n(i as u32, count)).collect()
}

/// For each trainable parameter two rows of four: l1, l2, first block, number of blocks (none where it is frozen); factors of the
/// learning rate and of the decay, which the first one multiplies, too; 1 for a matrix.
pub fn table(graph: &Graph) -> Vec<f32> {
    let row = |param: &Param| {
        let (penalty, blocks) = (param.spec.regularizer, param.spec.len().div_ceil(ALIGNMENT));
        if param.frozen {
            return [0.0; 8];
        }
        let first = (param.offset / ALIGNMENT) as f32;
        let (rate, decay) = (param.rate as f32, (param.decay * param.rate) as f32);
        #[cfg(feature = "extended")]
        let is_matrix = f32::from(param.matrix.is_some());
        #[cfg(not(feature = "extended"))]
        let is_matrix = 0.0;
        [penalty.l1 as f32, penalty.l2 as f32, first, blocks as f32, rate, decay, is_matrix, 0.0]
    };
    trainable(graph).flat_map(row).collect()
}

/// Whether an update needs the norms of gradients, or penalties.
pub fn needs_sums(graph: &Graph, optimizer: &Optimizer) -> bool {
    has_penalties(graph) || matches!(optimizer.clip, Some(Clip::Norm(_) | Clip::GlobalNorm(_)))
}

fn has_penalties(graph: &Graph) -> bool {
    trainable(graph).any(|param| !param.frozen && !param.spec.regularizer.is_none())
}

/// The passes that update all weights, without the constraints.
pub fn passes(graph: &Graph, optimizer: &Optimizer) -> Vec<Pass> {
    let global = |number, global, writes| Binding { number, slot: Slot::Global(global), writes };
    let (clip, bound) = match optimizer.clip {
        None => (0.0, 0.0),
        Some(Clip::Value(bound)) => (1.0, bound),
        Some(Clip::Norm(bound)) => (2.0, bound),
        Some(Clip::GlobalNorm(bound)) => (3.0, bound),
    };
    let vectors = graph.weights_len / 4;
    let pass = |label, shader, entry, grid, bindings| Pass {
        label,
        shader,
        lanes: Lanes::Four,
        entry,
        constants: vec![("LEN", vectors as f64), ("CLIP", clip), ("BOUND", bound)],
        bindings,
        grid,
        in_bounds: false,
    };
    let weights = global(0, Global::Weights, true);
    let gradients = global(1, Global::Gradients, true);
    let (blocks, table) = (global(3, Global::Blocks, false), global(4, Global::Table, false));
    let (sums, factors) = (global(5, Global::BlockSums, true), global(6, Global::Factors, true));
    let params = trainable(graph).count();
    let mut passes = Vec::new();
    if needs_sums(graph, optimizer) {
        let blocks_grid = line(graph.weights_len / ALIGNMENT);
        let bindings = vec![weights, gradients, blocks, table, sums];
        passes.push(pass("gradient norms", NORMS_SHADER, "sum_blocks", blocks_grid, bindings));
        let bindings = vec![table, sums, factors];
        passes.push(pass("gradient norms", NORMS_SHADER, "sum_parameters", [params as u32, 1, 1], bindings));
        let bindings = vec![factors, global(7, Global::Metrics, true)];
        passes.push(pass("gradient norms", NORMS_SHADER, "finish", [1; 3], bindings));
        passes.iter_mut().for_each(|pass| pass.constants.push(("PARAMS", params as f64)));
    }
    let (slots, metrics) = (global(2, Global::Slots, true), global(7, Global::Metrics, true));
    let bindings = vec![weights, gradients, slots, blocks, table, factors, metrics];
    let mut rules = rule(optimizer.update);
    rules.push(("PENALTIES", f64::from(has_penalties(graph))));
    passes.push(pass("update", RULES_SHADER, "update", line(vectors), bindings).with(&rules));
    passes
}

/// The passes that update the average of the weights, and Lookahead's of the moving statistics.
#[cfg(feature = "extended")]
pub fn averages(graph: &Graph, optimizer: &Optimizer) -> Vec<Pass> {
    let Some(averaging) = optimizer.averaging else { return Vec::new() };
    let binding = |number, global, writes| Binding { number, slot: Slot::Global(global), writes };
    let (slots, metrics) = (binding(2, Global::Slots, true), binding(7, Global::Metrics, true));
    let average = |entry, values: usize, at: usize, others: &[Binding]| Pass {
        label: "average",
        shader: AVERAGE_SHADER,
        lanes: Lanes::Four,
        entry,
        constants: vec![
            ("LEN", values.div_ceil(4) as f64),
            ("CLIP", 0.0),
            ("BOUND", 0.0),
            ("AT", (at / 4) as f64),
            ("EVERY", f64::from(averaging.every())),
        ],
        bindings: [&[slots, metrics], others].concat(),
        grid: line(values.div_ceil(4)),
        in_bounds: false,
    };
    let weights =
        [binding(0, Global::Weights, true), binding(3, Global::Blocks, false), binding(4, Global::Table, false)];
    let at = optimizer.update.slots() * graph.weights_len;
    let mut passes = vec![average("average", graph.weights_len, at, &weights)];
    if optimizer.averages_state() && graph.state_len > 0 {
        let state = binding(8, Global::State, true);
        passes.push(average("average_state", graph.state_len, at + graph.weights_len, &[state]));
    }
    passes
}

/// The shader constants of an update rule.
fn rule(update: Update) -> Vec<(&'static str, f64)> {
    match update {
        Update::Plain => vec![("RULE", 0.0)],
        Update::Momentum { momentum, nesterov } => {
            vec![("RULE", 1.0), ("MOMENTUM", momentum), ("NESTEROV", f64::from(nesterov))]
        }
        Update::Adam { beta_1, beta_2, epsilon } => {
            vec![("RULE", 2.0), ("TAKE_1", 1.0 - beta_1), ("TAKE_2", 1.0 - beta_2), ("EPSILON", epsilon)]
        }
        Update::Rmsprop { rho, momentum, epsilon, centered } => vec![
            ("RULE", 3.0),
            ("KEEP", rho),
            ("TAKE_1", 1.0 - rho),
            ("MOMENTUM", momentum),
            ("EPSILON", epsilon),
            ("CENTERED", f64::from(centered)),
        ],
        #[cfg(feature = "extended")]
        Update::Nadam { beta_1, beta_2, epsilon } => {
            vec![("RULE", 4.0), ("TAKE_1", 1.0 - beta_1), ("TAKE_2", 1.0 - beta_2), ("EPSILON", epsilon)]
        }
        #[cfg(feature = "extended")]
        Update::Muon { matrix, beta_1, beta_2, epsilon } => vec![
            ("RULE", 7.0),
            ("MOMENTUM", matrix.momentum),
            ("NESTEROV", f64::from(matrix.nesterov)),
            ("TAKE_1", 1.0 - beta_1),
            ("TAKE_2", 1.0 - beta_2),
            ("EPSILON", epsilon),
        ],
        #[cfg(feature = "extended")]
        Update::Adagrad { initial, epsilon } => {
            vec![("RULE", 5.0), ("INITIAL", initial), ("EPSILON", epsilon)]
        }
        #[cfg(feature = "extended")]
        Update::Lion { beta_1, beta_2 } => vec![
            ("RULE", 6.0),
            ("KEEP_1", beta_1),
            ("KEEP_2", beta_2),
            ("TAKE_1", 1.0 - beta_1),
            ("TAKE_2", 1.0 - beta_2),
        ],
    }
}

/// The pass of a parameter's max-norm constraint, if it has one; the parameter is [`Slot::Param`] 0.
pub fn constrain(param: &Param) -> Option<Pass> {
    let constraint = param.spec.constraint.as_ref().filter(|_| !param.frozen)?;
    let rank = param.spec.shape.len();
    let axes = constraint.axes(rank)?;
    // The shader has four axes; shorter shapes get leading axes of size one.
    let size = |axis: usize| (axis + rank).checked_sub(4).map_or(1, |axis| param.spec.shape[axis]);
    let over = |axis: usize| (axis + rank).checked_sub(4).is_none_or(|axis| axes[axis]);
    let groups: usize = (0..4).filter(|&axis| !over(axis)).map(size).product();
    let n = |axis: usize| size(axis) as f64;
    let members = |axis: usize| if over(axis) { n(axis) } else { 1.0 };
    let along = |axis: usize| if over(axis) { 1.0 } else { n(axis) };
    Some(Pass {
        label: "max norm",
        shader: CONSTRAIN,
        lanes: Lanes::One,
        entry: "constrain",
        constants: vec![
            ("D1", n(1)),
            ("D2", n(2)),
            ("D3", n(3)),
            ("M0", members(0)),
            ("M1", members(1)),
            ("M2", members(2)),
            ("M3", members(3)),
            ("G1", along(1)),
            ("G2", along(2)),
            ("G3", along(3)),
            ("GROUPS", groups as f64),
            ("MOST", constraint.max_norm),
        ],
        bindings: vec![write(0, Slot::Param(0))],
        grid: line(groups),
        in_bounds: false,
    })
}
