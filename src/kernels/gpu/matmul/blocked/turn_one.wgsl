// An input and an output of a tap.
fn move_block(tap: u32, place: u32, ci: u32, co: u32) {
    turned[(place * N + co) * C + ci] = w[(tap * C + ci) * N + co];
}
