// The geometry of a window that slides over an image of H by W pixels, from `Pass::over`.
override H: u32;
override W: u32;
override C: u32; // Vs per pixel
override OH: u32;
override OW: u32;
override KH: u32;
override KW: u32;
override SY: u32;
override SX: u32;
override PY: u32;
override PX: u32;

// The windows that cover a pixel: from window (top, left) to the last one that starts at or before (ty, tx), the
// pixel's position in the padded image.
struct Reach {
    n: u32,
    ty: u32,
    tx: u32,
    top: u32,
    left: u32,
}

fn reach(pixel: u32) -> Reach {
    let ty = pixel / W % H + PY;
    let tx = pixel % W + PX;
    let top = select((ty - KH) / SY + 1u, 0u, ty < KH);
    let left = select((tx - KW) / SX + 1u, 0u, tx < KW);
    return Reach(pixel / (W * H), ty, tx, top, left);
}
