//! Reading and replacing the values on the device: parameters, the last gradient, a layer's last output.

use super::fault::fault;
use super::{GpuEngine, Lengths, transfer};
use crate::base::error::Result;
use crate::engine::step::Parameters;
use crate::kernels::gpu::pass::Global;

impl GpuEngine {
    /// All values that training changes.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device has failed.
    pub async fn parameters(&mut self) -> Result<Parameters> {
        let weights = transfer::read(&self.device, self.global(Global::Weights), self.lengths.weights).await?;
        let state = self.global(Global::State);
        let state = transfer::read(&self.device, state, self.lengths.state).await?;
        let lengths = self.slot_lengths();
        let mut values = transfer::read(&self.device, self.global(Global::Slots), lengths.iter().sum()).await?;
        let slots = lengths
            .into_iter()
            .map(|length| {
                let rest = values.split_off(length);
                std::mem::replace(&mut values, rest)
            })
            .collect();
        Ok(Parameters { weights, state, slots })
    }

    /// Replaces all values that training changes by those of the same network and optimiser.
    ///
    /// # Errors
    /// [`Error::Engine`] if their lengths are those of another network or optimiser.
    pub fn set_parameters(&mut self, parameters: &Parameters) -> Result<()> {
        let Parameters { weights, state, slots } = parameters;
        let Lengths { weights: expected, state: expected_state, .. } = self.lengths;
        let fits = weights.len() == expected && state.len() == expected_state;
        let lengths = self.slot_lengths();
        if !fits || !slots.iter().map(Vec::len).eq(lengths.iter().copied()) {
            return Err(fault(format!(
                "parameters of another network or optimiser: expected {expected} weights, {expected_state} moving \
                 statistics and {} slots. Received: {}, {} and {}",
                lengths.len(),
                weights.len(),
                state.len(),
                slots.len()
            )));
        }
        self.write(self.global(Global::Weights), weights);
        self.write(self.global(Global::State), state);
        self.write(self.global(Global::Slots), &slots.concat());
        self.device.check()
    }

    fn slot_lengths(&self) -> Vec<usize> {
        self.optimizer.slot_lengths(self.lengths.weights, self.lengths.state)
    }

    /// The gradient of the last step, flat, after penalties and clipping.
    ///
    /// # Errors
    /// [`Error::Engine`] if the device has failed.
    pub async fn gradients(&mut self) -> Result<Vec<f32>> {
        transfer::read(&self.device, self.global(Global::Gradients), self.lengths.weights).await
    }

    /// The output of layer `node` for the images of the last micro-batch, `(n, …)`.
    ///
    /// # Errors
    /// [`Error::Engine`] if there is no such layer, or the device has failed.
    pub async fn tensor(&mut self, node: usize) -> Result<Vec<f32>> {
        let tensor = node + 1;
        let (Some(&buffer), Some(&length)) = (self.program.tensors.get(tensor), self.lengths.tensors.get(tensor))
        else {
            let count = self.lengths.tensors.len() - 1;
            return Err(fault(format!("there are {count} layers, counted from 0. Received: {node}")));
        };
        transfer::read(&self.device, &self.buffers[buffer], self.rows * length).await
    }
}
