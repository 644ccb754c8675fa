//! How a layer stores the gradient with respect to an input.

/// How a layer stores the gradient with respect to one of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradientMode {
    /// Not computed: no trainable parameter lies before this input.
    None,
    /// Written: in the backward pass this layer is the first that reaches the tensor.
    Write,
    /// Added: another layer has already written the gradient of this tensor.
    Add,
}
