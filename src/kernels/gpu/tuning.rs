//! What kernels are tuned by: the kind of device, and the sizes of tiles and blocks of a matrix product.

/// What a device likes; the same on every device of a kind, so that its results repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// A GPU emulated by the CPU: barriers are expensive, a few threads are enough.
    pub software: bool,
    /// Invocations that keep it busy.
    pub invocations: usize,
    /// The largest tile of a matrix product that fits its registers.
    pub tile: Tile,
    /// What compiling a product that is written out costs, in products that are run.
    pub compilation: usize,
    /// The block of every product, in place of the one that is reckoned best: to measure.
    pub block: Option<Block>,
}

impl Tuning {
    /// For adapters that run on the CPU, in a browser (SwiftShader): a hundred steps should make good for the compiler's
    /// time.
    pub const SOFTWARE: Self = Self {
        software: true,
        invocations: 512,
        tile: Tile { rows: 16, columns: 16 },
        compilation: 100_000,
        block: None,
    };
    /// The same outside of browsers (llvmpipe), whose compiler optimises more and takes ten times as long and more.
    pub const NATIVE_SOFTWARE: Self = Self { compilation: 10_000_000, ..Self::SOFTWARE };
    /// For real GPUs.
    pub const HARDWARE: Self =
        Self { software: false, invocations: 65_536, tile: Tile { rows: 8, columns: 8 }, compilation: 0, block: None };
}

/// A tile's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Its rows, a multiple of four.
    pub rows: usize,
    /// Its columns, a multiple of four.
    pub columns: usize,
}

/// A workgroup's block of a product, and an invocation's tile of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    /// Rows of the product.
    pub rows: usize,
    /// Columns of the product.
    pub columns: usize,
    /// An invocation's part.
    pub tile: Tile,
}
