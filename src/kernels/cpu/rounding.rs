//! How a product and a sum are rounded. Processors with a fused multiply-add round once, the portable WebAssembly build
//! (`simd128`) twice. A native run can take the portable build's arithmetic and then gives that build's bits.

use std::sync::atomic::{AtomicBool, Ordering};

/// Of the whole process: the matrix product is called from many threads and layers, and no run mixes the two.
static PORTABLE: AtomicBool = AtomicBool::new(false);

/// Takes the portable build's arithmetic, or this processor's own, from the next product on.
pub fn set_portable(portable: bool) {
    PORTABLE.store(portable, Ordering::Relaxed);
}

/// Whether products are rounded before they are added.
pub fn is_portable() -> bool {
    PORTABLE.load(Ordering::Relaxed)
}
