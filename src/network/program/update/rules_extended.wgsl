// The rules from number 4 on: 4 nadam, 5 adagrad, 6 lion, 7 muon.
override INITIAL: f32 = 0.0; // the sum of squares before the first step
override KEEP_1: f32 = 0.0;  // beta_1
override KEEP_2: f32 = 0.0;  // beta_2

fn nadam(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    var m = slots[i];
    var v = slots[LEN + i];
    m += (g - m) * TAKE_1;
    v += (g * g - v) * TAKE_2;
    slots[i] = m;
    slots[LEN + i] = v;
    return -((step.factors.x * m + step.factors.y * g) * rate / (sqrt(v * step.factors.z) + EPSILON));
}

fn adagrad(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    let sum = slots[i] + g * g;
    slots[i] = sum;
    return -(rate * g / sqrt(sum + INITIAL + EPSILON));
}

fn lion(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    let m = slots[i];
    slots[i] = m * KEEP_2 + g * TAKE_2;
    return -rate * sign(m * KEEP_1 + g * TAKE_1);
}

// Of a matrix, the direction goes to the second slot; further passes make the step of it.
fn muon(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    if table[2u * blocks[i / 16u] + 1u].z == 0.0 {
        return adam(i, g, rate);
    }
    let m = MOMENTUM * slots[i] + g;
    slots[i] = m;
    slots[LEN + i] = select(m, g + MOMENTUM * m, NESTEROV);
    return vec4<f32>(0.0);
}

fn extended(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    switch RULE {
        case 4u: { return nadam(i, g, rate); }
        case 5u: { return adagrad(i, g, rate); }
        case 6u: { return lion(i, g, rate); }
        case 7u: { return muon(i, g, rate); }
        default: { return vec4<f32>(0.0); }
    }
}
