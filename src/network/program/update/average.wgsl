override AT: u32;    // where the average lies among the slots
override EVERY: u32; // steps after which the weights are set to the average; 0 for never

@compute @workgroup_size(64)
fn average(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= LEN || metrics[step.slot].w > 0.0 || table[2u * blocks[i / 16u]].w == 0.0 {
        return;
    }
    let keep = step.factors.w;
    let mean = keep * slots[AT + i] + (1.0 - keep) * weights[i];
    slots[AT + i] = mean;
    if EVERY > 0u && (step.step + 1u) % max(EVERY, 1u) == 0u {
        weights[i] = mean;
    }
}

@group(0) @binding(8) var<storage, read_write> state: array<vec4<f32>>; // the moving statistics

// The average of the moving statistics. In this form, statistics that do not change stay as they are.
@compute @workgroup_size(64)
fn average_state(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= LEN || metrics[step.slot].w > 0.0 {
        return;
    }
    let mean = slots[AT + i] + (1.0 - step.factors.w) * (state[i] - slots[AT + i]);
    slots[AT + i] = mean;
    if EVERY > 0u && (step.step + 1u) % max(EVERY, 1u) == 0u {
        state[i] = mean;
    }
}
