//! From the data set on the device to the network's input: pixels scaled to 0..1, with the step's augmentation.
//!
//! A data set is stored in chunks, each no larger than a binding may be: a header of four words (index of the first
//! image, number of images, two zeros), then the bytes of the images, four per word. A pass runs for every chunk, and
//! fills the rows whose images the chunk holds.

use crate::kernels::gpu::pass::{Global, Lanes, Pass, Slot, line, read, write};
#[cfg(feature = "extended")]
use crate::tensor::color::ColorChange;
use crate::tensor::shape::Shape;
use crate::tensor::transform::Transform;

/// The length of a chunk's header, in words.
pub const HEADER: usize = 4;

/// The length of a transform, in words: the map, the hole and the fill mode; then how the image is mixed, how its colors are
/// changed, and the means of the image and its partner, which a pass computes.
pub const TRANSFORM: usize = if cfg!(feature = "extended") { 32 } else { 12 };

const COMMON: &str = crate::wgsl!(
    "
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
"
);

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

const PLAIN: &str = crate::wgsl!(
    "
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
"
);

const CHANGED: &str = crate::wgsl!("
override H: i32;
override W: i32;
override C: u32;
const OWN_MEANS = 6u;

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
fn pixel(first: u32, y: i32, x: i32, c: u32, fill: u32, t: u32, means: u32) -> f32 {
    let iy = inside(y, H, fill);
    let ix = inside(x, W, fill);
    if iy < 0 || ix < 0 {
        return 0.0;
    }
    return value(first + u32(iy * W + ix) * C, c, t, means);
}

// Value i of the input from this image of the chunk, by the transform of its row; its means are in vec4 `means` of the transform.
// The same arithmetic as in `Transform::sample`.
fn sampled(i: u32, image: u32, means: u32) -> f32 {
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
    let above = pixel(first, y0, x0, c, fill, t, means) * (1.0 - wx) + pixel(first, y0, x0 + 1, c, fill, t, means) * wx;
    let below = pixel(first, y0 + 1, x0, c, fill, t, means) * (1.0 - wx) + pixel(first, y0 + 1, x0 + 1, c, fill, t, means) * wx;
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
        input[i] = sampled(i, image, OWN_MEANS);
    }
}
");

/// The value of channel `c` of the pixel whose bytes begin at `first`.
#[cfg(not(feature = "extended"))]
const VALUE: &str = "
fn value(first: u32, c: u32, t: u32, means: u32) -> f32 {
    return byte(first + c);
}
";

/// The same with the change of colors of transform `t`, as in `ColorChange::apply`; and the pass that computes the means.
#[cfg(feature = "extended")]
const VALUE: &str = crate::wgsl!(
    "
@group(0) @binding(4) var<storage, read_write> with_means: array<vec4<u32>>;

// Channel c with another brightness and contrast.
fn lit(first: u32, c: u32, change: vec4<f32>, means: u32) -> f32 {
    let mean = bitcast<vec4<f32>>(transforms[means])[c];
    let bright = clamp(byte(first + c) / 255.0 + change.x, 0.0, 1.0);
    return clamp((bright - mean) * change.y + mean, 0.0, 1.0);
}
fn value(first: u32, c: u32, t: u32, means: u32) -> f32 {
    if transforms[t + 2u].w == 0u {
        return byte(first + c);
    }
    let change = bitcast<vec4<f32>>(transforms[t + 5u]);
    if C != 3u || (change.z == 1.0 && change.w == 0.0) {
        return lit(first, c, change, t + means) * 255.0;
    }
    let rgb = vec3<f32>(
        lit(first, 0u, change, t + means),
        lit(first, 1u, change, t + means),
        lit(first, 2u, change, t + means),
    );
    let high = max(max(rgb.x, rgb.y), rgb.z);
    let range = high - min(min(rgb.x, rgb.y), rgb.z);
    if range <= 0.0 {
        return high * 255.0;
    }
    var sixths = (rgb.x - rgb.y) / range + 4.0;
    if high == rgb.x {
        sixths = (rgb.y - rgb.z) / range;
    } else if high == rgb.y {
        sixths = (rgb.z - rgb.x) / range + 2.0;
    }
    let turned = 5.0 - 2.0 * f32(c) + sixths + 6.0 * change.w;
    let k = turned - 6.0 * floor(turned / 6.0);
    let saturation = min(range / high * change.z, 1.0);
    return (high - high * saturation * clamp(min(k, 4.0 - k), 0.0, 1.0)) * 255.0;
}

// The means of each row's image, and of its partner, with the row's brightness: of one image a thread.
@compute @workgroup_size(64)
fn means(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    let row = i / 2u;
    if row >= step.rows {
        return;
    }
    let t = TRANSFORM * (step.first_row + row);
    var image = position(row);
    if i % 2u == 1u {
        image = with_means[t + 3u].x - images[0];
    }
    if with_means[t + 2u].w == 0u || image >= images[1] {
        return;
    }
    let brightness = bitcast<f32>(with_means[t + 5u].x);
    let first = image * LEN;
    var sum = vec4<f32>(0.0);
    for (var y = 0u; y < u32(H); y++) {
        // The sum of a row of pixels first: rounding stays small.
        var of_row = vec4<f32>(0.0);
        for (var x = 0u; x < u32(W); x++) {
            for (var c = 0u; c < C; c++) {
                let at = first + (y * u32(W) + x) * C + c;
                of_row[c] += clamp(byte(at) / 255.0 + brightness, 0.0, 1.0);
            }
        }
        sum += of_row;
    }
    with_means[t + OWN_MEANS + i % 2u] = bitcast<vec4<u32>>(sum / f32(H * W));
}
"
);

/// The second image of each row is mixed into the first one, as in `Transform::sample_of`.
#[cfg(feature = "extended")]
const MIXED: &str = crate::wgsl!(
    "
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
    input[i] = own_share * input[i] + (1.0 - own_share) * sampled(i, image, OWN_MEANS + 1u);
}
"
);

const PLAIN_1: &[&str] = &[COMMON, FETCH_1, PLAIN];
const PLAIN_4: &[&str] = &[COMMON, FETCH_4, PLAIN];
#[cfg(not(feature = "extended"))]
const CHANGED_1: &[&str] = &[COMMON, CHANGED, VALUE];
#[cfg(feature = "extended")]
const CHANGED_1: &[&str] = &[COMMON, CHANGED, VALUE, MIXED];

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

/// The pass that computes the means of the images whose colors are changed.
#[cfg(feature = "extended")]
pub fn means(image: &Shape, rows: usize) -> Pass {
    Pass {
        label: "means",
        entry: "means",
        bindings: vec![
            read(0, Slot::Global(Global::Images)),
            read(1, Slot::Global(Global::Rows)),
            write(4, Slot::Global(Global::Transforms)),
        ],
        grid: line(2 * rows),
        ..changed(image, rows)
    }
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
            words[12..20].copy_from_slice(&[mix.partner, share, other, inside, top, bottom, left, right]);
        }
        if let Some(ColorChange { brightness, contrast, saturation, hue }) = transform.colors {
            words[11] = 1;
            words[20..24].copy_from_slice(&[brightness, contrast, saturation, hue].map(f32::to_bits));
        }
    }
    words
}
