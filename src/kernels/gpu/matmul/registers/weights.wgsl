// dw = patches(x)^T dy and db = sum of dy, over one part of the batch's output pixels: each invocation computes a tile
// of rows of the kernel by channels in registers. If there are several parts, the pass of reduce.wgsl sums them.
override K: u32; // rows of the kernel

@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = line(id, groups);
    let down = (K + ROWS - 1u) / ROWS;
    let split = number / (TILES * down);
    if split >= SPLITS {
        return;
    }
    let co = number % TILES * COLUMNS;
    let k = number / TILES % down * ROWS;
    let t{q} = tap(k + 4u * {q}u);
    var a{r}_{c} = vec4<f32>(0.0);
    var sum{c} = vec4<f32>(0.0);
    let pixels = step.rows * OH * OW;
    let share = (pixels + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, pixels);
    var p = locate(split * share);
    var ox = split * share % OW;
    var oy = split * share / OW % OH;
    for (var m = split * share; m < end; m++) {
        let d{c} = dy4(m * N + co + 4u * {c}u);
        let x{q} = patch4(p, t{q});
        sum{c} += d{c};
        a{r}_{c} += x{r/4}.{r%4} * d{c};
        // Advance to the next pixel, row or image.
        ox++;
        p += vec3<u32>(SX * C, 0u, SX * C);
        if ox == OW {
            ox = 0u;
            oy++;
            p += vec3<u32>(SY * ROW - OW * SX * C, SY, 0u - OW * SX * C);
            if oy == OH {
                oy = 0u;
                p += vec3<u32>((H - OH * SY) * ROW, 0u - OH * SY, 0u);
            }
        }
    }
    var made: array<vec4<f32>, SIZE>;
    made[{r}u * FOURS + {c}u] = a{r}_{c};
    for (var i = 0u; i < SIZE; i++) {
        let row = k + i / FOURS;
        if row < K { store_dw(split * K + row, co + 4u * (i % FOURS), made[i]); }
    }
    if BIAS && k == 0u {
        store_db(split, co + 4u * {c}u, sum{c});
    }
}
