// dw = patches(x)^T dy and db = sum of dy, over one part of the batch's output pixels: each invocation makes 16 rows of
// the kernel by 8 channels in registers. `sum` of the parts follows where there are several.
override K: u32; // rows of the kernel

@compute @workgroup_size(64)
fn weights(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let number = line(id, groups);
    let columns = number % TILES;
    let rows = number / TILES % ((K + 15u) / 16u);
    let split = number / (TILES * ((K + 15u) / 16u));
    if split >= SPLITS {
        return;
    }
    let co = columns * select(4u, 8u, WIDE);
    let k = rows * 16u;
    let t0 = tap(k);
    let t1 = tap(k + 4u);
    let t2 = tap(k + 8u);
    let t3 = tap(k + 12u);
    var a0 = vec4<f32>(0.0);
    var a1 = vec4<f32>(0.0);
    var a2 = vec4<f32>(0.0);
    var a3 = vec4<f32>(0.0);
    var a4 = vec4<f32>(0.0);
    var a5 = vec4<f32>(0.0);
    var a6 = vec4<f32>(0.0);
    var a7 = vec4<f32>(0.0);
    var a8 = vec4<f32>(0.0);
    var a9 = vec4<f32>(0.0);
    var a10 = vec4<f32>(0.0);
    var a11 = vec4<f32>(0.0);
    var a12 = vec4<f32>(0.0);
    var a13 = vec4<f32>(0.0);
    var a14 = vec4<f32>(0.0);
    var a15 = vec4<f32>(0.0);
    var b0 = vec4<f32>(0.0);
    var b1 = vec4<f32>(0.0);
    var b2 = vec4<f32>(0.0);
    var b3 = vec4<f32>(0.0);
    var b4 = vec4<f32>(0.0);
    var b5 = vec4<f32>(0.0);
    var b6 = vec4<f32>(0.0);
    var b7 = vec4<f32>(0.0);
    var b8 = vec4<f32>(0.0);
    var b9 = vec4<f32>(0.0);
    var b10 = vec4<f32>(0.0);
    var b11 = vec4<f32>(0.0);
    var b12 = vec4<f32>(0.0);
    var b13 = vec4<f32>(0.0);
    var b14 = vec4<f32>(0.0);
    var b15 = vec4<f32>(0.0);
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
        let x1 = patch4(p, t1);
        let x2 = patch4(p, t2);
        let x3 = patch4(p, t3);
        sa += d0;
        a0 += x0.x * d0;
        a1 += x0.y * d0;
        a2 += x0.z * d0;
        a3 += x0.w * d0;
        a4 += x1.x * d0;
        a5 += x1.y * d0;
        a6 += x1.z * d0;
        a7 += x1.w * d0;
        a8 += x2.x * d0;
        a9 += x2.y * d0;
        a10 += x2.z * d0;
        a11 += x2.w * d0;
        a12 += x3.x * d0;
        a13 += x3.y * d0;
        a14 += x3.z * d0;
        a15 += x3.w * d0;
        if WIDE {
            let d1 = dy4(m * N + co + 4u, N - co - 4u, true);
            sb += d1;
            b0 += x0.x * d1;
            b1 += x0.y * d1;
            b2 += x0.z * d1;
            b3 += x0.w * d1;
            b4 += x1.x * d1;
            b5 += x1.y * d1;
            b6 += x1.z * d1;
            b7 += x1.w * d1;
            b8 += x2.x * d1;
            b9 += x2.y * d1;
            b10 += x2.z * d1;
            b11 += x2.w * d1;
            b12 += x3.x * d1;
            b13 += x3.y * d1;
            b14 += x3.z * d1;
            b15 += x3.w * d1;
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
    if count > 4u { store_dw(row + 4u, co, a4); }
    if count > 5u { store_dw(row + 5u, co, a5); }
    if count > 6u { store_dw(row + 6u, co, a6); }
    if count > 7u { store_dw(row + 7u, co, a7); }
    if count > 8u { store_dw(row + 8u, co, a8); }
    if count > 9u { store_dw(row + 9u, co, a9); }
    if count > 10u { store_dw(row + 10u, co, a10); }
    if count > 11u { store_dw(row + 11u, co, a11); }
    if count > 12u { store_dw(row + 12u, co, a12); }
    if count > 13u { store_dw(row + 13u, co, a13); }
    if count > 14u { store_dw(row + 14u, co, a14); }
    if count > 15u { store_dw(row + 15u, co, a15); }
    if WIDE && co + 4u < N {
        store_dw(row, co + 4u, b0);
        if count > 1u { store_dw(row + 1u, co + 4u, b1); }
        if count > 2u { store_dw(row + 2u, co + 4u, b2); }
        if count > 3u { store_dw(row + 3u, co + 4u, b3); }
        if count > 4u { store_dw(row + 4u, co + 4u, b4); }
        if count > 5u { store_dw(row + 5u, co + 4u, b5); }
        if count > 6u { store_dw(row + 6u, co + 4u, b6); }
        if count > 7u { store_dw(row + 7u, co + 4u, b7); }
        if count > 8u { store_dw(row + 8u, co + 4u, b8); }
        if count > 9u { store_dw(row + 9u, co + 4u, b9); }
        if count > 10u { store_dw(row + 10u, co + 4u, b10); }
        if count > 11u { store_dw(row + 11u, co + 4u, b11); }
        if count > 12u { store_dw(row + 12u, co + 4u, b12); }
        if count > 13u { store_dw(row + 13u, co + 4u, b13); }
        if count > 14u { store_dw(row + 14u, co + 4u, b14); }
        if count > 15u { store_dw(row + 15u, co + 4u, b15); }
    }
    if BIAS && k == 0u {
        store_db(split, co, sa);
        if WIDE && co + 4u < N {
            store_db(split, co + 4u, sb);
        }
    }
}
