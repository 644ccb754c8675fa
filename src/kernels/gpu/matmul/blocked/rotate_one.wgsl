// Moves the value of one input and one output of a tap.
fn move_block(tap: u32, place: u32, ci: u32, co: u32) {
    rotated[(place * N + co) * C + ci] = w[(tap * C + ci) * N + co];
}
