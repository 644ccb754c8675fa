//! From a graph to buffers and dispatches: everything that the GPU engine allocates and runs, computed and checked
//! without a device.

mod build;
pub mod update;

use crate::kernels::gpu::pass::{Global, Pass};
use crate::kernels::gpu::tuning::Tuning;

/// A buffer to allocate.
#[derive(Debug, Clone)]
pub struct BufferSpec {
    /// The name for errors: `conv2d: output`.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// Whether the size depends on the batch.
    pub per_row: bool,
}

/// A part of a buffer, bound to a shader.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The number of the binding.
    pub number: u32,
    /// An index into [`Program::buffers`]; `None` for [`Global::Images`], which are uploaded later.
    pub buffer: Option<usize>,
    /// The offset of the part, in bytes.
    pub offset: u64,
    /// The length of the part, in bytes.
    pub bytes: u64,
    /// Whether the shader writes to it.
    pub writes: bool,
}

/// A pass with its buffers.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// The name for errors and profiles: `conv2d_1: conv2d forward`.
    pub label: String,
    /// The pass.
    pub pass: Pass,
    /// Its buffers.
    pub bounds: Vec<Bound>,
}

/// The buffers of the whole network. There are so few that a linear search is faster than a hash table.
#[derive(Debug, Default)]
pub struct Globals(Vec<(Global, usize)>);

impl Globals {
    /// The index of a buffer that every network has.
    ///
    /// # Panics
    /// For [`Global::Images`], [`Global::Input`], [`Global::Logits`] and [`Global::Dlogits`], which are found
    /// elsewhere.
    pub fn of(&self, global: Global) -> usize {
        let found = self.0.iter().find(|(other, _)| *other == global);
        found.expect("every network has it").1
    }
}

/// A network as buffers and dispatches for a GPU.
#[derive(Debug)]
pub struct Program {
    /// The buffers to allocate.
    pub buffers: Vec<BufferSpec>,
    /// The dispatches that fill the input from one chunk of images: without and with augmentation; and that which mixes other images
    /// into them, in the extended vocabulary.
    pub load: Vec<Dispatch>,
    /// The forward pass in training, up to the logits.
    pub forward: Vec<Dispatch>,
    /// The forward pass in inference, up to the logits.
    pub infer: Vec<Dispatch>,
    /// The loss and the backward pass.
    pub backward: Vec<Dispatch>,
    /// The update of the weights.
    pub update: Vec<Dispatch>,
    /// The index of each tensor's buffer.
    pub tensors: Vec<usize>,
    /// The indices of the buffers of the gradients by the input, where it is computed, and by the logits.
    #[cfg(feature = "extended")]
    pub gradients: (Option<usize>, Option<usize>),
    /// The buffers of the whole network.
    pub globals: Globals,
    /// The most images per pass.
    pub rows: usize,
}

/// The sizes of the buffers that depend on the batch and the device.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// The number of images per pass: the micro-batch.
    pub piece: usize,
    /// The length of the list of rows (image number and label).
    pub rows: usize,
    /// The number of transforms, one per image of a batch.
    pub transforms: usize,
    /// The number of steps whose metrics the device keeps until they are read.
    pub steps: usize,
}

/// The list of rows holds at least this many, so that inference needs few submissions.
const INFERENCE_ROWS: usize = 4096;

impl Capacity {
    /// The sizes for batches of `batch_size`, cut into micro-batches if a size is given.
    pub fn new(batch_size: usize, micro_batch_size: Option<usize>, device: Tuning) -> Self {
        Self {
            piece: micro_batch_size.unwrap_or(batch_size).min(batch_size),
            rows: batch_size.max(INFERENCE_ROWS),
            transforms: batch_size,
            // A pause takes effect when the submitted steps are done, and on a software adapter steps are slow.
            steps: if device.software { 8 } else { 32 },
        }
    }
}

impl Program {
    /// All dispatches.
    pub fn dispatches(&self) -> impl Iterator<Item = &Dispatch> {
        self.load.iter().chain(&self.forward).chain(&self.infer).chain(&self.backward).chain(&self.update)
    }

    /// The message for a device out of memory: how much is needed, and what reduces it. WebGPU does not tell how much
    /// memory a device has.
    pub fn wanted(&self) -> String {
        let total: u64 = self.buffers.iter().map(|buffer| buffer.bytes).sum();
        let largest = self.buffers.iter().max_by_key(|buffer| buffer.bytes);
        let (name, bytes) = largest.map_or(("", 0), |buffer| (&buffer.name, buffer.bytes));
        let advice = match self.rows {
            0 | 1 => "make the network smaller".to_string(),
            rows => format!("set batch_size or micro_batch_size to {} or less", rows / 2),
        };
        let rows = self.rows;
        format!(
            "{rows} images at a time need {total} bytes, {bytes} of them for {name}; {advice}, or close other programs"
        )
    }

    /// Checks that no buffer exceeds `most` bytes and no grid WebGPU's 65 535 workgroups per axis.
    ///
    /// # Errors
    /// A message that names the first buffer or grid that does not fit, and a batch size that would.
    pub fn check(&self, most: u64) -> Result<(), String> {
        if let Some(buffer) = self.buffers.iter().find(|buffer| buffer.bytes > most) {
            let rows = self.rows as u64;
            let fits = rows * most / buffer.bytes;
            let advice = match fits {
                _ if !buffer.per_row => "the network is too large for this device; make it smaller".to_string(),
                0 => "one image alone is too large for this device; make the images or the layer smaller".to_string(),
                fits => format!("set batch_size or micro_batch_size to {fits} or less. Received: {rows}"),
            };
            let (name, bytes) = (&buffer.name, buffer.bytes);
            return Err(format!("{name} needs {bytes} bytes, and this device allows {most} for one buffer; {advice}"));
        }
        match self.dispatches().find(|dispatch| dispatch.pass.grid.iter().any(|&groups| groups > 65_535)) {
            Some(Dispatch { label, pass, .. }) => Err(format!(
                "{label} needs a grid of {:?} workgroups, and WebGPU allows 65535 along an axis; make the layer or the batch \
                 smaller",
                pass.grid
            )),
            None => Ok(()),
        }
    }
}
