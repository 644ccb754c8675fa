@group(0) @binding(0) var<storage, read_write> w: array<f32>;
override D1: u32;       // sizes of the kernel's axes, without the first
override D2: u32;
override D3: u32;
override M0: u32;       // members of a group along each axis
override M1: u32;
override M2: u32;
override M3: u32;
override G1: u32;       // groups along each axis, without the first
override G2: u32;
override G3: u32;
override GROUPS: u32;
override MOST: f32;

fn place(a0: u32, a1: u32, a2: u32, a3: u32) -> u32 {
    return ((a0 * D1 + a1) * D2 + a2) * D3 + a3;
}

// The offset of member i of a group from its first member.
fn member(i: u32) -> u32 {
    return place(i / (M3 * M2 * M1), i / (M3 * M2) % M1, i / M3 % M2, i % M3);
}

// One invocation per group of values that share a norm.
@compute @workgroup_size(64)
fn constrain(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let g = line(id, groups);
    if g >= GROUPS {
        return;
    }
    let first = place(g / (G3 * G2 * G1), g / (G3 * G2) % G1, g / G3 % G2, g % G3);
    let count = M0 * M1 * M2 * M3;
    var squares = 0.0;
    for (var i = 0u; i < count; i++) {
        let v = w[first + member(i)];
        squares += v * v;
    }
    let norm = sqrt(squares);
    let factor = min(norm, MOST) / (1e-7 + norm);
    for (var i = 0u; i < count; i++) {
        w[first + member(i)] *= factor;
    }
}
