// Access to four values at a time: channels and the runs of the window are divisible by four.

const STEP = 4u; // values that the inner loop of a product takes at a time

// Four values of `x` from index `at` on; `col` is their position in the row, zeros if it is outside the image.
fn x_step(at: u32, col: u32) -> vec4<f32> {
    return select(vec4<f32>(0.0), x[at >> 2u], !PADDED || col < ROW);
}

// Four channels of four rows of the kernel; a row of the kernel is a column of the matrix.
fn w_rows(at: u32) -> mat4x4<f32> {
    return mat4x4<f32>(w[at >> 2u], w[(at + N) >> 2u], w[(at + 2u * N) >> 2u], w[(at + 3u * N) >> 2u]);
}

fn w_columns(at: u32) -> mat4x4<f32> {
    return w_rows(at);
}

// Four values of `dy` from index `at` on; zeros if not `inside`.
fn dy_step(at: u32, inside: bool) -> vec4<f32> {
    return select(vec4<f32>(0.0), dy[at >> 2u], inside);
}

fn dy4(at: u32) -> vec4<f32> {
    return dy[at >> 2u];
}

// The values that four consecutive rows of the kernel read, relative to the window: offset, row, position in the row.
struct Tap {
    at: u32,
    y: u32,
    col: u32,
};

fn tap(k: u32) -> Tap {
    let ky = k / RUN;
    let r = k % RUN;
    return Tap(ky * ROW + r, ky, r);
}

// The values of a patch under four taps.
fn patch4(p: vec3<u32>, t: Tap) -> vec4<f32> {
    if PADDED {
        return select(vec4<f32>(0.0), x[(p.x + t.at) >> 2u], p.y + t.y < H && p.z + t.col < ROW);
    }
    return x[(p.x + t.at) >> 2u];
}

fn bias4(co: u32) -> vec4<f32> {
    if BIAS {
        return b[co >> 2u];
    }
    return vec4<f32>(0.0);
}

fn store_y(m: u32, co: u32, v: vec4<f32>) {
    if co < N {
        y[(m * N + co) >> 2u] = activate(v);
    }
}

fn store_dx(pixel: u32, ci: u32, v: vec4<f32>) {
    if ci < C {
        let i = (pixel * C + ci) >> 2u;
        dx[i] = gradient(v, dx[i], x[i]);
    }
}

fn store_dw(row: u32, co: u32, v: vec4<f32>) {
    if co < N {
        let i = (row * N + co) >> 2u;
        dw[i] = v + select(vec4<f32>(0.0), dw[i], DIRECT && step.piece > 0u);
    }
}

fn store_db(row: u32, co: u32, v: vec4<f32>) {
    if co < N {
        let i = (row * N + co) >> 2u;
        db[i] = v + select(vec4<f32>(0.0), db[i], DIRECT && step.piece > 0u);
    }
}
