//! The tuning of kernels: the kind of device, and the sizes of tiles and blocks of a matrix product.

/// The tuning for a kind of device. It is the same on every device of the kind, so that results are reproducible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Whether the GPU is emulated by the CPU: barriers are then expensive, and few invocations are enough.
    pub software: bool,
    /// The number of invocations that fully use the device.
    pub invocations: usize,
    /// The largest tile of a matrix product that fits into its registers.
    pub tile: Tile,
    /// The cost of compiling one unrolled multiply-add, in executed multiply-adds.
    pub compilation: usize,
    /// Overrides the choice of the block of a product, for measurements.
    pub block: Option<Block>,
}

impl Tuning {
    /// For software adapters in a browser (SwiftShader). The cost of compilation is chosen so that it is recovered in
    /// about a hundred steps.
    pub const SOFTWARE: Self = Self {
        software: true,
        invocations: 512,
        tile: Tile { rows: 16, columns: 16 },
        compilation: 100_000,
        block: None,
    };
    /// For software adapters natively (llvmpipe), whose compiler optimises more and takes more than ten times as long.
    pub const NATIVE_SOFTWARE: Self = Self { compilation: 10_000_000, ..Self::SOFTWARE };
    /// For hardware GPUs.
    pub const HARDWARE: Self =
        Self { software: false, invocations: 65_536, tile: Tile { rows: 8, columns: 8 }, compilation: 0, block: None };
}

/// The size of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Rows, a multiple of four.
    pub rows: usize,
    /// Columns, a multiple of four.
    pub columns: usize,
}

/// The block of a product that a workgroup computes, and the tile of it that an invocation computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    /// Rows of the product.
    pub rows: usize,
    /// Columns of the product.
    pub columns: usize,
    /// The tile of an invocation.
    pub tile: Tile,
}
