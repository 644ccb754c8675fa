// Patches of an image whose channels divide by four, for a product along the windows.
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;

// Where four neighbouring rows of the kernel read: in the image, which line, where in the line; and the first row.
fn taps_at(row: u32) -> vec4<u32> {
    let line = row / RUN;
    let i = row % RUN;
    return vec4<u32>(line * ROW + i, line, i, row);
}

// Four of window m's patch.
fn patch_at(m: u32, taps: vec4<u32>, end: u32) -> vec4<f32> {
    let p = locate(m);
    if m < end && taps.w < K && inside(p, taps.y, taps.z) {
        return source[(p.x + taps.x) >> 2u];
    }
    return vec4<f32>(0.0);
}
