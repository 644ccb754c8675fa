@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> w: array<V>;
@group(0) @binding(2) var<storage, read> b: array<V>;
@group(0) @binding(3) var<storage, read_write> y: array<V>;
@group(0) @binding(4) var<storage, read> dy: array<V>;
@group(0) @binding(5) var<storage, read_write> dx: array<V>;
@group(0) @binding(6) var<storage, read_write> dw: array<V>;
@group(0) @binding(7) var<storage, read_write> db: array<V>;

// The geometry of the window, see `Window` in shape.rs; C, ROW, RUN and N count values.
override H: u32;   // rows of an image
override W: u32;
override C: u32;   // channels of an image
override OH: u32;
override OW: u32;
override KH: u32;
override KW: u32;
override SY: u32;
override SX: u32;
override PY: u32;
override PX: u32;
override ROW: u32; // W * C
override RUN: u32; // KW * C: consecutive values under one row of the window
override N: u32;   // output channels
override PADDED: bool; // some windows overlap the padding
override BIAS: bool;
override TILES: u32;   // tiles per row of tiles
override DIRECT: bool; // the sum is not cut into parts
override SPLITS: u32;  // number of parts of the sum over pixels

// For output pixel m of the batch, the start of its window: offset in `x`, row, and position in the row. All may be
// negative and wrap around.
fn locate(m: u32) -> vec3<u32> {
    let ox = m % OW;
    let oy = (m / OW) % OH;
    let n = m / (OW * OH);
    let y = oy * SY - PY;
    let col = (ox * SX - PX) * C;
    return vec3<u32>((n * H + y) * ROW + col, y, col);
}

const ROWS = {rows}u; // rows of a tile
const COLUMNS = {columns}u;
const FOURS = COLUMNS / 4u;
const SIZE = ROWS * FOURS; // vec4s in a tile
