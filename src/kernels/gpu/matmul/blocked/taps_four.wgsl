// Patches of an image whose channels are divisible by four; the sum runs over the windows.
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;

// The values that four consecutive rows of the kernel read, relative to the window: offset, row, position in the row.
// The fourth component is the first row of the kernel.
fn taps_at(row: u32) -> vec4<u32> {
    let line = row / RUN;
    let i = row % RUN;
    return vec4<u32>(line * ROW + i, line, i, row);
}

// Four values of the patch of window m.
fn patch_at(m: u32, taps: vec4<u32>, end: u32) -> vec4<f32> {
    let p = locate(m);
    if m < end && taps.w < K && inside(p, taps.y, taps.z) {
        return source[(p.x + taps.x) >> 2u];
    }
    return vec4<f32>(0.0);
}
