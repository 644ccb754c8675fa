// Patches of an image with any number of channels; the sum runs over the values of a patch.
@group(0) @binding(0) var<storage, read> source: array<f32>;

fn patch_1(p: vec3<u32>, k: u32, end: u32) -> f32 {
    let line = k / RUN;
    let i = k % RUN;
    if k < end && inside(p, line, i) {
        return source[p.x + line * ROW + i];
    }
    return 0.0;
}

// Four values of a patch from term k on.
fn patch_at(p: vec3<u32>, k: u32, end: u32) -> vec4<f32> {
    return vec4<f32>(patch_1(p, k, end), patch_1(p, k + 1u, end), patch_1(p, k + 2u, end), patch_1(p, k + 3u, end));
}
