// Columns divisible by four.

// Four columns of term k of the matrix.
fn matrix_at(k: u32, n: u32, end: u32) -> vec4<f32> {
    if k < end && n < N {
        return matrix[(BASE + k * N + n) >> 2u];
    }
    return vec4<f32>(0.0);
}

fn put(pixel: u32, n: u32, split: u32, v: vec4<f32>) {
    let i = (pixel * N + n) >> 2u;
    if !DIRECT {
        result[split * (LEN >> 2u) + i] = v;
    } else if !FORWARD {
        result[i] = gradient(v, result[i], before[i]);
    } else if BIAS {
        result[i] = activate(v + bias[n >> 2u]);
    } else {
        result[i] = activate(v);
    }
}
