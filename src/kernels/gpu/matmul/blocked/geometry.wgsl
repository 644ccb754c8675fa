// The geometry of the window (see `Window` in shape.rs) over `source`, the images that patches are taken from. C, ROW,
// RUN, K and N count values.
override H: u32;   // rows of an image of `source`
override W: u32;
override C: u32;   // channels of an image
override OH: u32;  // rows of windows per image
override OW: u32;
override SY: u32;
override SX: u32;
override PY: i32;  // rows of padding above the image; if negative, the first window starts inside it
override PX: i32;
override ROW: u32; // W * C
override RUN: u32; // consecutive values under one row of the window
override K: u32;   // values under the window
override N: u32;   // columns of the product
override PADDED: bool; // some windows overlap the padding
override TILES: u32;   // blocks per row of blocks
override DOWN: u32;    // rows of blocks
override SPLITS: u32;  // number of parts of the sum
override SHARE: u32;   // terms of a part
override DIRECT: bool; // there is only one part: it is the result

const BM = {BM}u; // rows and columns of a workgroup's block
const BN = {BN}u;
const DEPTH = 16u; // terms that are in workgroup memory at a time
const THREADS = {THREADS}u;
const ROWS = {rows}u; // rows of an invocation's tile
const ACROSS = BN / {columns}u; // invocations per row of tiles
const RIGHT = BN * DEPTH / 4u; // vec4s of the right operand

// The start of window m of the batch: offset in `source`, row, and position in the row. All may be negative and wrap
// around.
fn locate(m: u32) -> vec3<u32> {
    let y = (m / OW) % OH * SY - u32(PY);
    let col = (m % OW * SX - u32(PX)) * C;
    return vec3<u32>((m / (OW * OH) * H + y) * ROW + col, y, col);
}

// Whether value `i` of row `line` of the window lies inside the image.
fn inside(p: vec3<u32>, line: u32, i: u32) -> bool {
    return !PADDED || (p.y + line < H && p.z + i < ROW);
}

// The index of this workgroup in a grid that may be folded.
fn number(group: vec3<u32>, groups: vec3<u32>) -> u32 {
    return group.y * groups.x + group.x;
}
