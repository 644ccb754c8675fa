// The second pass of a product that was summed in parts. The parts are added in a fixed order, so the result is
// reproducible.
@group(0) @binding(0) var<storage, read> parts: array<V>;
@group(0) @binding(1) var<storage, read> bias: array<V>;
@group(0) @binding(2) var<storage, read_write> result: array<V>;
@group(0) @binding(3) var<storage, read> before: array<V>;
override BIAS: bool;
override FORWARD: bool;
override SPLITS: u32;
override LEN: u32;     // Vs per part: the result of a full batch
override IMAGE: u32; // Vs per image
override N: u32;       // Vs per pixel

@compute @workgroup_size(64)
fn finish(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i >= step.rows * IMAGE {
        return;
    }
    var sum = V(0.0);
    for (var s = 0u; s < SPLITS; s++) {
        sum += parts[s * LEN + i];
    }
    if FORWARD {
        if BIAS {
            sum += bias[i % N];
        }
        result[i] = activate(sum);
    } else {
        result[i] = gradient(sum, result[i], before[i]);
    }
}
