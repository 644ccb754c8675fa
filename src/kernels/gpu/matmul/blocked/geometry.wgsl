// The window, as `Window` has it, over `source`: the images that patches are taken from. Channels, ROW, RUN, DEPTH and
// N count values, not pixels.
override H: u32;   // lines of an image of `source`
override W: u32;
override C: u32;   // its channels
override OH: u32;  // windows down an image
override OW: u32;
override SY: u32;
override SX: u32;
override PY: i32;  // lines that the first window lies before the image; where negative, behind its start
override PX: i32;
override ROW: u32; // W * C
override RUN: u32; // neighbouring values under one line of the window
override K: u32;   // values under the window
override N: u32;   // columns of the product
override PADDED: bool; // windows hang over the edge
override TILES: u32;   // blocks side by side
override DOWN: u32;    // and one below another
override SPLITS: u32;  // parts that the sum is cut into
override SHARE: u32;   // terms of a part
override DIRECT: bool; // there is one part, which is the result

const BM = {BM}u; // a workgroup's block of the product
const BN = {BN}u;
const DEPTH = 16u; // terms that lie in workgroup memory at a time
const THREADS = {THREADS}u;
const ROWS = {rows}u; // an invocation's tile of the block
const ACROSS = BN / {columns}u; // invocations side by side
const RIGHT = BN * DEPTH / 4u; // fours of the right operand

// Of window m of the batch: where it starts in `source`, its first line, and where it starts in that line. All may lie
// before the image, and wrap.
fn locate(m: u32) -> vec3<u32> {
    let y = (m / OW) % OH * SY - u32(PY);
    let col = (m % OW * SX - u32(PX)) * C;
    return vec3<u32>((m / (OW * OH) * H + y) * ROW + col, y, col);
}

// Whether the value that is `line` lines and `i` values into the window lies in the image.
fn inside(p: vec3<u32>, line: u32, i: u32) -> bool {
    return !PADDED || (p.y + line < H && p.z + i < ROW);
}

// This workgroup's number; grids may be folded.
fn number(group: vec3<u32>, groups: vec3<u32>) -> u32 {
    return group.y * groups.x + group.x;
}
