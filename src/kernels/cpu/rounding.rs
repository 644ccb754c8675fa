//! The rounding of a multiply-add. A fused multiply-add rounds once; the portable WebAssembly build (`simd128`) rounds
//! product and sum. A native run can use the portable build's arithmetic, and then gives the same bits as that build.

use std::sync::atomic::{AtomicBool, Ordering};

/// A setting of the whole process: the matrix product is called from many threads, and no run mixes the two.
static PORTABLE: AtomicBool = AtomicBool::new(false);

/// Selects the portable build's arithmetic or the processor's own, for all products that follow.
pub fn set_portable(portable: bool) {
    PORTABLE.store(portable, Ordering::Relaxed);
}

/// Whether products are rounded before the addition.
pub fn is_portable() -> bool {
    PORTABLE.load(Ordering::Relaxed)
}
