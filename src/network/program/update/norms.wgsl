@compute @workgroup_size(64)
fn sum_blocks(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let block = line(id, groups);
    if block * 16u >= LEN {
        return;
    }
    let p = blocks[block];
    var squares = vec4<f32>(0.0);
    var penalty = vec4<f32>(0.0);
    for (var i = block * 16u; i < block * 16u + 16u; i++) {
        let w = weights[i];
        let g = penalized(gradients[i], w, p);
        squares += g * g;
        penalty += table[2u * p].x * abs(w) + table[2u * p].y * w * w;
    }
    block_sums[block] = vec2<f32>(dot(squares, vec4<f32>(1.0)), dot(penalty, vec4<f32>(1.0)));
}

var<workgroup> sums: array<vec2<f32>, 64>;

// One workgroup per parameter.
@compute @workgroup_size(64)
fn sum_parameters(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = u32(table[2u * group.x].z);
    let count = u32(table[2u * group.x].w);
    var sum = vec2<f32>(0.0);
    for (var i = lane; i < count; i += 64u) {
        sum += block_sums[first + i];
    }
    sums[lane] = sum;
    workgroupBarrier();
    if lane == 0u {
        var total = vec2<f32>(0.0);
        for (var i = 0u; i < 64u; i++) {
            total += sums[i];
        }
        factors[group.x] = vec4<f32>(1.0, total, 0.0);
    }
}

override PARAMS: u32;

fn factor(squares: f32) -> f32 {
    let norm = sqrt(squares);
    return select(1.0, BOUND / norm, norm > BOUND);
}

@compute @workgroup_size(1)
fn finish() {
    var total = vec2<f32>(0.0);
    for (var p = 0u; p < PARAMS; p++) {
        total += factors[p].yz;
    }
    metrics[step.slot].z = total.y;
    // A penalty that is NaN or infinite is treated like such a loss: the weights stay unchanged (see the loss shader).
    if (bitcast<u32>(total.y) & 0x7f800000u) == 0x7f800000u {
        metrics[step.slot].w = 1.0;
    }
    for (var p = 0u; p < PARAMS; p++) {
        factors[p].x = factor(select(factors[p].y, total.x, CLIP == 3u));
    }
}
