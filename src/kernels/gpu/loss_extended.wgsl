@group(0) @binding(4) var<storage, read> classes: array<vec2<f32>>; // weight of its images, factor of the focal loss
@group(0) @binding(5) var<storage, read> transforms: array<vec4<u32>>; // in the fourth vec4: share of the label, other label
override SMOOTHING: f32;
override FOCAL: bool;
override GAMMA: f32;

const BOUND: f32 = 1e-7;

override MIXED: bool; // whether images are mixed, and have two labels
override TRANSFORM: u32; // vec4s per transform

// How a row's image is mixed. The first label's share is 1 where it is not.
fn mix_of(row: u32) -> vec4<u32> {
    return transforms[TRANSFORM * (step.first_row + row) + 3u];
}

// The label with the larger share.
fn main_label(row: u32, label: u32) -> u32 {
    if MIXED {
        let mixed = mix_of(row);
        return select(label, mixed.z, bitcast<f32>(mixed.y) < 0.5);
    }
    return label;
}

// The loss of a row of logits; writes its gradient. The exponentials of the logits minus top sum to total.
fn differentiate(row: u32, label: u32, top: f32, total: f32) -> f32 {
    let z = row * CLASSES;
    // The weight of the image, and the two labels' parts of it.
    var weight = classes[label].x;
    var parts = vec2<f32>(1.0, 0.0);
    var other = label;
    if MIXED {
        let mixed = mix_of(row);
        let share = bitcast<f32>(mixed.y);
        other = mixed.z;
        parts = vec2<f32>(share * weight, (1.0 - share) * classes[other].x);
        weight = parts.x + parts.y;
        parts = parts / select(weight, 1.0, weight == 0.0);
    }
    let scale = weight / f32(step.batch_rows);
    let spread = SMOOTHING / f32(CLASSES);
    var loss = 0.0;
    var slopes = 0.0;
    for (var j = 0u; j < CLASSES; j++) {
        let v = logits[z + j] - top;
        let log_p = v - log(total);
        let p = exp(v) / total;
        let label_share = select(0.0, parts.x, j == label) + select(0.0, parts.y, j == other);
        let wanted = spread + (1.0 - SMOOTHING) * label_share;
        if FOCAL {
            // Keras's bound has no slope outside. NaN is not hidden.
            let outside = p < BOUND || p > 1.0 - BOUND;
            let q = select(p, clamp(p, BOUND, 1.0 - BOUND), outside);
            let log_q = select(log_p, log(q), outside);
            let rest = 1.0 - q;
            let power = pow(rest, GAMMA);
            let factor = classes[j].y * wanted;
            loss -= factor * power * log_q;
            let slope = select(factor * (GAMMA * q * power / rest * log_q - power), 0.0, outside);
            slopes += slope;
            dlogits[z + j] = slope;
        } else {
            loss -= select(wanted * log_p, 0.0, wanted == 0.0);
            dlogits[z + j] = p - wanted;
        }
    }
    for (var j = 0u; j < CLASSES; j++) {
        var slope = dlogits[z + j];
        if FOCAL {
            slope -= exp(logits[z + j] - top) / total * slopes;
        }
        dlogits[z + j] = slope * scale;
    }
    return weight * loss;
}
