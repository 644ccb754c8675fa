//! Inference on the CPU.

use super::{CpuEngine, for_each};
use crate::engine::step::{ImageSets, Source, Step};
use crate::layers::layer::Element;

impl<T: Element> CpuEngine<T> {
    /// Runs inference: the logits of the images at `indices`, `(n, classes)`.
    pub fn logits(&mut self, sets: ImageSets, source: Source, indices: &[u32]) -> Vec<T> {
        let images = match source {
            Source::Train => sets.train,
            Source::Test => sets.test,
        };
        let mut lanes = std::mem::take(&mut self.lanes);
        let step = Step { indices, transforms: &[], step: 0, learning_rate: 0.0 };
        let shared = self.shared(sets, step, 0, indices.len());
        let classes = self.graph.classes();
        let mut logits = vec![T::zero(); indices.len() * classes];
        let share = indices.len().div_ceil(lanes.len()).max(1);
        let work = lanes.iter_mut().zip(indices.chunks(share)).zip(logits.chunks_mut(share * classes));
        for_each(&mut work.collect::<Vec<_>>(), |((lane, indices), out)| {
            let capacity = lane.capacity();
            for (indices, out) in indices.chunks(capacity).zip(out.chunks_mut(capacity * classes)) {
                out.copy_from_slice(lane.infer(&shared, images, indices));
            }
        });
        self.lanes = lanes;
        logits
    }

    /// The values of a tensor after the last inference: tensor 0 is the input, `i + 1` the output of layer `i`.
    pub fn tensor(&self, tensor: usize) -> &[T] {
        self.lanes[0].tensor(tensor)
    }
}
