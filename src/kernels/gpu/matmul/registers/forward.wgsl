// y = patches(x) w + b: each invocation computes a tile of pixels by channels in registers.

// Row ky of the window: its offset in `x`, and its column, which is out of range if the row is outside the image.
fn lower(p: vec3<u32>, ky: u32) -> vec2<u32> {
    let inside = !PADDED || p.y + ky < H;
    return vec2<u32>(p.x + ky * ROW, select(0x80000000u, p.z, inside));
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let tile = line(id, groups);
    let co = tile % TILES * COLUMNS;
    let m = tile / TILES * ROWS;
    let pixels = step.rows * OH * OW;
    if m >= pixels {
        return;
    }
    // Pixels past the last one repeat it and are not stored.
    let last = pixels - 1u;
    let p{r} = locate(min(m + {r}u, last));
    let bias{c} = bias4(co + 4u * {c}u);
    var a{r}_{c} = bias{c};
    for (var ky = 0u; ky < KH; ky++) {
        let q{r} = lower(p{r}, ky);
        for (var i = 0u; i < RUN; i += STEP) {
            let k = (ky * RUN + i) * N + co;
            let w{c} = w_rows(k + 4u * {c}u);
            let v{r} = x_step(q{r}.x + i, q{r}.y + i);
            a{r}_{c} += w{c} * v{r};
        }
    }
    var made: array<vec4<f32>, SIZE>;
    made[{r}u * FOURS + {c}u] = a{r}_{c};
    for (var i = 0u; i < SIZE; i++) {
        let pixel = m + i / FOURS;
        if pixel < pixels { store_y(pixel, co + 4u * (i % FOURS), made[i]); }
    }
}
