// Patches of an image with any number of channels; the sum runs over the windows.
@group(0) @binding(0) var<storage, read> source: array<f32>;

// The values that four consecutive rows of the kernel read, relative to the window: offset, row, position in the row;
// and the first row of the kernel.
struct Taps {
    at: vec4<u32>,
    line: vec4<u32>,
    i: vec4<u32>,
    row: u32,
}

fn taps_at(row: u32) -> Taps {
    let rows = vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u);
    let line = rows / vec4<u32>(RUN);
    let i = rows % vec4<u32>(RUN);
    return Taps(line * ROW + i, line, i, row);
}

fn patch_1(p: vec3<u32>, row: u32, at: u32, line: u32, i: u32) -> f32 {
    if row < K && inside(p, line, i) {
        return source[p.x + at];
    }
    return 0.0;
}

// Four values of the patch of window m.
fn patch_at(m: u32, t: Taps, end: u32) -> vec4<f32> {
    if m >= end {
        return vec4<f32>(0.0);
    }
    let p = locate(m);
    return vec4<f32>(
        patch_1(p, t.row, t.at.x, t.line.x, t.i.x),
        patch_1(p, t.row + 1u, t.at.y, t.line.y, t.i.y),
        patch_1(p, t.row + 2u, t.at.z, t.line.z, t.i.z),
        patch_1(p, t.row + 3u, t.at.w, t.line.w, t.i.w),
    );
}
