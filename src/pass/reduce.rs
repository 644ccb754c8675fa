//! The second pass of gradients that are summed in parts: the parts are added in order, so the result repeats.

use super::{Lanes, Pass, Slot, line, read, write};

const SUM: &[&str] = &["
@group(0) @binding(0) var<storage, read> parts_0: array<V>;
@group(0) @binding(1) var<storage, read_write> grad_0: array<V>;
@group(0) @binding(2) var<storage, read> parts_1: array<V>;
@group(0) @binding(3) var<storage, read_write> grad_1: array<V>;
override LEN_0: u32;
override LEN_1: u32 = 0u;
override SPLITS: u32;

fn sum_0(i: u32) {
    var sum = V(0.0);
    for (var s = 0u; s < SPLITS; s++) {
        sum += parts_0[s * LEN_0 + i];
    }
    grad_0[i] = sum + select(V(0.0), grad_0[i], step.piece > 0u);
}

@compute @workgroup_size(64)
fn one(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < LEN_0 {
        sum_0(i);
    }
}

@compute @workgroup_size(64)
fn two(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < LEN_0 {
        sum_0(i);
    } else if i - LEN_0 < LEN_1 {
        let j = i - LEN_0;
        var sum = V(0.0);
        for (var s = 0u; s < SPLITS; s++) {
            sum += parts_1[s * LEN_1 + j];
        }
        grad_1[j] = sum + select(V(0.0), grad_1[j], step.piece > 0u);
    }
}
"];

/// Adds `splits` parts of [`Slot::Temporary`] 0 (and 1) into the gradients 0 (and 1) of `lengths` values.
pub fn sum(label: &'static str, lengths: &[usize], splits: usize) -> Pass {
    let lanes = Lanes::of(lengths);
    let mut bindings = vec![read(0, Slot::Temporary(0)), write(1, Slot::Grad(0))];
    let mut constants = vec![("SPLITS", splits as f64), ("LEN_0", (lengths[0] / lanes.width()) as f64)];
    if let Some(second) = lengths.get(1) {
        bindings.extend([read(2, Slot::Temporary(1)), write(3, Slot::Grad(1))]);
        constants.push(("LEN_1", (second / lanes.width()) as f64));
    }
    Pass {
        label,
        shader: SUM,
        lanes,
        entry: if lengths.len() > 1 { "two" } else { "one" },
        constants,
        bindings,
        grid: line(lengths.iter().sum::<usize>() / lanes.width()),
    }
}
