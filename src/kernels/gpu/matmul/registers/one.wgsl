// Access to one value at a time, for any number of channels and runs of any length.

const STEP = 1u; // values that the inner loop of a product takes at a time

// A value of `x`; `col` is its position in the row, zero if it is outside the image.
fn x_step(at: u32, col: u32) -> f32 {
    return select(0.0, x[at], !PADDED || col < ROW);
}

// Four channels of a row of the kernel. Values beyond the row may be read; their results are not stored.
fn w_rows(at: u32) -> vec4<f32> {
    return vec4<f32>(w[at], w[at + 1u], w[at + 2u], w[at + 3u]);
}

// One channel of four rows of the kernel.
fn w_columns(at: u32) -> vec4<f32> {
    return vec4<f32>(w[at], w[at + N], w[at + 2u * N], w[at + 3u * N]);
}

fn dy_step(at: u32, inside: bool) -> f32 {
    return select(0.0, dy[at], inside);
}

fn dy4(at: u32) -> vec4<f32> {
    return vec4<f32>(dy[at], dy[at + 1u], dy[at + 2u], dy[at + 3u]);
}

// The values that four consecutive rows of the kernel read, relative to the window: offset, row, position in the row.
struct Tap {
    at: vec4<u32>,
    y: vec4<u32>,
    col: vec4<u32>,
};

fn tap(first: u32) -> Tap {
    let k = vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u);
    let ky = k / vec4<u32>(RUN);
    let r = k % vec4<u32>(RUN);
    return Tap(ky * ROW + r, ky, r);
}

fn patch1(p: vec3<u32>, at: u32, y: u32, col: u32) -> f32 {
    if PADDED {
        return select(0.0, x[p.x + at], p.y + y < H && p.z + col < ROW);
    }
    return x[p.x + at];
}

// The values of a patch under four taps.
fn patch4(p: vec3<u32>, t: Tap) -> vec4<f32> {
    return vec4<f32>(
        patch1(p, t.at.x, t.y.x, t.col.x),
        patch1(p, t.at.y, t.y.y, t.col.y),
        patch1(p, t.at.z, t.y.z, t.col.z),
        patch1(p, t.at.w, t.y.w, t.col.w),
    );
}

fn bias4(co: u32) -> vec4<f32> {
    if BIAS {
        return vec4<f32>(b[co], b[co + 1u], b[co + 2u], b[co + 3u]);
    }
    return vec4<f32>(0.0);
}

fn store_y(m: u32, co: u32, v: vec4<f32>) {
    let i = m * N + co;
    if co < N { y[i] = activate(v.x); }
    if co + 1u < N { y[i + 1u] = activate(v.y); }
    if co + 2u < N { y[i + 2u] = activate(v.z); }
    if co + 3u < N { y[i + 3u] = activate(v.w); }
}

fn store_dx1(i: u32, inside: bool, v: f32) {
    if inside { dx[i] = gradient(v, dx[i], x[i]); }
}

fn store_dx(pixel: u32, ci: u32, v: vec4<f32>) {
    let i = pixel * C + ci;
    store_dx1(i, ci < C, v.x);
    store_dx1(i + 1u, ci + 1u < C, v.y);
    store_dx1(i + 2u, ci + 2u < C, v.z);
    store_dx1(i + 3u, ci + 3u < C, v.w);
}

fn store_dw1(i: u32, inside: bool, v: f32) {
    if inside { dw[i] = v + select(0.0, dw[i], DIRECT && step.piece > 0u); }
}

fn store_dw(row: u32, co: u32, v: vec4<f32>) {
    let i = row * N + co;
    store_dw1(i, co < N, v.x);
    store_dw1(i + 1u, co + 1u < N, v.y);
    store_dw1(i + 2u, co + 2u < N, v.z);
    store_dw1(i + 3u, co + 3u < N, v.w);
}

fn store_db1(i: u32, inside: bool, v: f32) {
    if inside { db[i] = v + select(0.0, db[i], DIRECT && step.piece > 0u); }
}

fn store_db(row: u32, co: u32, v: vec4<f32>) {
    let i = row * N + co;
    store_db1(i, co < N, v.x);
    store_db1(i + 1u, co + 1u < N, v.y);
    store_db1(i + 2u, co + 2u < N, v.z);
    store_db1(i + 3u, co + 3u < N, v.w);
}
