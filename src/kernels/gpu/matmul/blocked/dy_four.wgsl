// Columns divisible by four.

fn dy_at(m: u32, n: u32, end: u32) -> vec4<f32> {
    if m < end && n < N {
        return dy[(m * N + n) >> 2u];
    }
    return vec4<f32>(0.0);
}

fn put(row: u32, n: u32, split: u32, v: vec4<f32>) {
    if row < K && n < N {
        let i = ((split * K + row) * N + n) >> 2u;
        dw[i] = v + select(vec4<f32>(0.0), dw[i], DIRECT && step.piece > 0u);
    }
}

fn put_db(n: u32, split: u32, v: vec4<f32>) {
    if n < N {
        let i = (split * N + n) >> 2u;
        db[i] = v + select(vec4<f32>(0.0), db[i], DIRECT && step.piece > 0u);
    }
}
