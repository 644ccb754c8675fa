//! The passes of Muon's step of a matrix.

use crate::experiment::optimizer::Orthogonal;
use crate::kernels::gpu::pass::{Binding, Global, Lanes, Pass, Slot, line, read, write};
use crate::network::graph::{Graph, Param};
use crate::wgsl;

const SHADER: &[&str] = &[wgsl!(include_str!("muon.wgsl"))];

/// The shared buffers: the matrix before and after an iteration, `A`, `b A + c A A`, and the scale.
const X: usize = 0;
const NEXT: usize = 1;
const GRAM: usize = 2;
const SQUARE: usize = 3;
const SCALE: usize = 4;

/// The sizes of the shared buffers for a matrix of this shape.
pub fn temporary([rows, columns]: [usize; 2]) -> [usize; 5] {
    let (square, all) = (rows.min(columns).pow(2), rows * columns);
    [all, all, square, square, 1]
}

/// The passes for a parameter that is a matrix of this shape; the parameter is [`Slot::Param`] 0.
pub fn passes(graph: &Graph, param: &Param, shape: [usize; 2], rule: &Orthogonal) -> Vec<Pass> {
    let [rows, columns] = shape;
    let (m, n) = (rows.min(columns), rows.max(columns));
    let temporary = |number, k| read(number, Slot::Temporary(k));
    let pass = |entry, grid, bindings: Vec<Binding>, constants: &[(&'static str, f64)]| {
        let own = [("M", m as f64), ("N", n as f64), ("TALL", f64::from(rows > columns))];
        Pass {
            label: "muon",
            shader: SHADER,
            lanes: Lanes::One,
            entry,
            constants: own.iter().chain(constants).copied().collect(),
            bindings,
            grid,
            in_bounds: false,
        }
    };
    let slots = read(0, Slot::Global(Global::Slots));
    let first = [("FIRST", (graph.weights_len + param.offset) as f64)];
    let mut passes = vec![
        pass("measure", [1; 3], vec![slots, write(1, Slot::Temporary(SCALE))], &first),
        pass("begin", line(m * n), vec![slots, write(1, Slot::Temporary(SCALE)), write(5, Slot::Temporary(X))], &first),
    ];
    let product = |[left, right, addend, result]: [usize; 4],
                   [depth, width, down, across]: [usize; 4],
                   [add, times]: [f64; 2]| {
        let grid = [width.div_ceil(16) as u32, m.div_ceil(16) as u32, 1];
        let bindings =
            vec![temporary(2, left), temporary(3, right), temporary(4, addend), write(5, Slot::Temporary(result))];
        let sizes = [("DEPTH", depth), ("COLUMNS", width), ("DOWN", down), ("ACROSS", across)];
        let mut constants: Vec<(&'static str, f64)> = sizes.map(|(name, size)| (name, size as f64)).to_vec();
        constants.extend([("PLUS", add), ("TIMES", times)]);
        pass("multiply", grid, bindings, &constants)
    };
    let [a, b, c] = rule.coefficients;
    let (mut x, mut next) = (X, NEXT);
    for _ in 0..rule.steps {
        passes.push(product([x, x, x, GRAM], [n, m, 1, n], [0.0, 1.0]));
        passes.push(product([GRAM, GRAM, GRAM, SQUARE], [m, m, m, 1], [b, c]));
        passes.push(product([SQUARE, x, x, next], [m, n, n, 1], [a, 1.0]));
        std::mem::swap(&mut x, &mut next);
    }
    let rate = [("RATE", param.rate * rule.scale(shape))];
    let bindings = vec![temporary(2, x), write(6, Slot::Param(0)), read(7, Slot::Global(Global::Metrics))];
    passes.push(pass("apply", line(m * n), bindings, &rate));
    passes
}
