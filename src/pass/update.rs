//! From gradients to new weights: penalties, clipping, weight decay, the optimiser's rule, constraints, in this order.
//!
//! All parameters lie in one flat array, so one dispatch updates them all; a block of 64 weights belongs to one parameter.

use super::{Global, Lanes, Pass, Slot, line, write};
use crate::graph::{ALIGNMENT, Graph, Param};
use crate::optimizer::{Clip, Optimizer, Update};

const COMMON: &str = "
@group(0) @binding(0) var<storage, read_write> weights: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> gradients: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> slots: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> blocks: array<u32>;           // the parameter of each 64 weights
@group(0) @binding(4) var<storage, read> table: array<vec4<f32>>;      // l1, l2, first block, blocks
@group(0) @binding(5) var<storage, read_write> block_sums: array<vec2<f32>>; // squares of gradients, penalty
@group(0) @binding(6) var<storage, read_write> factors: array<vec4<f32>>;    // factor, squares, penalty, nothing
@group(0) @binding(7) var<storage, read_write> metrics: array<vec4<f32>>;
override LEN: u32;    // vec4s
override CLIP: u32;   // 0 none, 1 each value, 2 each parameter's norm, 3 the norm of all
override BOUND: f32;

// The gradient with its penalty's.
fn penalized(g: vec4<f32>, w: vec4<f32>, p: u32) -> vec4<f32> {
    return g + table[p].x * sign(w) + 2.0 * table[p].y * w;
}
";

const NORMS: &str = "
@compute @workgroup_size(64)
fn sum_blocks(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let block = line(id, groups);
    if block * 16u >= LEN {
        return;
    }
    let p = blocks[block];
    var squares = vec4<f32>(0.0);
    var penalty = vec4<f32>(0.0);
    for (var i = block * 16u; i < block * 16u + 16u; i++) {
        let w = weights[i];
        let g = penalized(gradients[i], w, p);
        squares += g * g;
        penalty += table[p].x * abs(w) + table[p].y * w * w;
    }
    block_sums[block] = vec2<f32>(dot(squares, vec4<f32>(1.0)), dot(penalty, vec4<f32>(1.0)));
}

var<workgroup> sums: array<vec2<f32>, 64>;

// One workgroup a parameter.
@compute @workgroup_size(64)
fn sum_parameters(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = u32(table[group.x].z);
    let count = u32(table[group.x].w);
    var sum = vec2<f32>(0.0);
    for (var i = lane; i < count; i += 64u) {
        sum += block_sums[first + i];
    }
    sums[lane] = sum;
    workgroupBarrier();
    if lane == 0u {
        var total = vec2<f32>(0.0);
        for (var i = 0u; i < 64u; i++) {
            total += sums[i];
        }
        factors[group.x] = vec4<f32>(1.0, total, 0.0);
    }
}

override PARAMS: u32;

fn factor(squares: f32) -> f32 {
    let norm = sqrt(squares);
    return select(1.0, BOUND / norm, norm > BOUND);
}

@compute @workgroup_size(1)
fn finish() {
    var total = vec2<f32>(0.0);
    for (var p = 0u; p < PARAMS; p++) {
        total += factors[p].yz;
    }
    metrics[step.slot].z = total.y;
    // As a loss that is no number: see the loss.
    if (bitcast<u32>(total.y) & 0x7f800000u) == 0x7f800000u {
        metrics[step.slot].w = 1.0;
    }
    for (var p = 0u; p < PARAMS; p++) {
        factors[p].x = factor(select(factors[p].y, total.x, CLIP == 3u));
    }
}
";

const RULES: &str = "
override PENALTIES: bool;
override RULE: u32;      // 0 plain, 1 momentum, 2 adam, 3 rmsprop
override MOMENTUM: f32 = 0.0;
override NESTEROV: bool = false;
override CENTERED: bool = false;
override TAKE_1: f32 = 0.0;  // 1 - beta_1, or 1 - rho
override TAKE_2: f32 = 0.0;  // 1 - beta_2
override KEEP: f32 = 0.0;    // rho
override EPSILON: f32 = 0.0;

fn momentum(i: u32, g: vec4<f32>) -> vec4<f32> {
    let m = MOMENTUM * slots[i] - step.rate * g;
    slots[i] = m;
    return select(m, MOMENTUM * m - step.rate * g, NESTEROV);
}

fn adam(i: u32, g: vec4<f32>) -> vec4<f32> {
    var m = slots[i];
    var v = slots[LEN + i];
    m += (g - m) * TAKE_1;
    v += (g * g - v) * TAKE_2;
    slots[i] = m;
    slots[LEN + i] = v;
    return -(m * step.rate / (sqrt(v) + EPSILON));
}

fn rmsprop(i: u32, g: vec4<f32>) -> vec4<f32> {
    let v = KEEP * slots[i] + TAKE_1 * g * g;
    slots[i] = v;
    var divisor = v + EPSILON;
    if CENTERED {
        let at = select(LEN, 2u * LEN, MOMENTUM > 0.0) + i;
        let mean = KEEP * slots[at] + TAKE_1 * g;
        slots[at] = mean;
        divisor -= mean * mean;
    }
    var change = step.rate * g / sqrt(divisor);
    if MOMENTUM > 0.0 {
        change += MOMENTUM * slots[LEN + i];
        slots[LEN + i] = change;
    }
    return -change;
}

@compute @workgroup_size(64)
fn update(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= LEN || metrics[step.slot].w > 0.0 {
        return;
    }
    let p = blocks[i / 16u];
    var w = weights[i];
    var g = gradients[i];
    if PENALTIES {
        g = penalized(g, w, p);
    }
    if CLIP == 1u {
        g = clamp(g, vec4<f32>(-BOUND), vec4<f32>(BOUND));
    } else if CLIP > 1u {
        g *= factors[p].x;
    }
    if PENALTIES || CLIP > 0u {
        gradients[i] = g;
    }
    w -= w * step.decay;
    switch RULE {
        case 1u: { w += momentum(i, g); }
        case 2u: { w += adam(i, g); }
        case 3u: { w += rmsprop(i, g); }
        default: { w -= step.rate * g; }
    }
    weights[i] = w;
}
";

const CONSTRAIN: &[&str] = &["
@group(0) @binding(0) var<storage, read_write> w: array<f32>;
override D1: u32;       // the kernel's axes but the first
override D2: u32;
override D3: u32;
override M0: u32;       // steps that a group takes along each axis
override M1: u32;
override M2: u32;
override M3: u32;
override G1: u32;       // groups along each axis
override G2: u32;
override G3: u32;
override GROUPS: u32;
override MOST: f32;

fn place(a0: u32, a1: u32, a2: u32, a3: u32) -> u32 {
    return ((a0 * D1 + a1) * D2 + a2) * D3 + a3;
}

// Where member i of a group lies, from the group's start.
fn member(i: u32) -> u32 {
    return place(i / (M3 * M2 * M1), i / (M3 * M2) % M1, i / M3 % M2, i % M3);
}

// One invocation a group of values with a norm of their own.
@compute @workgroup_size(64)
fn constrain(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let g = line(id, groups);
    if g >= GROUPS {
        return;
    }
    let first = place(g / (G3 * G2 * G1), g / (G3 * G2) % G1, g / G3 % G2, g % G3);
    let count = M0 * M1 * M2 * M3;
    var squares = 0.0;
    for (var i = 0u; i < count; i++) {
        let v = w[first + member(i)];
        squares += v * v;
    }
    let norm = sqrt(squares);
    let factor = min(norm, MOST) / (1e-7 + norm);
    for (var i = 0u; i < count; i++) {
        w[first + member(i)] *= factor;
    }
}
"];

const NORMS_SHADER: &[&str] = &[COMMON, NORMS];
const RULES_SHADER: &[&str] = &[COMMON, RULES];

/// Trainable parameters in the flat array's order.
pub fn trainable(graph: &Graph) -> impl Iterator<Item = &Param> {
    graph.params.iter().filter(|param| param.spec.trainable)
}

/// The parameter (counted among the trainable ones) of each block.
pub fn blocks(graph: &Graph) -> Vec<u32> {
    let counts = trainable(graph).map(|param| param.spec.len().div_ceil(ALIGNMENT));
    counts.enumerate().flat_map(|(i, count)| std::iter::repeat_n(i as u32, count)).collect()
}

/// Of each trainable parameter its penalties' weights, its first block and its number of blocks.
pub fn table(graph: &Graph) -> Vec<f32> {
    let row = |param: &Param| {
        let (penalty, blocks) = (param.spec.regularizer, param.spec.len().div_ceil(ALIGNMENT));
        [penalty.l1 as f32, penalty.l2 as f32, (param.offset / ALIGNMENT) as f32, blocks as f32]
    };
    trainable(graph).flat_map(row).collect()
}

/// Whether the step needs norms of gradients or penalties.
pub fn needs_sums(graph: &Graph, optimizer: &Optimizer) -> bool {
    has_penalties(graph) || matches!(optimizer.clip, Some(Clip::Norm(_) | Clip::GlobalNorm(_)))
}

fn has_penalties(graph: &Graph) -> bool {
    trainable(graph).any(|param| !param.spec.regularizer.is_none())
}

/// The passes of an update of all weights, constraints left out.
pub fn passes(graph: &Graph, optimizer: &Optimizer) -> Vec<Pass> {
    let global = |number, global, writes| super::Binding { number, slot: Slot::Global(global), writes };
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

/// A rule's constants.
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

/// The bound on one parameter's norms, where it has one; the parameter is [`Slot::Param`] 0.
pub fn constrain(param: &Param) -> Option<Pass> {
    let constraint = param.spec.constraint.as_ref()?;
    let rank = param.spec.shape.len();
    let axes = constraint.axes(rank)?;
    // Kernels have two or four axes; shorter shapes get axes of one before them.
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
    })
}
