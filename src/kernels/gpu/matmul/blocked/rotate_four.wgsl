// Moves a block of four inputs by four outputs of a tap.
fn move_block(tap: u32, place: u32, ci: u32, co: u32) {
    let i = (tap * 4u * C + 4u * ci) * N + co;
    let block = transpose(mat4x4<f32>(w[i], w[i + N], w[i + 2u * N], w[i + 3u * N]));
    let o = (place * 4u * N + 4u * co) * C + ci;
    rotated[o] = block[0];
    rotated[o + C] = block[1];
    rotated[o + 2u * C] = block[2];
    rotated[o + 3u * C] = block[3];
}
