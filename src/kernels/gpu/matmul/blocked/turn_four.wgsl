// Four inputs by four outputs of a tap.
fn move_block(tap: u32, place: u32, ci: u32, co: u32) {
    let i = (tap * 4u * C + 4u * ci) * N + co;
    let turn = transpose(mat4x4<f32>(w[i], w[i + N], w[i + 2u * N], w[i + 3u * N]));
    let o = (place * 4u * N + 4u * co) * C + ci;
    turned[o] = turn[0];
    turned[o + C] = turn[1];
    turned[o + 2u * C] = turn[2];
    turned[o + 3u * C] = turn[3];
}
