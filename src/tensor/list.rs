//! Short lists without heap allocation.

use smallvec::SmallVec;

/// A list that stays on the stack for up to four elements: a layer's inputs, parameters, gradients.
pub type SmallList<T> = SmallVec<[T; 4]>;
