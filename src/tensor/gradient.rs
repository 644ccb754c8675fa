//! Where gradients go.

/// Where a layer's gradient by one of its inputs goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dx {
    /// Nobody needs it.
    None,
    /// Written: this layer is the first to reach that tensor on the way back.
    Write,
    /// Added: another layer wrote it before.
    Add,
}
