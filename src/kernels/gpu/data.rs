//! From the data set on the device to the network's input: pixels scaled to 0..1, with the step's augmentation.
//!
//! A data set is stored in chunks, each no larger than a binding may be: a header of four words (index of the first
//! image, number of images, two zeros), then the bytes of the images, four per word. A pass runs for every chunk, and
//! fills the rows whose images the chunk holds.

use crate::kernels::gpu::pass::{Global, Lanes, Pass, Slot, line, read, write};
use crate::tensor::shape::Shape;
use crate::tensor::transform::Transform;

/// The length of a chunk's header, in words.
pub const HEADER: usize = 4;

/// The length of a transform, in words: the map, the hole and the fill mode; then how the image is mixed.
pub const TRANSFORM: usize = if cfg!(feature = "extended") { 20 } else { 12 };

const COMMON: &str = "
@group(0) @binding(0) var<storage, read> images: array<u32>;
@group(0) @binding(1) var<storage, read> rows: array<vec2<u32>>; // image, label
@group(0) @binding(2) var<storage, read_write> input: array<V>;
@group(0) @binding(3) var<storage, read> transforms: array<vec4<u32>>;
override LEN: u32; // Vs per image
override TRANSFORM: u32 = 3u; // vec4s per transform

// The index of the row's image in this chunk; `images[1]` or more if it lies in another chunk.
fn position(row: u32) -> u32 {
    return rows[step.first_index + row].x - images[0];
}
fn byte(i: u32) -> f32 {
    return f32((images[4u + (i >> 2u)] >> ((i & 3u) * 8u)) & 255u);
}
";

const FETCH_1: &str = "
fn fetch(i: u32) -> V {
    return byte(i);
}
";
const FETCH_4: &str = "
fn fetch(i: u32) -> V {
    let word = vec4<u32>(images[4u + i]);
    return vec4<f32>((word >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u));
}
";

const PLAIN: &str = "
@compute @workgroup_size(64)
fn plain(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let row = i / LEN;
    if row >= step.rows {
        return;
    }
    let image = position(row);
    if image < images[1] {
        input[i] = fetch(image * LEN + i % LEN) / 255.0;
    }
}
";

const CHANGED: &str = "
override H: i32;
override W: i32;
override C: u32;

// The source index of coordinate i on an axis of n pixels, as in `FillMode`; -1 for zero.
fn inside(i: i32, n: i32, fill: u32) -> i32 {
    if i >= 0 && i < n {
        return i;
    }
    if fill == 0u {
        return -1;
    }
    if fill == 2u {
        return clamp(i, 0, n - 1);
    }
    let edge = select(0, 1, fill == 3u); // pixels at the edge that are not repeated
    let period = max(2 * (n - edge), 1);
    var j = i % period;
    if j < 0 {
        j += period;
    }
    return select(period - 1 + edge - j, j, j < n);
}
fn pixel(first: u32, y: i32, x: i32, c: u32, fill: u32) -> f32 {
    let iy = inside(y, H, fill);
    let ix = inside(x, W, fill);
    if iy < 0 || ix < 0 {
        return 0.0;
    }
    return byte(first + u32(iy * W + ix) * C + c);
}

// Value i of the input from this image of the chunk, by the transform of its row. The same arithmetic as in `Transform::sample`.
fn sampled(i: u32, image: u32) -> f32 {
    let c = i % C;
    let x = i32(i / C % u32(W));
    let y = i32(i / C / u32(W) % u32(H));
    let t = TRANSFORM * (step.first_row + i / LEN);
    let m = bitcast<vec4<f32>>(transforms[t]);
    let n = vec4<u32>(transforms[t + 1u]);
    let hole = vec4<i32>(bitcast<vec2<i32>>(n.zw), bitcast<vec2<i32>>(transforms[t + 2u].xy));
    if y >= hole.x && y < hole.y && x >= hole.z && x < hole.w {
        return 0.0;
    }
    let rest = bitcast<vec2<f32>>(n.xy);
    let sy = m.x * f32(y) + m.y * f32(x) + m.z;
    let sx = m.w * f32(y) + rest.x * f32(x) + rest.y;
    let y0 = i32(floor(sy));
    let x0 = i32(floor(sx));
    let wy = sy - floor(sy);
    let wx = sx - floor(sx);
    let first = image * LEN;
    let fill = transforms[t + 2u].z;
    let above = pixel(first, y0, x0, c, fill) * (1.0 - wx) + pixel(first, y0, x0 + 1, c, fill) * wx;
    let below = pixel(first, y0 + 1, x0, c, fill) * (1.0 - wx) + pixel(first, y0 + 1, x0 + 1, c, fill) * wx;
    return (above * (1.0 - wy) + below * wy) / 255.0;
}

@compute @workgroup_size(64)
fn changed(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let row = i / LEN;
    if row >= step.rows {
        return;
    }
    let image = position(row);
    if image < images[1] {
        input[i] = sampled(i, image);
    }
}
";

/// The second image of each row is mixed into the first one, as in `Transform::sample_of`.
#[cfg(feature = "extended")]
const MIXED: &str = "
@compute @workgroup_size(64)
fn mixed(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let row = i / LEN;
    if row >= step.rows {
        return;
    }
    let t = TRANSFORM * (step.first_row + row) + 3u;
    let other = transforms[t];
    let image = other.x - images[0];
    let window = bitcast<vec4<i32>>(transforms[t + 1u]);
    let x = i32(i / C % u32(W));
    let y = i32(i / C / u32(W) % u32(H));
    if image >= images[1] || y < window.x || y >= window.y || x < window.z || x >= window.w {
        return;
    }
    let own_share = bitcast<f32>(other.w);
    input[i] = own_share * input[i] + (1.0 - own_share) * sampled(i, image);
}
";

const PLAIN_1: &[&str] = &[COMMON, FETCH_1, PLAIN];
const PLAIN_4: &[&str] = &[COMMON, FETCH_4, PLAIN];
#[cfg(not(feature = "extended"))]
const CHANGED_1: &[&str] = &[COMMON, CHANGED];
#[cfg(feature = "extended")]
const CHANGED_1: &[&str] = &[COMMON, CHANGED, MIXED];

/// The pass that loads `rows` images without augmentation.
pub fn plain(image: &Shape, rows: usize) -> Pass {
    let lanes = Lanes::of(&[image.len()]);
    let values = image.len() / lanes.width();
    Pass {
        label: "input",
        shader: if lanes == Lanes::Four { PLAIN_4 } else { PLAIN_1 },
        lanes,
        entry: "plain",
        constants: vec![("LEN", values as f64)],
        bindings: vec![
            read(0, Slot::Global(Global::Images)),
            read(1, Slot::Global(Global::Rows)),
            write(2, Slot::Global(Global::Input)),
        ],
        grid: line(rows * values),
        in_bounds: false,
    }
}

/// The pass that loads `rows` images with their transforms.
pub fn changed(image: &Shape, rows: usize) -> Pass {
    let [h, w, c] = [0, 1, 2].map(|axis| image.0.get(axis).copied().unwrap_or(1) as f64);
    Pass {
        label: "augmentation",
        shader: CHANGED_1,
        lanes: Lanes::One,
        entry: "changed",
        constants: vec![
            ("LEN", image.len() as f64),
            ("H", h),
            ("W", w),
            ("C", c),
            ("TRANSFORM", (TRANSFORM / 4) as f64),
        ],
        bindings: vec![
            read(0, Slot::Global(Global::Images)),
            read(1, Slot::Global(Global::Rows)),
            write(2, Slot::Global(Global::Input)),
            read(3, Slot::Global(Global::Transforms)),
        ],
        grid: line(rows * image.len()),
        in_bounds: false,
    }
}

/// The pass that mixes the second image of each row into the first one.
#[cfg(feature = "extended")]
pub fn mixed(image: &Shape, rows: usize) -> Pass {
    Pass { label: "mixing", entry: "mixed", ..changed(image, rows) }
}

/// A transform in the layout of the shader. `label` tells that of an image.
pub fn words(transform: &Transform, label: impl Fn(u32) -> u8) -> [u32; TRANSFORM] {
    let mut words = [0; TRANSFORM];
    words[..6].copy_from_slice(&transform.map.map(f32::to_bits));
    words[6..10].copy_from_slice(&transform.hole.map(|edge| edge as u32));
    words[10] = transform.fill as u32;
    let _ = &label;
    #[cfg(feature = "extended")]
    {
        // No chunk has an image of the largest index.
        words[12..14].copy_from_slice(&[u32::MAX, 1.0f32.to_bits()]);
        if let Some(mix) = transform.mix {
            let [top, bottom, left, right] = mix.window.map(|edge| edge as u32);
            let (share, inside, other) = (mix.share.to_bits(), mix.inside.to_bits(), u32::from(label(mix.partner)));
            words[12..].copy_from_slice(&[mix.partner, share, other, inside, top, bottom, left, right]);
        }
    }
    words
}
