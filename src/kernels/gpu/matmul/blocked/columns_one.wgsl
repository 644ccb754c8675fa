// Any number of columns.

fn matrix_1(k: u32, n: u32, end: u32) -> f32 {
    if k < end && n < N {
        return matrix[BASE + k * N + n];
    }
    return 0.0;
}

// Four columns of term k of the matrix.
fn matrix_at(k: u32, n: u32, end: u32) -> vec4<f32> {
    return vec4<f32>(matrix_1(k, n, end), matrix_1(k, n + 1u, end), matrix_1(k, n + 2u, end), matrix_1(k, n + 3u, end));
}

fn put_1(pixel: u32, n: u32, split: u32, v: f32) {
    if n >= N {
        return;
    }
    let i = pixel * N + n;
    if !DIRECT {
        result[split * LEN + i] = v;
    } else if !FORWARD {
        result[i] = gradient(v, result[i], before[i]);
    } else if BIAS {
        result[i] = activate(v + bias[n]);
    } else {
        result[i] = activate(v);
    }
}

fn put(pixel: u32, n: u32, split: u32, v: vec4<f32>) {
    put_1(pixel, n, split, v.x);
    put_1(pixel, n + 1u, split, v.y);
    put_1(pixel, n + 2u, split, v.z);
    put_1(pixel, n + 3u, split, v.w);
}
