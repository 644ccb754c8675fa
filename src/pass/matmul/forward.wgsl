// y = patches(x) w + b: each invocation makes 4 pixels by 8 channels in registers.

// The same window one line of the picture further down; a line outside the picture puts `col` outside it too.
fn lower(p: vec3<u32>, ky: u32) -> vec2<u32> {
    let inside = !PADDED || p.y + ky < H;
    return vec2<u32>(p.x + ky * ROW, select(0x80000000u, p.z, inside));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = line(id, groups);
    let co = tile % TILES * select(4u, 8u, WIDE);
    let m = tile / TILES * 4u;
    let pixels = step.rows * OH * OW;
    if m >= pixels {
        return;
    }
    // Pixels past the last one repeat it, and are not stored.
    let last = pixels - 1u;
    let p0 = locate(min(m + 0u, last));
    let p1 = locate(min(m + 1u, last));
    let p2 = locate(min(m + 2u, last));
    let p3 = locate(min(m + 3u, last));
    var a0 = bias4(co);
    var a1 = bias4(co);
    var a2 = bias4(co);
    var a3 = bias4(co);
    var b0 = vec4<f32>(0.0);
    if WIDE {
        b0 = bias4(co + 4u);
    }
    var b1 = b0;
    var b2 = b0;
    var b3 = b0;
    for (var ky = 0u; ky < KH; ky++) {
        let q0 = lower(p0, ky);
        let q1 = lower(p1, ky);
        let q2 = lower(p2, ky);
        let q3 = lower(p3, ky);
        for (var r = 0u; r < RUN; r += 4u) {
            let left = RUN - r;
            let k = (ky * RUN + r) * N + co;
            let wa = mat4x4<f32>(w4(k), w4(k + N), w4(k + 2u * N), w4(k + 3u * N));
            let v0 = x4(q0.x + r, q0.y + r, left);
            let v1 = x4(q1.x + r, q1.y + r, left);
            let v2 = x4(q2.x + r, q2.y + r, left);
            let v3 = x4(q3.x + r, q3.y + r, left);
            a0 += wa * v0;
            a1 += wa * v1;
            a2 += wa * v2;
            a3 += wa * v3;
            if WIDE {
                let wb = mat4x4<f32>(w4(k + 4u), w4(k + N + 4u), w4(k + 2u * N + 4u), w4(k + 3u * N + 4u));
                b0 += wb * v0;
                b1 += wb * v1;
                b2 += wb * v2;
                b3 += wb * v3;
            }
        }
    }
    let count = min(pixels - m, 4u);
    store_y(m, co, a0);
    if count > 1u { store_y(m + 1u, co, a1); }
    if count > 2u { store_y(m + 2u, co, a2); }
    if count > 3u { store_y(m + 3u, co, a3); }
    if WIDE {
        store_y(m, co + 4u, b0);
        if count > 1u { store_y(m + 1u, co + 4u, b1); }
        if count > 2u { store_y(m + 2u, co + 4u, b2); }
        if count > 3u { store_y(m + 3u, co + 4u, b3); }
    }
}
