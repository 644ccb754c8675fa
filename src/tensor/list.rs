//! Short lists.

use smallvec::SmallVec;

/// A short list that lives on the stack: a layer's inputs, parameters, gradients.
pub type SmallList<T> = SmallVec<[T; 4]>;
