@group(0) @binding(0) var<storage, read> x: array<V>;
@group(0) @binding(1) var<storage, read> w: array<V>;
@group(0) @binding(2) var<storage, read> b: array<V>;
@group(0) @binding(3) var<storage, read_write> y: array<V>;
@group(0) @binding(4) var<storage, read> dy: array<V>;
@group(0) @binding(5) var<storage, read_write> dx: array<V>;
@group(0) @binding(6) var<storage, read_write> dw: array<V>;
@group(0) @binding(7) var<storage, read_write> db: array<V>;

// The geometry of the window, see `Window`; ROW, RUN and N count values, not pixels.
override H: u32;   // lines of an image
override W: u32;
override C: u32;   // its channels
override OH: u32;
override OW: u32;
override KH: u32;
override KW: u32;
override SY: u32;
override SX: u32;
override PY: u32;
override PX: u32;
override ROW: u32; // W * C
override RUN: u32; // KW * C: neighbouring values under one line of the window
override N: u32;   // channels of the output
override PADDED: bool; // windows hang over the edge
override BIAS: bool;
override TILES: u32;   // tiles side by side
override DIRECT: bool; // weight gradients need no second pass
override SPLITS: u32;  // parts that the sum over pixels is cut into

// Of output pixel m of the batch: where its window starts in `x`, its first line, and where it starts in that line.
// All may lie before the image, and wrap.
fn locate(m: u32) -> vec3<u32> {
    let ox = m % OW;
    let oy = (m / OW) % OH;
    let n = m / (OW * OH);
    let y = oy * SY - PY;
    let col = (ox * SX - PX) * C;
    return vec3<u32>((n * H + y) * ROW + col, y, col);
}

const ROWS = {rows}u; // of a tile
const COLUMNS = {columns}u;
const FOURS = COLUMNS / 4u;
const SIZE = ROWS * FOURS; // fours of values in a tile
