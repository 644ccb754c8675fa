//! The gradient by the input, for one image in inference mode.

use super::data::Changes;
use super::fault::fault;
use super::uniforms::Uniforms;
use super::{GpuEngine, run, transfer};
use crate::base::error::Result;
use crate::engine::step::Source;
use crate::kernels::gpu::pass::Global;
use crate::tensor::target::Target;

impl GpuEngine {
    /// The gradient of `target` by the values of the first training image, shape (height, width, channels). The engine's network is one
    /// that is differentiated by its input ([`Graph::of_input`](crate::network::graph::Graph::of_input)).
    ///
    /// # Errors
    /// [`Error::Engine`](crate::base::error::Error::Engine) if the network is another one, or the device has failed.
    pub async fn input_gradient(&mut self, target: Target) -> Result<Vec<f32>> {
        let (Some(by_input), Some(by_logits)) = self.program.gradients else {
            return Err(fault("the network has not been made to be differentiated by its input"));
        };
        self.device.check()?;
        let data = self.data()?;
        let row = data.row(Source::Train, 0)?;
        self.write(self.global(Global::Rows), &[row]);
        // Not in training, so that dropout and noise do nothing.
        self.number([Uniforms { rows: 1, batch_rows: 1, seed: self.seed, ..bytemuck::Zeroable::zeroed() }].into_iter());
        let load = data.load(Source::Train, Changes::default());
        self.submit(load.chain(&self.forward));
        let last = self.program.tensors[self.lengths.tensors.len() - 1];
        let logits = transfer::read(&self.device, &self.buffers[last], self.lengths.classes).await?;
        self.write(&self.buffers[by_logits], &target.by_logits(&logits));
        // The first pass is the loss, in whose place the target is.
        self.submit(self.backward.iter().skip(1));
        transfer::read(&self.device, &self.buffers[by_input], self.lengths.tensors[0]).await
    }

    fn submit<'a>(&self, dispatches: impl IntoIterator<Item = &'a super::Ready>) {
        let mut encoder = self.device.device.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_bind_group(1, &self.numbers, &[0]);
        run(&mut pass, dispatches);
        drop(pass);
        self.device.queue.submit([encoder.finish()]);
    }
}
