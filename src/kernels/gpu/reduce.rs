//! The second pass of gradients that are summed in parts. The parts are added in a fixed order, so the result is
//! reproducible.

use crate::kernels::gpu::pass::{Lanes, Pass, Slot, grid, read, write};
use crate::kernels::gpu::tuning::Tuning;
use crate::wgsl;

const SUM: &[&str] = &[wgsl!(include_str!("reduce.wgsl"))];

/// The most parts that a single invocation adds up, if there are idle invocations to share the work.
const ALONE: usize = 16;

/// The pass that sums the `splits` parts in [`Slot::Temporary`] 0 (and 1) into gradient 0 (and 1) of `lengths` values.
pub fn sum(label: &'static str, device: Tuning, lengths: &[usize], splits: usize) -> Pass {
    let lanes = Lanes::of(lengths);
    let values = lengths.iter().sum::<usize>() / lanes.width();
    // Few values with many parts would occupy few invocations for a long time.
    let helps = |&shared: &usize| splits <= ALONE * shared || values * shared >= device.invocations;
    let shared = [1, 4, 16].into_iter().find(helps).unwrap_or(64);
    let mut bindings = vec![read(0, Slot::Temporary(0)), write(1, Slot::Grad(0))];
    let mut constants =
        vec![("LANES", shared as f64), ("SPLITS", splits as f64), ("LEN_0", (lengths[0] / lanes.width()) as f64)];
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
        grid: grid(values, 64 / shared),
        in_bounds: false,
    }
}
