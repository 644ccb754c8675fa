//! The GPU passes of the weight update: penalties, clipping, weight decay, the optimiser's rule and constraints, in
//! this order.
//!
//! All parameters lie in one flat array, so one dispatch updates them all. Each block of 64 weights belongs to one
//! parameter.

use crate::experiment::optimizer::{Clip, Optimizer, Update};
use crate::kernels::gpu::pass::{Binding, Global, Lanes, Pass, Slot, line, write};
use crate::network::graph::{ALIGNMENT, Graph, Param};

const COMMON: &str = include_str!("update/common.wgsl");
const NORMS: &str = include_str!("update/norms.wgsl");
const RULES: &str = include_str!("update/rules.wgsl");

const CONSTRAIN: &[&str] = &[include_str!("update/constrain.wgsl")];

const NORMS_SHADER: &[&str] = &[COMMON, NORMS];
const RULES_SHADER: &[&str] = &[COMMON, RULES];

/// The trainable parameters, in the order of the flat array.
pub fn trainable(graph: &Graph) -> impl Iterator<Item = &Param> {
    graph.params.iter().filter(|param| param.spec.trainable)
}

/// For each block, the index of its parameter among the trainable ones.
pub fn blocks(graph: &Graph) -> Vec<u32> {
    let counts = trainable(graph).map(|param| param.spec.len().div_ceil(ALIGNMENT));
    counts.enumerate().flat_map(|(i, count)| std::iter::repeat_n(i as u32, count)).collect()
}

/// For each trainable parameter a row of four: l1, l2, first block, number of blocks.
pub fn table(graph: &Graph) -> Vec<f32> {
    let row = |param: &Param| {
        let (penalty, blocks) = (param.spec.regularizer, param.spec.len().div_ceil(ALIGNMENT));
        [penalty.l1 as f32, penalty.l2 as f32, (param.offset / ALIGNMENT) as f32, blocks as f32]
    };
    trainable(graph).flat_map(row).collect()
}

/// Whether an update needs the norms of gradients, or penalties.
pub fn needs_sums(graph: &Graph, optimizer: &Optimizer) -> bool {
    has_penalties(graph) || matches!(optimizer.clip, Some(Clip::Norm(_) | Clip::GlobalNorm(_)))
}

fn has_penalties(graph: &Graph) -> bool {
    trainable(graph).any(|param| !param.spec.regularizer.is_none())
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
    }
}

/// The pass of a parameter's max-norm constraint, if it has one; the parameter is [`Slot::Param`] 0.
pub fn constrain(param: &Param) -> Option<Pass> {
    let constraint = param.spec.constraint.as_ref()?;
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
