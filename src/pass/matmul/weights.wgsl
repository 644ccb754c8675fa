// dw = patches(x)^T dy and db = sum of dy, over one part of the batch's output pixels: each invocation makes 4 rows of
// the kernel by 8 channels in registers. `sum` of the parts follows where there are several.
override K: u32; // rows of the kernel

@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = line(id, groups);
    let columns = number % TILES;
    let rows = number / TILES % ((K + 3u) / 4u);
    let split = number / (TILES * ((K + 3u) / 4u));
    if split >= SPLITS {
        return;
    }
    let co = columns * select(4u, 8u, WIDE);
    let k = rows * 4u;
    let t0 = tap(k);
    var a0 = vec4<f32>(0.0);
    var a1 = vec4<f32>(0.0);
    var a2 = vec4<f32>(0.0);
    var a3 = vec4<f32>(0.0);
    var b0 = vec4<f32>(0.0);
    var b1 = vec4<f32>(0.0);
    var b2 = vec4<f32>(0.0);
    var b3 = vec4<f32>(0.0);
    var sa = vec4<f32>(0.0);
    var sb = vec4<f32>(0.0);
    let pixels = step.rows * OH * OW;
    let share = (pixels + SPLITS - 1u) / SPLITS;
    let end = min((split + 1u) * share, pixels);
    var p = locate(split * share);
    var ox = split * share % OW;
    var oy = split * share / OW % OH;
    for (var m = split * share; m < end; m++) {
        let d0 = dy4(m * N + co, N - co, true);
        let x0 = patch4(p, t0);
        sa += d0;
        a0 += x0.x * d0;
        a1 += x0.y * d0;
        a2 += x0.z * d0;
        a3 += x0.w * d0;
        if WIDE {
            let d1 = dy4(m * N + co + 4u, N - co - 4u, true);
            sb += d1;
            b0 += x0.x * d1;
            b1 += x0.y * d1;
            b2 += x0.z * d1;
            b3 += x0.w * d1;
        }
        // On to the next pixel, the next line, the next picture.
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
    let row = split * K + k;
    let count = K - k;
    store_dw(row, co, a0);
    if count > 1u { store_dw(row + 1u, co, a1); }
    if count > 2u { store_dw(row + 2u, co, a2); }
    if count > 3u { store_dw(row + 3u, co, a3); }
    if WIDE && co + 4u < N {
        store_dw(row, co + 4u, b0);
        if count > 1u { store_dw(row + 1u, co + 4u, b1); }
        if count > 2u { store_dw(row + 2u, co + 4u, b2); }
        if count > 3u { store_dw(row + 3u, co + 4u, b3); }
    }
    if BIAS && k == 0u {
        store_db(split, co, sa);
        if WIDE && co + 4u < N {
            store_db(split, co + 4u, sb);
        }
    }
}
