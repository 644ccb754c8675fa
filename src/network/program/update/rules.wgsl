override PENALTIES: bool;
override RULE: u32;      // 0 plain SGD, 1 momentum, 2 adam, 3 rmsprop; further ones: rules_extended.wgsl
override MOMENTUM: f32 = 0.0;
override NESTEROV: bool = false;
override CENTERED: bool = false;
override TAKE_1: f32 = 0.0;  // 1 - beta_1, or 1 - rho
override TAKE_2: f32 = 0.0;  // 1 - beta_2
override KEEP: f32 = 0.0;    // rho
override EPSILON: f32 = 0.0;

fn momentum(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    let m = MOMENTUM * slots[i] - rate * g;
    slots[i] = m;
    return select(m, MOMENTUM * m - rate * g, NESTEROV);
}

fn adam(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    var m = slots[i];
    var v = slots[LEN + i];
    m += (g - m) * TAKE_1;
    v += (g * g - v) * TAKE_2;
    slots[i] = m;
    slots[LEN + i] = v;
    return -(m * rate / (sqrt(v) + EPSILON));
}

fn rmsprop(i: u32, g: vec4<f32>, rate: f32) -> vec4<f32> {
    let v = KEEP * slots[i] + TAKE_1 * g * g;
    slots[i] = v;
    var divisor = v + EPSILON;
    if CENTERED {
        let at = select(LEN, 2u * LEN, MOMENTUM > 0.0) + i;
        let mean = KEEP * slots[at] + TAKE_1 * g;
        slots[at] = mean;
        divisor -= mean * mean;
    }
    var change = rate * g / sqrt(divisor);
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
    if table[2u * p].w == 0.0 { // frozen
        gradients[i] = vec4<f32>(0.0);
        return;
    }
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
    let rate = step.rate * table[2u * p + 1u].x;
    w -= w * (step.decay * table[2u * p + 1u].y);
    switch RULE {
        case 0u: { w -= rate * g; }
        case 1u: { w += momentum(i, g, rate); }
        case 2u: { w += adam(i, g, rate); }
        case 3u: { w += rmsprop(i, g, rate); }
        default: { w += extended(i, g, rate); }
    }
    weights[i] = w;
}
