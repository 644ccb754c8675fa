//! Inference on the GPU.

use super::data::Changes;
use super::uniforms::{STRIDE, Uniforms};
use super::{GpuEngine, run, transfer};
use crate::base::error::Result;
use crate::engine::step::Source;
use crate::kernels::gpu::data as pixels;
use crate::kernels::gpu::pass::Global;
use crate::tensor::transform::Transform;

impl GpuEngine {
    /// Runs inference: the logits of the images at `indices`, `(n, classes)`.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device has failed.
    pub async fn logits(&mut self, source: Source, indices: &[u32]) -> Result<Vec<f32>> {
        self.logits_of_view(source, indices, None).await
    }

    /// The same for images that are all changed in the same way.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device has failed.
    pub async fn logits_of_view(
        &mut self,
        source: Source,
        indices: &[u32],
        view: Option<&Transform>,
    ) -> Result<Vec<f32>> {
        if let Some(view) = view {
            self.write(self.global(Global::Transforms), &vec![pixels::words(view, |_| 0); self.capacity.piece]);
        }
        let mut logits = Vec::with_capacity(indices.len() * self.lengths.classes);
        let most = self.pieces_at_once() * self.capacity.piece;
        for indices in indices.chunks(most.min(self.capacity.rows / self.capacity.piece * self.capacity.piece)) {
            self.submit_inference(source, indices, view.is_some())?;
            let values = indices.len() * self.lengths.classes;
            logits.extend(transfer::collect::<f32>(&self.device, &self.readback[1], values).await?);
        }
        Ok(logits)
    }

    /// The number of micro-batches that one submission may hold.
    fn pieces_at_once(&self) -> usize {
        (self.uniforms.size() as usize / STRIDE).max(1)
    }

    fn submit_inference(&mut self, source: Source, indices: &[u32], is_changed: bool) -> Result<()> {
        self.device.check()?;
        let data = self.data()?;
        let list = indices.iter().map(|&index| data.row(source, index)).collect::<Result<Vec<_>>>()?;
        self.write(self.global(Global::Rows), &list);
        let sizes: Vec<usize> = indices.chunks(self.capacity.piece).map(<[u32]>::len).collect();
        self.number(sizes.iter().enumerate().map(|(piece, &rows)| Uniforms {
            rows: rows as u32,
            batch_rows: indices.len() as u32,
            seed: self.seed,
            first_index: (piece * self.capacity.piece) as u32,
            ..bytemuck::Zeroable::zeroed()
        }));
        let logits = &self.buffers[self.program.tensors[self.lengths.tensors.len() - 1]];
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        for (piece, &rows) in sizes.iter().enumerate() {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_bind_group(1, &self.numbers, &[(piece * STRIDE) as u32]);
            run(&mut pass, data.load(source, Changes { changed: is_changed, ..Changes::default() }).chain(&self.infer));
            drop(pass);
            let row = 4 * self.lengths.classes;
            let to = (piece * self.capacity.piece * row) as u64;
            encoder.copy_buffer_to_buffer(logits, 0, &self.readback[1], to, (rows * row) as u64);
        }
        self.device.queue.submit([encoder.finish()]);
        self.rows = sizes.last().copied().unwrap_or(0);
        Ok(())
    }
}
