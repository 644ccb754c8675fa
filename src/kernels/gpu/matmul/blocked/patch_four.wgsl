// Patches of an image whose channels are divisible by four; the sum runs over the values of a patch.
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;

// Four values of a patch from term k on.
fn patch_at(p: vec3<u32>, k: u32, end: u32) -> vec4<f32> {
    let line = k / RUN;
    let i = k % RUN;
    if k < end && inside(p, line, i) {
        return source[(p.x + line * ROW + i) >> 2u];
    }
    return vec4<f32>(0.0);
}
