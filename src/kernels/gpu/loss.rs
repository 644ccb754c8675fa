//! Softmax and cross-entropy from logits, their gradient and the step's metrics, in one dispatch of one workgroup. The
//! logits of a batch are few, and the fixed order of summation makes results reproducible.

#[cfg(feature = "extended")]
use crate::kernels::gpu::data::TRANSFORM;
use crate::kernels::gpu::pass::{Global, Lanes, Pass, Slot, read, write};
use crate::tensor::loss::Loss;
#[cfg(feature = "extended")]
use crate::wgsl;

const COMMON: &str = crate::wgsl!(
    "
@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read> rows: array<vec2<u32>>; // image, label
@group(0) @binding(2) var<storage, read_write> dlogits: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<vec4<f32>>; // loss, correct, penalty, 1 if not finite
override CLASSES: u32;

fn is_nan(v: f32) -> bool {
    return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u;
}
fn is_finite(v: f32) -> bool {
    return (bitcast<u32>(v) & 0x7f800000u) != 0x7f800000u;
}

// The index of a row's largest logit, the first of equal ones. NaN counts as the largest, so that it is not hidden.
fn largest(first: u32) -> u32 {
    var best = 0u;
    for (var j = 0u; j < CLASSES; j++) {
        let v = logits[first + j];
        if is_nan(v) {
            return j;
        }
        if v > logits[first + best] {
            best = j;
        }
    }
    return best;
}

var<workgroup> losses: array<f32, 64>;
var<workgroup> rights: array<f32, 64>;

@compute @workgroup_size(64)
fn loss(@builtin(local_invocation_index) lane: u32) {
    var sum = 0.0;
    var right = 0.0;
    for (var row = lane; row < step.rows; row += 64u) {
        let z = row * CLASSES;
        let label = rows[step.first_index + row].y;
        let best = largest(z);
        let top = logits[z + best];
        var total = 0.0;
        for (var j = 0u; j < CLASSES; j++) {
            total += exp(logits[z + j] - top);
        }
        sum += differentiate(row, label, top, total);
        right += select(0.0, 1.0, best == main_label(row, label));
    }
    losses[lane] = sum;
    rights[lane] = right;
    workgroupBarrier();
    if lane == 0u {
        var totals = select(vec4<f32>(0.0), metrics[step.slot], step.piece > 0u);
        for (var i = 0u; i < 64u; i++) {
            totals += vec4<f32>(losses[i], rights[i], 0.0, 0.0);
        }
        // From the first step whose loss is NaN or infinite on, the weights stay unchanged, until the host reads the
        // metrics.
        let before = step.slot > 0u && metrics[max(step.slot, 1u) - 1u].w > 0.0;
        totals.w = select(0.0, 1.0, before || !is_finite(totals.x));
        metrics[step.slot] = totals;
    }
}
"
);

/// The cross-entropy.
const PLAIN: &str = crate::wgsl!(
    "
fn main_label(row: u32, label: u32) -> u32 {
    return label;
}

// The loss of a row of logits; writes its gradient. The exponentials of the logits minus top sum to total.
fn differentiate(row: u32, label: u32, top: f32, total: f32) -> f32 {
    let z = row * CLASSES;
    for (var j = 0u; j < CLASSES; j++) {
        let share = exp(logits[z + j] - top) / total;
        dlogits[z + j] = (share - select(0.0, 1.0, j == label)) / f32(step.batch_rows);
    }
    return log(total) - (logits[z + label] - top);
}
"
);

/// The losses of [`crate::tensor::loss::extended`].
#[cfg(feature = "extended")]
const EXTENDED: &str = wgsl!(include_str!("loss_extended.wgsl"));

/// The pass that computes the loss and its gradient.
pub fn loss(classes: usize, loss: &Loss) -> Pass {
    let mut pass = Pass {
        label: "loss",
        shader: &[COMMON, PLAIN],
        lanes: Lanes::One,
        entry: "loss",
        constants: vec![("CLASSES", classes as f64)],
        bindings: vec![
            read(0, Slot::Global(Global::Logits)),
            read(1, Slot::Global(Global::Rows)),
            write(2, Slot::Global(Global::Dlogits)),
            write(3, Slot::Global(Global::Metrics)),
        ],
        grid: [1; 3],
        in_bounds: false,
    };
    let _ = (&mut pass, loss);
    #[cfg(feature = "extended")]
    if let Some(extended) = &loss.extended {
        let gamma = extended.focal.as_ref().map(|focal| focal.gamma);
        pass.shader = &[COMMON, EXTENDED];
        pass.constants.extend([
            ("SMOOTHING", extended.smoothing),
            ("FOCAL", f64::from(gamma.is_some())),
            ("GAMMA", gamma.unwrap_or_default()),
            ("MIXED", f64::from(extended.mixed)),
            ("TRANSFORM", (TRANSFORM / 4) as f64),
        ]);
        pass.bindings.push(read(4, Slot::Global(Global::ClassTable)));
        pass.bindings.push(read(5, Slot::Global(Global::Transforms)));
    }
    pass
}

/// For each class, the weight of its images and the factor of the focal loss, as the shader reads them; empty for the plain
/// cross-entropy.
#[cfg(feature = "extended")]
pub fn class_table(classes: usize, loss: &Loss) -> Vec<f32> {
    let Some(extended) = &loss.extended else { return Vec::new() };
    let alpha = extended.focal.as_ref().map_or(&[][..], |focal| &focal.alpha);
    let of = |list: &[f64], class: usize| list.get(class).map_or(1.0, |&value| value as f32);
    (0..classes).flat_map(|class| [of(&extended.weights, class), of(alpha, class)]).collect()
}
