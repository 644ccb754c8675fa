// Any number of columns.

fn dy_1(m: u32, n: u32, end: u32) -> f32 {
    if m < end && n < N {
        return dy[m * N + n];
    }
    return 0.0;
}

fn dy_at(m: u32, n: u32, end: u32) -> vec4<f32> {
    return vec4<f32>(dy_1(m, n, end), dy_1(m, n + 1u, end), dy_1(m, n + 2u, end), dy_1(m, n + 3u, end));
}

fn put_1(row: u32, n: u32, split: u32, v: f32) {
    if row < K && n < N {
        let i = (split * K + row) * N + n;
        dw[i] = v + select(0.0, dw[i], DIRECT && step.piece > 0u);
    }
}

fn put(row: u32, n: u32, split: u32, v: vec4<f32>) {
    put_1(row, n, split, v.x);
    put_1(row, n + 1u, split, v.y);
    put_1(row, n + 2u, split, v.z);
    put_1(row, n + 3u, split, v.w);
}

fn put_db_1(n: u32, split: u32, v: f32) {
    if n < N {
        let i = split * N + n;
        db[i] = v + select(0.0, db[i], DIRECT && step.piece > 0u);
    }
}

fn put_db(n: u32, split: u32, v: vec4<f32>) {
    put_db_1(n, split, v.x);
    put_db_1(n + 1u, split, v.y);
    put_db_1(n + 2u, split, v.z);
    put_db_1(n + 3u, split, v.w);
}
